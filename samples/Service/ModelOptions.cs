using Microsoft.Extensions.Options;

namespace Service;

/// <summary>The section <c>Model</c> of the settings: which file is served.</summary>
internal sealed class ModelOptions : IValidateOptions<ModelOptions>
{
    public const string Section = "Model";

    /// <summary>The file, as <c>mlContext.Model.Save</c> wrote it. A relative path begins at the folder of the program.</summary>
    public string Path { get; set; } = "model.zip";

    /// <summary>Trains the small network for digits at the start, where there is no file.</summary>
    public bool TrainIfMissing { get; set; } = true;

    /// <summary>How often the time stamp and the length of the file are looked at; from 10 ms to a day.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The columns of an answer; null: what the model predicts, <c>Score</c>, <c>Probability</c>, <c>PredictedLabel</c> and so on.</summary>
    public string[]? Outputs { get; set; }

    /// <summary>
    /// Takes a model from the file even if requests that the one in service answers would be refused by it, or would get other columns. At the start
    /// of the service any model is taken.
    /// </summary>
    public bool AllowOtherColumns { get; set; }

    public string FullPath => System.IO.Path.GetFullPath(Path, AppContext.BaseDirectory);

    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var check = new SettingsCheck(Section);
        check.That(!string.IsNullOrWhiteSpace(options.Path), nameof(Path), options.Path, "the path of a file");
        check.Range(options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), nameof(PollInterval));
        check.That(options.Outputs is not [], nameof(Outputs), "empty", "one name of a column or more");
        return check.Result;
    }
}
