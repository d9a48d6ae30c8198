namespace MlNetMlp.Interactive;

/// <summary>What shows in a notebook how a training goes, for the option <c>Progress</c>: <c>Progress = NotebookProgress.Live()</c>.</summary>
public static class NotebookProgress
{
    /// <summary>
    /// Learning curves in the output of the cell, drawn anew while the training runs, at most twice a second by default, and once more at its end. Outside of a
    /// notebook, a line for every epoch on the console.
    /// </summary>
    /// <param name="interval">The shortest time between two drawings. Null: half a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    /// <example>
    /// <code>
    /// using MlNetMlp.Interactive;
    ///
    /// var options = new MlpMulticlassTrainer.Options { Progress = NotebookProgress.Live() };
    /// </code>
    /// </example>
    public static IProgress<EpochReport> Live(TimeSpan? interval = null)
    {
        TimeSpan shortest = interval ?? TimeSpan.FromSeconds(0.5);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, TimeSpan.Zero, nameof(interval));
        NotebookFormatters.Register();
        return new LiveCurves(shortest);
    }
}
