namespace MlNetMlp.Search;

/// <summary>A training run on a silo.</summary>
/// <param name="name">The checksum of its request.</param>
/// <param name="search">The search that it belongs to.</param>
/// <param name="request">What to do.</param>
/// <param name="bytes">The bytes of its rows in memory.</param>
/// <param name="rows">Keeps its rows on the disk.</param>
internal sealed class SiloTraining(string name, string search, TrainingRequest request, long bytes, IDisposable rows) : IDisposable
{
    private readonly TaskCompletionSource<byte[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();

    public string Name => name;

    public string Search => search;

    public TrainingRequest Request => request;

    public long Bytes => bytes;

    /// <summary>Whether it has been taken from the queue.</summary>
    public bool IsStarted { get; set; }

    /// <summary>The result, once there is one; never, if it was cancelled.</summary>
    public Task<byte[]> Answer => _answer.Task;

    public CancellationToken CancellationToken => _cancellation.Token;

    public void Cancel() => _cancellation.Cancel();

    public void End(byte[] answer) => _answer.TrySetResult(answer);

    public void Dispose()
    {
        rows.Dispose();
        _cancellation.Dispose();
    }
}
