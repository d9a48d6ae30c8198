namespace MlNetMlp.Search;

/// <summary>The training runs of one silo; the key is a <see cref="SiloKey"/>. Content and training runs are known by the checksums of their bytes.</summary>
[Alias("MlNetMlp.Worker")]
internal interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>What the silo is, and what it can do.</summary>
    [Alias("Describe")]
    Task<WorkerDescription> Describe();

    /// <summary>Starts a training run, or puts it into the queue; one that is there already is not started again.</summary>
    /// <param name="search">The search that it belongs to.</param>
    /// <param name="request">A <see cref="TrainingRequest"/>.</param>
    /// <returns>The content that is missing; none: the training run is there.</returns>
    [Alias("Start")]
    Task<string[]> Start(string search, byte[] request);

    /// <summary>Begins to pass over the rows of a training before its first epoch, if it is not begun yet.</summary>
    /// <param name="name">What it is known by.</param>
    /// <param name="job">A <see cref="SetupJob"/>.</param>
    [Alias("Prepare")]
    Task Prepare(string name, byte[] job);

    /// <summary>The same for a question that only takes one pass.</summary>
    /// <param name="name">What it is known by.</param>
    /// <param name="question">A <see cref="RowQuestion"/>.</param>
    [Alias("Ask")]
    Task Ask(string name, byte[] question);

    /// <summary>Waits until that is done, or for a while; null: it is not yet done.</summary>
    [Alias("Prepared")]
    Task<SetupAnswer?> Prepared(string name, TimeSpan atMost);

    /// <summary>Ends that, if it is not yet done, and forgets it.</summary>
    [Alias("ForgetPrepared")]
    Task ForgetPrepared(string name);

    /// <summary>Keeps content.</summary>
    [Alias("Store")]
    Task Store(byte[] content);

    /// <summary>Waits until one of some training runs has ended, or for a while.</summary>
    /// <returns>Those that have ended, or are not known.</returns>
    [Alias("Wait")]
    Task<EndedTraining[]> Wait(string[] trainings, TimeSpan atMost);

    /// <summary>Ends training runs, if they have not yet ended, and forgets them.</summary>
    [Alias("Release")]
    Task Release(string[] trainings);
}
