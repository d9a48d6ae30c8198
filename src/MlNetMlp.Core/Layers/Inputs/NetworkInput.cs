using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A block of rows on its way into a network: dense [rows, inputs], or sparse.</summary>
internal readonly ref struct NetworkInput
{
    private NetworkInput(ReadOnlyMatrixSpan dense, SparseFeatures? sparse)
    {
        Dense = dense;
        Sparse = sparse;
    }

    /// <summary>The number of rows.</summary>
    public int Rows => Dense.Rows;

    /// <summary>The rows if they are dense; else as many without columns.</summary>
    public ReadOnlyMatrixSpan Dense { get; }

    /// <summary>The rows if they are sparse; else null.</summary>
    public SparseFeatures? Sparse { get; }

    public static implicit operator NetworkInput(ReadOnlyMatrixSpan rows) => new(rows, null);

    public static implicit operator NetworkInput(MatrixSpan rows) => new(rows, null);

    public static implicit operator NetworkInput(SparseFeatures rows) => new(new ReadOnlyMatrixSpan([], rows.Rows, 0), rows);
}
