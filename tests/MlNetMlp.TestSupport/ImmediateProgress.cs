namespace MlNetMlp.TestSupport;

/// <summary>Passes a report on at once; <see cref="Progress{T}"/> would queue it.</summary>
internal class ImmediateProgress<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}

/// <inheritdoc/>
internal sealed class ImmediateProgress(Action<EpochReport> action) : ImmediateProgress<EpochReport>(action);
