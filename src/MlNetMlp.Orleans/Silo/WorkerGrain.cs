using Orleans.Concurrency;
using Orleans.Runtime;

namespace MlNetMlp.Search;

/// <inheritdoc/>
[Reentrant]
internal sealed class WorkerGrain(SiloTrainings trainings, ILocalSiloDetails silo) : Grain, IWorkerGrain
{
    public Task<WorkerDescription> Describe() =>
        Task.FromResult(new WorkerDescription(silo.SiloAddress.ToParsableString(), trainings.Version, trainings.AtOnce));

    public Task<string[]> Start(string search, byte[] request)
    {
        CheckPlace();
        return Task.FromResult(trainings.Start(search, request));
    }

    public Task Store(byte[] content)
    {
        CheckPlace();
        trainings.Store(content);
        return Task.CompletedTask;
    }

    public Task<EndedTraining[]> Wait(string[] names, TimeSpan atMost)
    {
        CheckPlace();
        return trainings.Wait(names, atMost);
    }

    public Task Release(string[] names)
    {
        trainings.Release(names);
        return Task.CompletedTask;
    }

    /// <summary>A call to a silo that is no more ends up on another one.</summary>
    private void CheckPlace()
    {
        if (this.GetPrimaryKeyString() != silo.SiloAddress.ToParsableString())
        {
            DeactivateOnIdle();
            throw new InvalidOperationException($"The silo {this.GetPrimaryKeyString()} is no more; this is {silo.SiloAddress.ToParsableString()}.");
        }
    }
}
