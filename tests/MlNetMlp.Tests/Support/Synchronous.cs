namespace MlNetMlp.Tests.Support;

/// <summary>A progress that is told at once; the framework's own passes reports on to another thread.</summary>
public sealed class Synchronous<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
