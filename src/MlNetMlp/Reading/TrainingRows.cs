namespace MlNetMlp;

/// <summary>The rows that were read from a data view, and what was found on the way.</summary>
/// <param name="Rows">The rows to learn from; they belong to the <see cref="RowReader"/>.</param>
/// <param name="Classes">The class of each of them, or null if the task has none.</param>
internal sealed record TrainingRows(IRowSource Rows, List<int>? Classes);
