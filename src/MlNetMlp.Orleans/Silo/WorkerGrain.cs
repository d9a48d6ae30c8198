using Orleans.Concurrency;
using Orleans.Runtime;

namespace MlNetMlp.Search;

/// <inheritdoc/>
[Reentrant]
internal sealed class WorkerGrain(SiloTrainings trainings, SiloSetups setups, ILocalSiloDetails silo) : SiloGrain(silo), IWorkerGrain
{
    public Task<WorkerDescription> Describe()
    {
        CheckPlace();
        return Task.FromResult(new WorkerDescription(Silo, trainings.Version, trainings.AtOnce));
    }

    public Task<string[]> Start(string search, byte[] request)
    {
        CheckPlace();
        return Task.FromResult(trainings.Start(search, request));
    }

    public Task Prepare(string name, byte[] job)
    {
        CheckPlace();
        setups.Begin(name, SetupJob.Read(job));
        return Task.CompletedTask;
    }

    public Task Ask(string name, byte[] question)
    {
        CheckPlace();
        setups.Begin(name, RowQuestion.Read(question));
        return Task.CompletedTask;
    }

    public Task<SetupAnswer?> Prepared(string name, TimeSpan atMost)
    {
        CheckPlace();
        return setups.Wait(name, atMost);
    }

    public Task ForgetPrepared(string name)
    {
        CheckPlace();
        setups.Forget(name);
        return Task.CompletedTask;
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
        CheckPlace();
        trainings.Release(names);
        return Task.CompletedTask;
    }
}
