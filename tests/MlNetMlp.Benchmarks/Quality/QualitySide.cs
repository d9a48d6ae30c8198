namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Somebody who learns: a trainer with its options.</summary>
internal abstract class QualitySide
{
    /// <summary>The side that all others are compared with.</summary>
    public const string Reference = "LightGBM";

    public abstract string Name { get; }

    /// <summary>Of one of ours, the code and the options that it stands for: results of others say nothing about it. Null: it never changes.</summary>
    public virtual string? Code => null;

    /// <summary>Whether it takes part in a set.</summary>
    public virtual bool Takes(QualitySet set) => true;

    /// <summary>Learns from the training rows and scores the test rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">Of all its random numbers.</param>
    /// <param name="threads">How many threads it may use; null: as it likes.</param>
    /// <param name="alone">Whether nothing else runs in this process meanwhile.</param>
    public abstract Predicted Run(PreparedRows rows, int seed, int? threads, bool alone);
}
