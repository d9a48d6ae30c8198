using Microsoft.Extensions.Logging;

namespace MlNetMlp.Search;

/// <summary>The training runs of a silo: on threads of their own, as many at a time as its options allow, the others in a queue.</summary>
internal sealed partial class SiloTrainings : IDisposable
{
    /// <summary>What of <see cref="ClusterTrainingOptions.MemoryLimit"/> is for rows that training runs have in common.</summary>
    private const int PartForChunks = 8;

    /// <summary>Of a search whose client was killed nobody asks for the results, which are in the storage of the cluster as well.</summary>
    private const int MostEnded = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SiloTraining> _trainings = new(StringComparer.Ordinal);
    private readonly LinkedList<SiloTraining> _queue = new();
    private readonly Queue<string> _ended = new();
    private readonly ClusterTrainingOptions _options;
    private readonly IGrainFactory _grains;
    private readonly ILogger<SiloTrainings> _logger;
    private readonly RecentChunks _chunks;
    private int _running;
    private long _bytes;
    private bool _isDisposed;

    public SiloTrainings(ClusterTrainingOptions options, IGrainFactory grains, ILogger<SiloTrainings> logger)
    {
        (_options, _grains, _logger) = (options, grains, logger);
        Content = new ContentStore(options.Folder, options.DiskLimit);
        _chunks = new RecentChunks(Content.Read, options.MemoryLimit / PartForChunks);
    }

    public string Version => _options.Version;

    /// <summary>The rows on the disk.</summary>
    public ContentStore Content { get; }

    public int AtOnce => _options.TrainingsAtOnce;

    /// <summary>The number of training runs that take place.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The number of training runs in the queue.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <inheritdoc cref="IWorkerGrain.Start"/>
    public string[] Start(string search, byte[] request)
    {
        string name = RemoteFormats.NameOf(request);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_trainings.ContainsKey(name))
            {
                return [];
            }

            TrainingRequest training = TrainingRequest.Read(request);
            IReadOnlyList<string> content = training.Names(content => Content.Has(content) ? Content.Read(content) : null);
            if (Content.Pin(content) is not { } rows)
            {
                return [.. content.Where(one => !Content.Has(one))];
            }

            long bytes = RowTable.Read(Content.Read(training.Training.Table)).Bytes;
            var added = new SiloTraining(name, search, training, bytes, rows);
            _trainings.Add(name, added);
            _queue.AddLast(added);
            TrainingMetrics.Waiting.Add(1);
            RunNext();
            return [];
        }
    }

    /// <inheritdoc cref="IWorkerGrain.Store"/>
    public void Store(byte[] content) => Content.Add(content);

    /// <inheritdoc cref="IWorkerGrain.Wait"/>
    public async Task<EndedTraining[]> Wait(string[] names, TimeSpan atMost)
    {
        SiloTraining?[] found;
        lock (_lock)
        {
            found = [.. names.Select(name => _trainings.GetValueOrDefault(name))];
        }

        if (found.All(training => training is { Answer.IsCompleted: false }))
        {
            using var stop = new CancellationTokenSource();
            await Task.WhenAny([Task.Delay(atMost, stop.Token), .. found.Select(training => training!.Answer)]);
            await stop.CancelAsync();
        }

        return [.. names.Zip(found, (name, training) => (name, training)).Where(one => one.training is null or { Answer.IsCompleted: true })
            .Select(one => new EndedTraining(one.name, one.training is null ? null : one.training.Answer.GetAwaiter().GetResult()))];
    }

    /// <inheritdoc cref="IWorkerGrain.Release"/>
    public void Release(string[] names)
    {
        lock (_lock)
        {
            foreach (string name in names)
            {
                if (!_trainings.Remove(name, out SiloTraining? training))
                {
                    continue;
                }

                if (!training.IsStarted)
                {
                    _queue.Remove(training);
                    TrainingMetrics.Waiting.Add(-1);
                    training.Dispose();
                }
                else if (!training.Answer.IsCompleted)
                {
                    training.Cancel();
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        Release([.. _trainings.Keys]);
        SpinWait.SpinUntil(() => Running == 0, TimeSpan.FromSeconds(5));
        Content.Dispose();
    }

    /// <summary>Starts what there is a processor and memory for.</summary>
    private void RunNext()
    {
        while (_queue.First is { Value: var training } && _running < _options.TrainingsAtOnce
            && (_running == 0 || _bytes + training.Bytes <= _options.MemoryLimit))
        {
            _queue.RemoveFirst();
            training.IsStarted = true;
            _running++;
            _bytes += training.Bytes;
            TrainingMetrics.Waiting.Add(-1);
            TrainingMetrics.Running.Add(1);

            // Not on the threads of grains, which must stay free for messages.
            _ = Task.Factory.StartNew(() => Run(training), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        }
    }

    private async Task Run(SiloTraining training)
    {
        byte[]? answer = null;
        string outcome = "cancelled";
        try
        {
            (answer, outcome) = Answer(training);
            if (answer is not null)
            {
                await Keep(training, answer).ConfigureAwait(false);
            }
        }
        finally
        {
            TrainingMetrics.Running.Add(-1);
            TrainingMetrics.Finished.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
            lock (_lock)
            {
                if (answer is not null)
                {
                    training.End(answer);
                    ForgetOldest(training.Name);
                }

                _running--;
                _bytes -= training.Bytes;
                training.Dispose();
                RunNext();
            }
        }
    }

    private (byte[]? Answer, string Outcome) Answer(SiloTraining training)
    {
        try
        {
            FoldScore score = training.Request.Run(Content.Read, _chunks.Open, training.CancellationToken);
            return (new TrainingAnswer(score, null).ToBytes(), "done");
        }
        catch (Exception) when (training.CancellationToken.IsCancellationRequested)
        {
            return (null, "cancelled");
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the options, it is the result.
            return (new TrainingAnswer(null, exception.Message).ToBytes(), "failed");
        }
    }

    /// <summary>Without its place in the storage the result is lost only if the client is, too.</summary>
    private async Task Keep(SiloTraining training, byte[] answer)
    {
        try
        {
            await _grains.GetGrain<ISearchGrain>(training.Search).Keep(new EndedTraining(training.Name, answer)).WaitAsync(TimeSpan.FromSeconds(10))
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotKept(exception, training.Name);
        }
    }

    private void ForgetOldest(string name)
    {
        _ended.Enqueue(name);
        if (_ended.Count > MostEnded)
        {
            _trainings.Remove(_ended.Dequeue());
        }
    }

    [LoggerMessage(LogLevel.Warning, "The result of the training run {Training} could not be stored.")]
    private partial void LogNotKept(Exception exception, string training);
}
