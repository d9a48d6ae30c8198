using System.Collections.ObjectModel;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Hidden layers as a value: a copy of what was given, compared layer by layer, and readable where options are printed.</summary>
internal sealed class HiddenLayerList : ReadOnlyCollection<HiddenLayer>
{
    /// <param name="layers">The layers.</param>
    /// <param name="name">The option that has them, for messages.</param>
    /// <exception cref="ArgumentNullException">The list or one of its entries is null.</exception>
    public HiddenLayerList(IEnumerable<HiddenLayer> layers, string name)
        : base([.. Require.NotNull(layers, name).Select(layer => Require.NotNull(layer, name))])
    {
    }

    public override bool Equals(object? obj) => obj is HiddenLayerList other && this.SequenceEqual(other);

    public override int GetHashCode() => this.Aggregate(Count, HashCode.Combine);

    /// <summary>The numbers of units, for example <c>[128, 128]</c>; a layer with other settings than the defaults is written in parentheses.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", this.Select(layer => layer == new HiddenLayer(layer.Units) ? $"{layer.Units}" : $"({layer})"))}]";
}
