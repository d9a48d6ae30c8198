namespace MlNetMlp;

/// <summary>A feature has a value that the model was told to refuse, or that no finite score can be computed from.</summary>
public sealed class InvalidFeatureException : InvalidOperationException
{
    internal InvalidFeatureException(int row, int feature, float value, string reason)
        : this(row, feature, value, FormattableString.Invariant($"is {value}"), reason)
    {
    }

    private InvalidFeatureException(int row, int feature, float value, string what, string reason)
        : base(FormattableString.Invariant($"Row {row} (from 0), feature {feature} {what}: {reason}"))
    {
        Row = row;
        Feature = feature;
        Value = value;
        What = what;
        Reason = reason;
    }

    /// <summary>The row's index in the block or data set, from 0.</summary>
    public int Row { get; }

    /// <summary>The feature's index in the row, from 0.</summary>
    public int Feature { get; }

    /// <summary>The value.</summary>
    public float Value { get; }

    /// <summary>The message without row and feature, for whoever has names for them.</summary>
    internal string Found => $"{What}: {Reason}";

    /// <summary>The source that <see cref="Row"/> counts in; null where it is a block.</summary>
    internal IRowSource? Rows { get; private init; }

    private string What { get; }

    private string Reason { get; }

    /// <summary>The same, for the row's number <paramref name="row"/> in the whole of which a piece was looked at.</summary>
    internal InvalidFeatureException AtRow(long row) => new((int)Math.Min(row, int.MaxValue), Feature, Value, What, Reason);

    /// <summary>
    /// The same, for row number <paramref name="row"/> of a source, as given or changed by an augmentation; the number is that in the source which the
    /// caller of the library gave.
    /// </summary>
    internal InvalidFeatureException AtRow(IRowSource source, int row, bool isAugmented = false)
    {
        (IRowSource origin, int number) = RowOrigin.Of(source, row);
        return new(number, Feature, Value, isAugmented ? What + " after augmentation" : What, Reason) { Rows = origin };
    }
}
