using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>How much work a <see cref="Diagnosis"/> may make. Immutable; an invalid value is refused where it is set.</summary>
public sealed record DiagnosisOptions : ISettings
{

    /// <summary>The largest number of rows that the short training run learns from, drawn by the seed; at least 1, default 4096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Rows
    {
        get;
        init => field = Require.Positive(value, nameof(Rows));
    } = 4096;

    /// <summary>
    /// The number of epochs of the short training run; at least 1, default 5. On few rows it makes up to six times as many, until it has made 200 steps;
    /// it never makes more than the options of the training ask for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int NumberOfEpochs
    {
        get;
        init => field = Require.Positive(value, nameof(NumberOfEpochs));
    } = 5;

    /// <summary>What a feature is called in the findings, by its number from 0. Default null: <c>feature 3</c>.</summary>
    public Func<int, string>? FeatureName { get; init; }

    /// <summary>What a class is called in the findings, by its number from 0. Default null: <c>class 3</c>.</summary>
    public Func<int, string>? ClassName { get; init; }

    internal string NameOfFeature(int feature) => FeatureName?.Invoke(feature) ?? $"feature {feature}";

    internal string NameOfClass(int index) => ClassName?.Invoke(index) ?? $"class {index}";

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
