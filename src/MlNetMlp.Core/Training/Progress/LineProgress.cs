namespace MlNetMlp;

/// <summary>A line for every epoch.</summary>
/// <param name="writer">Where to write.</param>
internal sealed class LineProgress(TextWriter writer) : IEndingProgress
{
    public void Report(EpochReport value) => writer.WriteLine(value);

    public void End(MlpTrainingResult? result)
    {
        foreach (string sentence in result?.Sentences() ?? [])
        {
            writer.WriteLine(sentence);
        }
    }

    /// <summary>What it does.</summary>
    public override string ToString() => "a line for every epoch";
}
