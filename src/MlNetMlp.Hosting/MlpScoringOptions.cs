using System.Globalization;

namespace MlNetMlp.Hosting;

/// <summary>How a model is served, as a section of the configuration says it; checked when the host starts.</summary>
public sealed class MlpScoringOptions
{
    /// <summary>
    /// The file with the model, as <c>mlContext.Model.Save</c> writes it, with the schema of its input. A relative path begins at the content root of the
    /// host, or without a host at the current directory. It must be set unless there is an <see cref="IModelSource"/>.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// How often it is looked whether there is another model; from 10 ms to a day, default one second. One is taken when it has stayed the same for that time.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The columns to compute. Default null: what the model predicts, <c>Score</c>, <c>Probability</c>, <c>PredictedLabel</c> and so on.</summary>
    public string[]? Outputs { get; set; }

    /// <summary>
    /// Whether a model is taken that would refuse rows which the one in service takes, or lacks an output of it. Default false. The first model may have
    /// any columns.
    /// </summary>
    public bool AllowOtherColumns { get; set; }

    /// <summary>
    /// What counts as far outside of what the training saw: a feature below its least value there, or above its greatest, by more than this share of the
    /// distance of the two; from 0 to 1000, default 0.5. Null: nobody looks.
    /// </summary>
    public float? RangeTolerance { get; set; } = 0.5f;

    /// <summary>The file and how it is watched.</summary>
    public override string ToString()
    {
        string tolerance = RangeTolerance?.ToString(CultureInfo.InvariantCulture) ?? "none";
        return $"{(Path.Length > 0 ? $"'{Path}'" : "a source of its own")}, looked at every {PollInterval}, range tolerance {tolerance}";
    }
}
