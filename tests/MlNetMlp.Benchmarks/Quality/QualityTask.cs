namespace MlNetMlp.Benchmarks.Quality;

/// <summary>What a set asks for.</summary>
internal enum QualityTask
{
    /// <summary>A number, compared by the root of the mean squared error.</summary>
    Regression,

    /// <summary>One of two classes, compared by the log-loss.</summary>
    Binary,

    /// <summary>One of several classes, compared by the log-loss.</summary>
    Multiclass,
}
