namespace MlNetMlp.Search;

/// <summary>
/// The part that one silo has in a training whose mini-batches are shared: see <see cref="MlpTrainingOptions.Shards"/>. The key is a <see cref="SiloKey"/>;
/// every attempt has grains of its own. A training
/// is known by a name; every time that its silos become others it has another attempt, and what is said of an earlier one is refused.
/// </summary>
[Alias("MlNetMlp.Shards")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Begins an attempt, and ends the one before.</summary>
    /// <param name="job">A <see cref="ShardJob"/>.</param>
    /// <returns>The content that is missing; none: the attempt has begun.</returns>
    [Alias("Join")]
    Task<string[]> Join(byte[] job);

    /// <summary>Keeps content.</summary>
    [Alias("Store")]
    Task Store(byte[] content);

    /// <summary>Begins to do something.</summary>
    [Alias("Begin")]
    Task Begin(string training, int attempt, ShardOperation operation);

    /// <summary>Waits until that is done, or for a while; null: it is not yet done.</summary>
    [Alias("Wait")]
    Task<ShardOutcome?> Wait(string training, int attempt, TimeSpan atMost);

    /// <summary>Some elements of a buffer of the training's state.</summary>
    [Alias("Read")]
    Task<byte[]> Read(string training, int attempt, int buffer, int first, int count);

    /// <summary>Overwrites some elements of a buffer of the training's state.</summary>
    [Alias("Write")]
    Task Write(string training, int attempt, int buffer, int first, byte[] values);

    /// <summary>Receives what another silo has for this one.</summary>
    [Alias("Put")]
    Task Put(string training, int attempt, ShardMessage message);

    /// <summary>Asks all silos of the training to stop after the same step.</summary>
    [Alias("Stop")]
    Task Stop(string training, int attempt);

    /// <summary>Ends the training here, and forgets it.</summary>
    [Alias("Release")]
    Task Release(string training);
}
