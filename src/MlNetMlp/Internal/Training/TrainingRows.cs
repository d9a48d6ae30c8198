namespace MlNetMlp.Internal;

/// <summary>The rows that were read from a data view, and what was found on the way.</summary>
/// <param name="Store">Where they are; it belongs to the <see cref="RowReader"/>.</param>
/// <param name="Classes">The class of each of them, or null if the task has none.</param>
internal sealed record TrainingRows(RowStore Store, List<int>? Classes)
{
    /// <summary>The rows to learn from.</summary>
    public IRowSource Rows => Store.Rows;
}
