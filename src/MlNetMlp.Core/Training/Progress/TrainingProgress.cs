namespace MlNetMlp;

/// <summary>What shows people how a training goes, for the option <c>Progress</c>: <c>Progress = TrainingProgress.Console()</c>.</summary>
public static class TrainingProgress
{
    /// <summary>
    /// On the console: one line that changes with every epoch, with a bar, the losses, the metric, the best epoch and the time that is left, and in the end
    /// how the training went. Where the output is redirected, a line for every epoch, as <see cref="EpochReport.ToString"/> writes it.
    /// </summary>
    /// <remarks>
    /// The time left is that of all epochs at the speed so far: a training that stops early ends before. For one training at a time. A console that does not
    /// write UTF-8 has a bar of <c>#</c>.
    /// </remarks>
    public static IProgress<EpochReport> Console() => System.Console.IsOutputRedirected
        ? To(System.Console.Out)
        : new LiveProgress(System.Console.Out, WindowWidth, System.Console.OutputEncoding.CodePage == System.Text.Encoding.UTF8.CodePage);

    /// <summary>A line for every epoch, as <see cref="EpochReport.ToString"/> writes it, and in the end how the training went.</summary>
    /// <param name="writer">Where to write.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static IProgress<EpochReport> To(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new LineProgress(writer);
    }

    /// <summary>Asked for every line: windows change. Some terminals do not know, and say 0 or throw.</summary>
    private static int WindowWidth()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? width : ProgressLine.UsualWidth;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return ProgressLine.UsualWidth;
        }
    }
}
