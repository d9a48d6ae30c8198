using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Leaves a product as it is.</summary>
internal readonly struct NoEpilogue : IEpilogue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(Span<float> values, int row, int column)
    {
    }
}
