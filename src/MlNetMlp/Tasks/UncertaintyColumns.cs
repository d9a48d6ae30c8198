using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>
/// The columns with mean and standard deviation of the score and, of two classes, of the probability: in every respect like <c>Score</c> and
/// <c>Probability</c>, but for their names.
/// </summary>
/// <remarks>
/// They belong to the same set of score columns; evaluators tell the members of a set apart by their annotation
/// <see cref="AnnotationKinds.ScoreValueKind"/>, which is the name.
/// </remarks>
internal static class UncertaintyColumns
{
    /// <summary>The columns in the order in which their values lie in a row.</summary>
    private static readonly (string Name, string Of)[] _columns =
    [
        (ColumnNames.ScoreMean, ColumnNames.Score), (ColumnNames.ScoreStandardDeviation, ColumnNames.Score),
        (ColumnNames.ProbabilityMean, ColumnNames.Probability), (ColumnNames.ProbabilityStandardDeviation, ColumnNames.Probability),
    ];

    /// <summary>The columns as they are promised, with those that a task has without.</summary>
    public static SchemaShape.Column[] Append(SchemaShape.Column[] columns) =>
    [
        .. columns,
        .. _columns.SelectMany(added => columns.Where(column => column.Name == added.Of).Select(column => SchemaShapes.Renamed(column, added.Name))),
    ];

    /// <summary>The columns as they come, with those that a task has without.</summary>
    /// <param name="columns">The columns of the task.</param>
    /// <param name="outputs">The number of scores of a row: as many means, and then as many standard deviations, are read.</param>
    public static IReadOnlyList<ScoreColumn> Append(IReadOnlyList<ScoreColumn> columns, int outputs)
    {
        var all = new List<ScoreColumn>(columns);
        int first = 0;
        foreach ((string name, string of) in _columns)
        {
            if (columns.FirstOrDefault(column => column.Name == of) is { } column)
            {
                all.Add(column.OfUncertainty(name, first, outputs));
                first += of == ColumnNames.Score ? outputs : 1;
            }
        }

        return all;
    }
}
