namespace MlNetMlp.Diagnostics;

/// <summary>The rows whose probabilities lie between two ends: see <see cref="ReliabilityDiagram"/>.</summary>
public sealed record ReliabilityBin
{
    internal ReliabilityBin()
    {
    }

    /// <summary>The lower end, which belongs to the bin.</summary>
    public required double From { get; init; }

    /// <summary>The upper end, which belongs to the next bin; that of the last, 1, to itself.</summary>
    public required double To { get; init; }

    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The mean of their probabilities; NaN without rows.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>The share of those that came true; NaN without rows.</summary>
    public required double Share { get; init; }

    /// <summary>For example <c>0.2 to 0.3: 41 rows, mean probability 0.251, 0.244 came true</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{From:0.###} to {To:0.###}: {Rows} rows") +
        (Rows == 0 ? "" : FormattableString.Invariant($", mean probability {MeanProbability:G3}, {Share:G3} came true"));
}
