namespace MlNetMlp.Search;

/// <summary>The results of one search, kept in the storage of the cluster until the search is complete.</summary>
[Alias("MlNetMlp.Search")]
internal interface ISearchGrain : IGrainWithStringKey
{
    /// <summary>The training runs that have ended.</summary>
    [Alias("Ended")]
    Task<EndedTraining[]> Ended();

    /// <summary>Keeps a result.</summary>
    [Alias("Keep")]
    Task Keep(EndedTraining ended);

    /// <summary>Deletes all results.</summary>
    [Alias("Forget")]
    Task Forget();
}
