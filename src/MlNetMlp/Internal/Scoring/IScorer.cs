namespace MlNetMlp.Internal;

/// <summary>What is computed for a row that columns read from. Used by any number of threads.</summary>
internal interface IScorer
{
    /// <summary>The number of values of a row.</summary>
    int Width { get; }

    /// <summary>Computes the values [rows, <see cref="Width"/>] from the features [rows, inputs].</summary>
    /// <exception cref="InvalidFeatureException">A feature is refused.</exception>
    void Score(ReadOnlySpan<float> features, Span<float> values, int rows);
}
