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
}
