namespace MlNetMlp.Search;

/// <summary>The training runs that wait for a silo, the one with the lowest number first; those that have lost theirs keep their number.</summary>
internal sealed class TrainingQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<ClusterTraining, int> _trainings = new();
    private readonly SemaphoreSlim _available = new(0);

    public void Add(ClusterTraining training)
    {
        lock (_lock)
        {
            _trainings.Enqueue(training, training.Number);
        }

        _available.Release();
    }

    public void Dispose() => _available.Dispose();

    /// <summary>The next training run, as soon as there is one; null: there was none for so long.</summary>
    public async Task<ClusterTraining?> Take(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!await _available.WaitAsync(atMost, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        lock (_lock)
        {
            return _trainings.Dequeue();
        }
    }
}
