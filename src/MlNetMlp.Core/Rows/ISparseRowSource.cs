namespace MlNetMlp.Networks;

/// <summary>Rows that can be read without their zeros. A training on such rows never makes them dense; see <see cref="SparseRows"/>.</summary>
public interface ISparseRowSource : IRowSource
{
    /// <summary>False for a source that passes on what it is given by another one, and was given dense rows. Default true.</summary>
    bool IsSparse => true;

    /// <summary>Appends rows, in the order asked for.</summary>
    /// <param name="rows">Their numbers, 0 to <see cref="IRowSource.Count"/> - 1.</param>
    /// <param name="features">Receives the features; what it holds already stays.</param>
    /// <param name="targets">Receives [rows, <see cref="IRowSource.TargetCount"/>].</param>
    /// <param name="weights">Receives [rows]; at least 0.</param>
    void Gather(ReadOnlySpan<int> rows, SparseFeatures features, Span<float> targets, Span<float> weights);
}
