namespace MlNetMlp;

/// <summary>A feature has a value that the model was told to refuse, or that no finite score can be computed from.</summary>
public sealed class InvalidFeatureException : InvalidOperationException
{
    private readonly string _reason;

    internal InvalidFeatureException(int row, int feature, float value, string reason, bool isAugmented = false)
        : base(FormattableString.Invariant($"Row {row}, feature {feature} is {value}{(isAugmented ? " after augmentation" : "")}: {reason}"))
    {
        Row = row;
        Feature = feature;
        Value = value;
        _reason = reason;
    }

    /// <summary>The row's index in the block or data set, from 0.</summary>
    public int Row { get; }

    /// <summary>The feature's index in the row, from 0.</summary>
    public int Feature { get; }

    /// <summary>The value.</summary>
    public float Value { get; }

    /// <summary>
    /// The same, for the row's number <paramref name="row"/> in the whole of which a piece was looked at, as given or changed by an
    /// augmentation.
    /// </summary>
    internal InvalidFeatureException AtRow(int row, bool isAugmented = false) => new(row, Feature, Value, _reason, isAugmented);
}
