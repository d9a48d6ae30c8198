using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Diagnostics;

namespace Microsoft.ML;

/// <summary>How good the predictions of any trainer of ML.NET are, as pictures.</summary>
public static class MlpMetricCatalog
{
    /// <summary>
    /// A picture, for any browser, of a confusion matrix: for each class how its rows are predicted, colored by their share of the class; beside it the share
    /// of the class that was found (recall), below it the share of a prediction that is right (precision).
    /// </summary>
    /// <param name="matrix">The matrix, <c>metrics.ConfusionMatrix</c>.</param>
    /// <param name="classNames">
    /// The names of the classes, in the order of the matrix: for several classes <c>model.OutputNames</c>; for two, the positive class first. Null:
    /// their numbers, or <c>positive</c> and <c>negative</c>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public static string ToSvg(this ConfusionMatrix matrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new ConfusionPicture(matrix, classNames).ToSvg();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="path">The file, for example <c>confusion.svg</c>.</param>
    /// <param name="classNames">The names of the classes.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <inheritdoc cref="ToSvg(ConfusionMatrix, IReadOnlyList{string}?)" path="/exception"/>
    public static void SaveSvg(this ConfusionMatrix matrix, string path, IReadOnlyList<string>? classNames = null) =>
        AtomicFile.WriteText(path, matrix.ToSvg(classNames));

    /// <summary>Compares the probabilities of the positive class with how often it is the true one.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="scoredRows">The rows with their predictions, as a model's <c>Transform</c> returns them.</param>
    /// <param name="labelColumnName">The label column, Boolean.</param>
    /// <param name="bins">The number of bins, in [2, 100].</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are no rows, or a column is missing or of another type.</exception>
    public static ReliabilityDiagram Reliability(
        this BinaryClassificationCatalog catalog, IDataView scoredRows, string labelColumnName = "Label", int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scoredRows);
        return ReliabilityDiagram.Of(
            [.. scoredRows.GetColumn<float>(ColumnNames.Probability)], [.. scoredRows.GetColumn<bool>(labelColumnName)], bins);
    }

    /// <summary>Compares the probability of the predicted class, the most probable one, with how often it is the true one.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="scoredRows">The rows with their predictions; <c>Score</c> has probabilities. Rows without a label do not count.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="bins">The number of bins, in [2, 100].</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are no rows, or a column is missing or of another type.</exception>
    public static ReliabilityDiagram Reliability(
        this MulticlassClassificationCatalog catalog, IDataView scoredRows, string labelColumnName = "Label", int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scoredRows);
        (float Probability, uint Predicted, uint Label)[] rows = [.. scoredRows.GetColumn<VBuffer<float>>(ColumnNames.Score)
            .Select(score => score.DenseValues().Max())
            .Zip(scoredRows.GetColumn<uint>(ColumnNames.PredictedLabel), scoredRows.GetColumn<uint>(labelColumnName)).Where(row => row.Third != 0)];
        return ReliabilityDiagram.Of([.. rows.Select(row => row.Probability)], [.. rows.Select(row => row.Predicted == row.Label)], bins);
    }
}
