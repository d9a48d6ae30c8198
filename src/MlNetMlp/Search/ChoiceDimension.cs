using System.Globalization;
using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>One of some values.</summary>
internal sealed class ChoiceDimension<TOptions, T> : Dimension<TOptions>
{
    private readonly string _name;
    private readonly SearchPoint<TOptions>[] _points;

    public ChoiceDimension(string name, IReadOnlyList<T> values, Func<TOptions, T, TOptions> apply, Func<T, string>? describe)
    {
        _name = CheckName(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        if (values.Count == 0)
        {
            throw new ArgumentException($"The dimension '{name}' has no values to choose from.", nameof(values));
        }

        _points = [.. values.Select((value, place) => new SearchPoint<TOptions>(
            [new SearchValue(name, value, describe?.Invoke(value) ?? Text(value)) { Position = place }], options => apply(options, value)))];
    }

    public override IEnumerable<string> Names => [_name];

    public override SearchPoint<TOptions> Draw(SearchRandom random) => _points[random.Below(_points.Length)];

    public override SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random) =>
        _points[evidence.Propose(_name, _points.Length, random)];

    public override BigInteger GridSize(int points) => _points.Length;

    public override SearchPoint<TOptions> GridPoint(int index, int points) => _points[index];

    private static string Text(T value) => value is null ? "none" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
