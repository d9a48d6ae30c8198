namespace MlNetMlp.Hosting.Tests.Support;

/// <summary>Models in memory, with a stamp that the test sets.</summary>
internal sealed class MemorySource(byte[]? model) : IModelSource
{
    private volatile Func<byte[]> _read = () => model ?? throw new ModelLoadException("There is none.", isSourceProblem: true);
    private volatile string? _stamp = model is null ? null : "first";
    private volatile Exception? _failure;

    public void Replace(byte[] other, string stamp) => (_read, _stamp) = (() => other, stamp);

    /// <summary>Fails from now on, or with null no longer.</summary>
    public void FailWith(Exception? exception) => _failure = exception;

    public ValueTask<string?> GetStampAsync(CancellationToken cancellationToken) =>
        _failure is { } failure ? throw failure : ValueTask.FromResult(_stamp);

    public ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken) =>
        _failure is { } failure ? throw failure : ValueTask.FromResult(_read());
}
