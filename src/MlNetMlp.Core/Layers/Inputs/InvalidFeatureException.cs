namespace MlNetMlp;

/// <summary>A feature has a value that the model was told to refuse, or that no finite score can be computed from.</summary>
public sealed class InvalidFeatureException : InvalidOperationException
{
    private readonly string _reason;
    private readonly bool _isAugmented;

    internal InvalidFeatureException(int row, int feature, float value, string reason, bool isAugmented = false)
        : base(FormattableString.Invariant($"Row {row}, feature {feature} is {Text(value, reason, isAugmented)}"))
    {
        Row = row;
        Feature = feature;
        Value = value;
        _reason = reason;
        _isAugmented = isAugmented;
    }

    /// <summary>The row's place in the block or data set it was given in, from 0.</summary>
    public int Row { get; }

    /// <summary>The feature's place in the row, from 0.</summary>
    public int Feature { get; }

    /// <summary>The value that was found.</summary>
    public float Value { get; }

    /// <summary>The value and what is wrong with it, for those who know row and feature by other names.</summary>
    internal string Finding => Text(Value, _reason, _isAugmented);

    /// <summary>
    /// The same, for the row's number <paramref name="row"/> in the whole of which a piece was looked at, as given or changed by an
    /// augmentation.
    /// </summary>
    internal InvalidFeatureException AtRow(int row, bool isAugmented = false) => new(row, Feature, Value, _reason, isAugmented);

    private static string Text(float value, string reason, bool isAugmented) =>
        FormattableString.Invariant($"{value}{(isAugmented ? " after augmentation" : "")}: {reason}");
}
