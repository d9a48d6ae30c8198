namespace MlNetMlp.TestSupport;

/// <summary>Passes a report on at once; <see cref="Progress{T}"/> would queue it.</summary>
internal sealed class ImmediateProgress(Action<EpochReport> action) : IProgress<EpochReport>
{
    public void Report(EpochReport value) => action(value);
}
