using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>The columns with mean and standard deviation of the score: in every respect like <c>Score</c>, of whatever task, but for their names.</summary>
/// <remarks>
/// They belong to the same set of score columns; evaluators tell the members of a set apart by their annotation
/// <see cref="AnnotationKinds.ScoreValueKind"/>, which is the name.
/// </remarks>
internal static class UncertaintyColumns
{
    private static readonly string[] _names = [ColumnNames.ScoreMean, ColumnNames.ScoreStandardDeviation];

    /// <summary>The columns as they are promised, with those that a task has without.</summary>
    public static SchemaShape.Column[] Append(SchemaShape.Column[] columns)
    {
        SchemaShape.Column score = Array.Find(columns, column => column.Name == ColumnNames.Score);
        return [.. columns, .. _names.Select(name => SchemaShapes.Renamed(score, name))];
    }

    /// <summary>The columns as they come, with those that a task has without.</summary>
    /// <param name="columns">The columns of the task.</param>
    /// <param name="outputs">The number of scores of a row: as many means, and then as many standard deviations, are read.</param>
    public static IReadOnlyList<ScoreColumn> Append(IReadOnlyList<ScoreColumn> columns, int outputs)
    {
        ScoreColumn score = columns.Single(column => column.Name == ColumnNames.Score);
        return [.. columns, .. _names.Select((name, i) => score.OfUncertainty(name, i * outputs, outputs))];
    }
}
