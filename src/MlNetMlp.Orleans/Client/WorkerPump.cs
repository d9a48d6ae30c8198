using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>Keeps one silo supplied with training runs, until the session ends, or the silo is no more or cannot keep rows.</summary>
internal sealed class WorkerPump : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromMilliseconds(200);

    /// <summary>A question that takes so long is lost with a silo that knew where the grain is.</summary>
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(10);

    private readonly IClusterClient _client;
    private readonly SiloAddress _silo;
    private readonly int _atOnce;
    private readonly string _search;
    private readonly ContentStore _content;
    private readonly TrainingQueue _queue;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _gone;
    private readonly Dictionary<string, ClusterTraining> _mine = new(StringComparer.Ordinal);
    private IWorkerGrain _worker;
    private long _lastContact = Environment.TickCount64;

    /// <param name="client">The cluster.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="atOnce">The number of training runs that it can do at the same time.</param>
    /// <param name="search">The search that they belong to.</param>
    /// <param name="content">The rows.</param>
    /// <param name="queue">The training runs that wait.</param>
    /// <param name="patience">How long the silo may be out of reach before its training runs go to others.</param>
    /// <param name="stop">Ends the session.</param>
    public WorkerPump(
        IClusterClient client, SiloAddress silo, int atOnce, string search, ContentStore content, TrainingQueue queue, TimeSpan patience,
        CancellationToken stop)
    {
        (_client, _silo, _atOnce, _search, _content, _queue, _patience, _stop) = (client, silo, atOnce, search, content, queue, patience, stop);
        _worker = FindWorker();
        _gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Ending = Task.Run(Run, CancellationToken.None);
    }

    /// <summary>Whether the silo can be reached.</summary>
    public bool IsInTouch => !Ending.IsCompleted && SinceContact < 5 * _longest;

    /// <summary>Completed once the silo has nothing more to do for the session.</summary>
    public Task Ending { get; }

    /// <summary>Told that the cluster has lost the silo: no answer is waited for any longer.</summary>
    public void Lose() => _gone.Cancel();

    public void Dispose() => _gone.Dispose();

    /// <summary>Why the silo could not be reached the last time; null: it could be.</summary>
    public Exception? LastProblem { get; private set; }

    /// <summary>Why the silo can keep no rows, and gets no more training runs; null: it can.</summary>
    public TrainingRunnerException? Refusal { get; private set; }

    private TimeSpan SinceContact => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastContact));

    private IWorkerGrain FindWorker() => _client.GetGrain<IWorkerGrain>(SiloKey.Of(_silo.ToParsableString(), SiloKey.NewName()));

    private async Task Run()
    {
        // Whenever the grain of the silo has to be made anew, it is on that silo.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, _silo);
        while (Refusal is null && !_gone.IsCancellationRequested && SinceContact < _patience)
        {
            try
            {
                await Supply().ConfigureAwait(false);
                Volatile.Write(ref _lastContact, Environment.TickCount64);
                LastProblem = null;
            }
            catch (Exception exception)
            {
                // What was lost on the way is found out by asking again; whether the silo is no more, by the cluster.
                LastProblem = exception;
                _worker = FindWorker();
                await Task.Delay(_afterFailure, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (_stop.IsCancellationRequested || Refusal is not null)
        {
            await _worker.Release([.. _mine.Keys]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_stop.IsCancellationRequested)
        {
            foreach (ClusterTraining training in _mine.Values.Where(training => Refusal is not null || training.IsWorthAnother()))
            {
                _queue.Add(training);
            }
        }
    }

    /// <summary>Gives the silo what it can take, and takes what has ended.</summary>
    private async Task Supply()
    {
        while (_mine.Count < _atOnce
            && await _queue.Take(_mine.Count == 0 ? _longest : TimeSpan.Zero, _gone.Token).ConfigureAwait(false) is { } training)
        {
            _mine.Add(training.Name, training);
            await Start(training).ConfigureAwait(false);
            if (Refusal is not null)
            {
                return;
            }
        }

        EndedTraining[] ended = await _worker.Wait([.. _mine.Keys], _mine.Count == 0 ? TimeSpan.Zero : _longest)
            .WaitAsync(_longestAnswer, _gone.Token).ConfigureAwait(false);
        foreach (EndedTraining one in ended)
        {
            if (!_mine.Remove(one.Training, out ClusterTraining? training))
            {
                continue;
            }

            if (one.Answer is null)
            {
                _queue.Add(training);
            }
            else
            {
                training.End(TrainingAnswer.Read(one.Answer));
            }
        }

        if (ended.Length > 0)
        {
            await _worker.Release([.. ended.Select(one => one.Training)]).WaitAsync(_gone.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Starts a training run on the silo, and sends the rows that it does not have.</summary>
    private async Task Start(ClusterTraining training)
    {
        try
        {
            Refusal = await RowDelivery.Send(
                _silo.ToString(), _content, () => _worker.Start(_search, training.Request).WaitAsync(_gone.Token),
                rows => _worker.Store(rows).WaitAsync(_gone.Token)).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            // It would be the same on every silo.
            _mine.Remove(training.Name);
            training.Fail(new TrainingRunnerException($"The silo {_silo} refuses a training run: {exception.Message}", exception));
        }
    }
}
