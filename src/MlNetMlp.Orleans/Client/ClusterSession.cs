using System.Collections.Concurrent;
using Orleans.Runtime;

namespace MlNetMlp.Search;

/// <summary>The training runs of a search on a cluster: each silo is given as many as it can take, and those that it had when it died go to others.</summary>
/// <param name="client">The cluster.</param>
/// <param name="requests">The training runs as requests.</param>
/// <param name="content">The rows; disposed of with the session.</param>
/// <param name="search">What the search is known by.</param>
/// <param name="finder">Finds its silos.</param>
/// <param name="patience">How long silos may be out of reach.</param>
internal sealed class ClusterSession(
    IClusterClient client, TrainingRequests requests, ContentStore content, string search, SiloFinder finder, TimeSpan patience) : TrainingSession
{
    private const int MostAtOnce = 1000;

    private static readonly TimeSpan _silosPeriod = TimeSpan.FromMilliseconds(500), _longestLook = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ClusterTraining> _trainings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WorkerPump> _pumps = new(StringComparer.Ordinal);
    private readonly TrainingQueue _queue = new();
    private Dictionary<string, byte[]> _ended = [];
    private Task _watching = Task.CompletedTask;
    private Exception? _lastProblem;
    private TrainingRunnerException? _failure;
    private int _count;

    public override int AtOnce => MostAtOnce;

    public override bool IsOnThreadOfCaller => false;

    private ISearchGrain Search => client.GetGrain<ISearchGrain>(search);

    /// <summary>Finds the silos, and the results of an earlier client.</summary>
    /// <exception cref="TrainingRunnerException">There is no silo that trains, or one has another version.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DateTime begun = DateTime.UtcNow;
        for (bool isConnected = false; !isConnected;)
        {
            try
            {
                await FindSilos().WaitAsync(cancellationToken).ConfigureAwait(false);
                EndedTraining[] ended = await Search.Ended().WaitAsync(cancellationToken).ConfigureAwait(false);
                _ended = ended.ToDictionary(one => one.Training, one => one.Answer!, StringComparer.Ordinal);
                isConnected = true;
            }
            catch (Exception exception) when (
                exception is OrleansMessageRejectionException or TimeoutException && DateTime.UtcNow - begun < patience)
            {
                // A silo that has just died had the grain; the cluster finds out and makes it anew.
                await Task.Delay(_silosPeriod, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not (TrainingRunnerException or OperationCanceledException))
            {
                throw new TrainingRunnerException($"The search cannot start on the cluster: {exception.Message}", exception);
            }
        }

        if (_pumps.IsEmpty)
        {
            throw new TrainingRunnerException("No silo of the cluster trains; build them with AddMlpTraining().", finder.LastProblem);
        }

        _watching = Watch();
    }

    public override async Task<FoldScore> Train(MlpTrainerOptions options, int fold, IReadOnlyList<double>? limits)
    {
        byte[] request = requests.Of(options, fold, limits);
        string name = RemoteFormats.NameOf(request);
        TrainingAnswer answer;
        if (_ended.TryGetValue(name, out byte[]? kept))
        {
            answer = TrainingAnswer.Read(kept);
        }
        else
        {
            // Two trials may be the same point.
            var training = new ClusterTraining(Interlocked.Increment(ref _count), name, request);
            ClusterTraining first = _trainings.GetOrAdd(name, training);
            if (first == training)
            {
                _queue.Add(training);
            }

            if (Volatile.Read(ref _failure) is { } failure)
            {
                throw failure;
            }

            answer = await first.Answer.WaitAsync(options.CancellationToken).ConfigureAwait(false);
        }

        return answer.Score ?? throw new InvalidOperationException(answer.Error);
    }

    public override void Complete() => Quietly(() => Search.Forget());

    /// <summary>Ends what still runs, on all silos.</summary>
    public override void Dispose()
    {
        _stop.Cancel();
        Quietly(() => Task.WhenAll(_pumps.Values.Select(pump => pump.Ending).Append(_watching)));
        foreach (WorkerPump pump in _pumps.Values)
        {
            pump.Dispose();
        }

        _queue.Dispose();
        _stop.Dispose();
        content.Dispose();
    }

    /// <summary>What the result no longer depends on.</summary>
    private static void Quietly(Func<Task> action)
    {
        try
        {
            Task.Run(action).Wait(TimeSpan.FromSeconds(5));
        }
        catch (AggregateException)
        {
            // A silo that cannot be reached is no reason to lose the results.
        }
    }

    /// <summary>Looks for silos that come and go, until the session ends.</summary>
    private async Task Watch()
    {
        DateTime lastSeen = DateTime.UtcNow;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FindSilos().WaitAsync(_longestLook, _stop.Token).ConfigureAwait(false);
                if (!_pumps.IsEmpty && _pumps.Values.All(pump => pump.Refusal is not null))
                {
                    throw _pumps.Values.First().Refusal!;
                }
            }
            catch (TrainingRunnerException exception)
            {
                FailAll(exception);
                return;
            }
            catch (Exception exception)
            {
                // The gateway may have gone; there are others, or it comes back.
                _lastProblem = exception;
            }

            lastSeen = _pumps.Values.Any(pump => pump.IsInTouch) ? DateTime.UtcNow : lastSeen;
            if (DateTime.UtcNow - lastSeen > patience)
            {
                FailAll(new TrainingRunnerException(FormattableString.Invariant(
                    $"No silo of the cluster could be reached for {patience.TotalSeconds:0} seconds. Finished trials are kept: start the search again."),
                    _pumps.Values.Select(pump => pump.Refusal ?? pump.LastProblem).FirstOrDefault(problem => problem is not null)
                        ?? _lastProblem ?? finder.LastProblem));
                return;
            }

            await Task.Delay(_silosPeriod, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FindSilos()
    {
        IReadOnlyCollection<SiloAddress> silos = await finder.Active().ConfigureAwait(false);
        foreach ((string key, WorkerPump pump) in _pumps)
        {
            bool isActive = silos.Any(silo => silo.ToParsableString() == key);
            if (!isActive)
            {
                pump.Lose();
            }

            // One that can keep no rows would be asked again.
            if (pump.Ending.IsCompleted && !(isActive && pump.Refusal is not null))
            {
                _pumps.TryRemove(key, out _);
                pump.Dispose();
            }
        }

        foreach (SiloAddress silo in silos)
        {
            string key = silo.ToParsableString();
            if (!_pumps.ContainsKey(key) && await finder.Describe(silo).ConfigureAwait(false) is { } description)
            {
                _pumps.TryAdd(key, new WorkerPump(client, silo, description.TrainingsAtOnce, search, content, _queue, patience, _stop.Token));
            }
        }
    }

    private void FailAll(TrainingRunnerException exception)
    {
        Volatile.Write(ref _failure, exception);
        foreach (ClusterTraining training in _trainings.Values)
        {
            training.Fail(exception);
        }
    }
}
