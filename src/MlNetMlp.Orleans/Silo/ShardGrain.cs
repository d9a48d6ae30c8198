using Orleans.Concurrency;
using Orleans.Runtime;

namespace MlNetMlp.Search;

/// <inheritdoc/>
[Reentrant]
internal sealed class ShardGrain(SiloShards shards, ILocalSiloDetails silo) : SiloGrain(silo), IShardGrain
{
    public Task<string[]> Join(byte[] job)
    {
        CheckPlace();
        return Task.FromResult(shards.Join(job));
    }

    public Task Store(byte[] content)
    {
        CheckPlace();
        shards.Store(content);
        return Task.CompletedTask;
    }

    public Task Begin(string training, int attempt, ShardOperation operation)
    {
        Worker(training, attempt).Begin(operation);
        return Task.CompletedTask;
    }

    public Task<ShardOutcome?> Wait(string training, int attempt, TimeSpan atMost) => Worker(training, attempt).Wait(atMost);

    public Task<byte[]> Read(string training, int attempt, int buffer, int first, int count) =>
        Task.FromResult(Worker(training, attempt).Read(buffer, first, count));

    public Task Write(string training, int attempt, int buffer, int first, byte[] values)
    {
        Worker(training, attempt).Write(buffer, first, values);
        return Task.CompletedTask;
    }

    public Task Put(string training, int attempt, ShardMessage message)
    {
        CheckPlace();
        shards.Of(training, attempt).Put(message);
        return Task.CompletedTask;
    }

    public Task Stop(string training, int attempt)
    {
        Worker(training, attempt).Stop();
        return Task.CompletedTask;
    }

    public Task Release(string training)
    {
        CheckPlace();
        shards.Release(training);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private ShardWorker Worker(string training, int attempt)
    {
        CheckPlace();
        ShardWorker worker = shards.Of(training, attempt);
        worker.Touch();
        return worker;
    }
}
