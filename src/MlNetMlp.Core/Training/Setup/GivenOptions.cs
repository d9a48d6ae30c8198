using System.Collections.Immutable;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The names of the options that were set, whatever to: what chooses the others leaves them alone. It is no option itself, so all are equal.</summary>
internal readonly struct GivenOptions : ISettings, IEquatable<GivenOptions>
{
    private readonly ImmutableHashSet<string>? _names;

    private GivenOptions(ImmutableHashSet<string> names) => _names = names;

    public bool Contains(string name) => _names?.Contains(name) == true;

    public GivenOptions With(string name) => new((_names ?? []).Add(name));

    public bool Equals(GivenOptions other) => true;

    public override bool Equals(object? other) => other is GivenOptions;

    public override int GetHashCode() => 0;
}
