using Microsoft.ML;

namespace MlNetMlp;

/// <summary>The rows to learn from and those to evaluate, and the data views that both were read from.</summary>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Validation">The rows to evaluate; null: none.</param>
/// <param name="Read">What was read of the training data.</param>
/// <param name="ReadValidation">What was read of the validation data; null: the rows to evaluate, if any, were set aside.</param>
internal sealed record SplitRows(IRowSource Training, IRowSource? Validation, TrainingRows Read, TrainingRows? ReadValidation)
{
    /// <summary>Says of which row and column of the caller's data it is that a training refuses a value.</summary>
    public InvalidOperationException Refusal(InvalidFeatureException exception, DataViewSchema.Column column)
    {
        bool isValidation = ReadValidation is not null && exception.Rows == ReadValidation.Rows;
        long row = (isValidation ? ReadValidation! : Read).NumberOf(exception.Row);
        return new(
            $"Row {row} (from 0) of the {(isValidation ? "validation" : "training")} data, column '{column.Name}', " +
            $"{SlotNames.Describe(column, exception.Feature)} {exception.Found}", exception.AtRow(row));
    }
}
