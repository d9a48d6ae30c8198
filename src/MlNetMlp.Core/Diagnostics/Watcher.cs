namespace MlNetMlp.Diagnostics;

/// <summary>Passes every epoch on at once.</summary>
internal sealed class Watcher(Action<EpochReport> watch) : IProgress<EpochReport>
{
    public void Report(EpochReport value) => watch(value);
}
