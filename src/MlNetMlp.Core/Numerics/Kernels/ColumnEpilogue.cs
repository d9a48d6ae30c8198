using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The epilogue of a product whose only column is computed as a row: it sees a column again.</summary>
internal readonly struct ColumnEpilogue<TEpilogue>(TEpilogue inner) : IEpilogue
    where TEpilogue : struct, IEpilogue
{
    private readonly TEpilogue _inner = inner;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(Span<float> values, int row, int column)
    {
        TEpilogue epilogue = _inner;
        epilogue.Apply(values, column, 0);
    }
}
