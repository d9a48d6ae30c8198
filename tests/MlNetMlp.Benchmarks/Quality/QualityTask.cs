namespace MlNetMlp.Benchmarks.Quality;

/// <summary>What a set asks for.</summary>
internal enum QualityTask
{
    /// <summary>A number, judged by the root of the mean squared error.</summary>
    Regression,

    /// <summary>One of two classes, judged by the log-loss.</summary>
    Binary,

    /// <summary>One of several classes, judged by the log-loss.</summary>
    Multiclass,
}
