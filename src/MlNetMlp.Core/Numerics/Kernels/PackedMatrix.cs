using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>A right operand <c>[Rows, Columns]</c> that is laid out once for many products, as in scoring.</summary>
/// <remarks>
/// Immutable, so any number of threads may use it. The layout fits the kernels that were in use when it was made, and products
/// with it go on using those.
/// </remarks>
internal sealed unsafe class PackedMatrix
{
    private readonly AlignedBuffer _panels;

    /// <summary>Copies <paramref name="right"/>.</summary>
    public PackedMatrix(ReadOnlyMatrixSpan right)
    {
        Rows = right.Rows;
        Columns = right.Columns;
        Kernel = InstructionSet.Active;
        _panels = Kernel switch
        {
            KernelSet.Avx512 => Packing<Avx512Lanes, Vector512<float>>.Whole(right),
            KernelSet.Avx2 => Packing<Avx2Lanes, Vector256<float>>.Whole(right),
            _ => Packing<PortableLanes, Vector128<float>>.Whole(right),
        };
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The kernels that can read this layout.</summary>
    internal KernelSet Kernel { get; }

    /// <summary>The panels, for as long as this object is reachable.</summary>
    internal float* Pointer => _panels.Pointer;

    /// <summary>The size of the largest element.</summary>
    public float LargestMagnitude => Math.Abs(TensorPrimitives.MaxMagnitude<float>(_panels.Span));

    /// <summary>The matrix as it was given, row after row; for writing it down, not for products.</summary>
    public float[] Unpack()
    {
        int width = Kernel switch
        {
            KernelSet.Avx512 => TileKernel<Avx512Lanes, Vector512<float>>.TileColumns,
            KernelSet.Avx2 => TileKernel<Avx2Lanes, Vector256<float>>.TileColumns,
            _ => TileKernel<PortableLanes, Vector128<float>>.TileColumns,
        };
        float[] values = new float[checked(Rows * Columns)];
        ReadOnlySpan<float> line = _panels.Span;
        for (int column = 0; column < Columns; column += width)
        {
            int columns = Math.Min(width, Columns - column);
            for (int row = 0; row < Rows; row++, line = line[width..])
            {
                line[..columns].CopyTo(values.AsSpan(row * Columns + column));
            }
        }

        return values;
    }
}
