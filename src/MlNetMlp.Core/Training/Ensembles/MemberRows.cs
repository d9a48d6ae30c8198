namespace MlNetMlp;

/// <summary>The rows that a member of an ensemble learns from, where these are not all rows.</summary>
/// <param name="Training">The rows that it learns from.</param>
/// <param name="Weight">The sum of their weights, greater than 0.</param>
internal sealed record MemberRows(RowSubset Training, double Weight)
{
    /// <summary>The rows that it is validated on, and does not learn from; null: those of the whole training.</summary>
    public RowSubset? HeldOut { get; init; }

    /// <summary>The sum of their weights, greater than 0.</summary>
    public double HeldOutWeight { get; init; }
}
