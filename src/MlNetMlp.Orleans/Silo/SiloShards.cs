using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>The trainings that a silo has shards of.</summary>
internal sealed class SiloShards : IDisposable
{
    /// <summary>A training whose client is not heard of for so long is given up.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShardWorker> _workers = new(StringComparer.Ordinal);
    private readonly SiloTrainings _trainings;
    private readonly ClusterTrainingOptions _options;
    private readonly IGrainFactory _grains;
    private readonly Timer _timer;

    public SiloShards(SiloTrainings trainings, ClusterTrainingOptions options, IGrainFactory grains)
    {
        (_trainings, _options, _grains) = (trainings, options, grains);
        _timer = new Timer(_ => GiveUp(), null, _patience / 4, _patience / 4);
    }

    /// <summary>The number of trainings.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _workers.Count;
            }
        }
    }

    /// <inheritdoc cref="IShardGrain.Join"/>
    public string[] Join(byte[] job)
    {
        ShardJob training = ShardJob.Read(job);
        IReadOnlyList<string> content = training.Content;
        if (_trainings.Content.Pin(content) is not { } pinned)
        {
            return [.. content.Where(one => !_trainings.Content.Has(one))];
        }

        lock (_lock)
        {
            if (_workers.Remove(training.Training, out ShardWorker? before))
            {
                before.Dispose();
            }

            _workers.Add(training.Training, new ShardWorker(
                training, _trainings.Content, pinned, _options, (peer, message) => Send(peer, message, training.Training, training.Attempt)));
        }

        return [];
    }

    /// <inheritdoc cref="IShardGrain.Store"/>
    public void Store(byte[] content) => _trainings.Content.Add(content);

    /// <summary>The part in an attempt of a training.</summary>
    /// <exception cref="InvalidOperationException">It is not known, or not any more.</exception>
    public ShardWorker Of(string training, int attempt)
    {
        lock (_lock)
        {
            return _workers.TryGetValue(training, out ShardWorker? worker) && worker.Job.Attempt == attempt
                ? worker
                : throw new InvalidOperationException($"The silo has no part in attempt {attempt} of the training {training}.");
        }
    }

    /// <inheritdoc cref="IShardGrain.Release"/>
    public void Release(string training)
    {
        lock (_lock)
        {
            if (_workers.Remove(training, out ShardWorker? worker))
            {
                worker.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        string[] all;
        lock (_lock)
        {
            all = [.. _workers.Keys];
        }

        Array.ForEach(all, Release);
    }

    private void GiveUp()
    {
        string[] silent;
        lock (_lock)
        {
            silent =
            [
                .. _workers.Where(worker => Environment.TickCount64 - worker.Value.LastContact > _patience.TotalMilliseconds).Select(worker => worker.Key),
            ];
        }

        Array.ForEach(silent, Release);
    }

    private Task Send(ShardPeer peer, ShardMessage message, string training, int attempt)
    {
        // Whenever the grain of a silo has to be made anew, it is on that silo.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(peer.Silo));
        return _grains.GetGrain<IShardGrain>(ShardJob.KeyOf(peer, training, attempt)).Put(training, attempt, message);
    }
}
