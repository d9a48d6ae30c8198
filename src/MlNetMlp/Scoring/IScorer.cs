namespace MlNetMlp;

/// <summary>What is computed for a row that columns read from. Used by any number of threads.</summary>
internal interface IScorer
{
    /// <summary>The number of values of a row.</summary>
    int Width { get; }

    /// <summary>About how many multiplications a row takes.</summary>
    long Work { get; }

    /// <summary>Whether sparse rows cost less than dense ones.</summary>
    bool TakesSparse { get; }

    /// <summary>Computes the values [rows, <see cref="Width"/>] of sparse rows: the same as of dense ones.</summary>
    /// <exception cref="InvalidFeatureException">A feature is refused.</exception>
    /// <exception cref="NotSupportedException">The scorer does not take sparse rows.</exception>
    void Score(SparseFeatures features, Span<float> values);

    /// <summary>Computes the values [rows, <see cref="Width"/>] from the features [rows, inputs].</summary>
    /// <exception cref="InvalidFeatureException">A feature is refused.</exception>
    void Score(ReadOnlySpan<float> features, Span<float> values, int rows);
}
