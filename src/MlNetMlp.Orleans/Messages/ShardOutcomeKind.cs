namespace MlNetMlp.Search;

/// <summary>How an operation can end.</summary>
internal enum ShardOutcomeKind
{
    /// <summary>As it should.</summary>
    Done,

    /// <summary>Another silo is out of reach: with other silos it may come to its end.</summary>
    Lost,

    /// <summary>The training diverged.</summary>
    Diverged,

    /// <summary>It would fail again.</summary>
    Failed,
}
