namespace Service;

/// <summary>The section <c>FirstModel</c> of the settings: what happens where there is no model.</summary>
internal sealed class FirstModelOptions
{
    public const string Section = "FirstModel";

    /// <summary>Trains the small network for digits at the start, where there is no file.</summary>
    public bool TrainIfMissing { get; set; } = true;
}
