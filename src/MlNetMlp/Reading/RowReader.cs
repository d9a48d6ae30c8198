using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>
/// Reads data views into memory or onto disk: one cursor, the needed columns only, every value checked on the way. The rows are there until
/// the reader is disposed of.
/// </summary>
/// <param name="task">What the labels mean.</param>
/// <param name="columns">The columns to read.</param>
/// <param name="options">What to do with missing and infinite values.</param>
/// <param name="channel">Told of rows that are left out, and of rows on disk.</param>
internal sealed class RowReader(MlpTask task, TrainerColumns columns, MlpTrainerOptions options, IChannel channel) : IDisposable
{
    private readonly List<RowStore> _stores = [];

    /// <param name="data">The rows.</param>
    /// <param name="what">What they are, for messages: <c>training</c> or <c>validation</c>.</param>
    /// <param name="isDivided">Whether some of them may be set aside, so that the columns that say which are read, too.</param>
    /// <param name="isSparse">Whether the rows are kept without their zeros; null: as they decide, see <see cref="RowCollector"/>.</param>
    /// <exception cref="InvalidOperationException">A value is refused, or no row is left.</exception>
    /// <exception cref="IOException">A temporary file cannot be made or written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing has been learned yet.</exception>
    public TrainingRows Read(IDataView data, string what, bool isDivided, bool? isSparse)
    {
        DataViewSchema.Column labelColumn = columns.Label(data.Schema), featureColumn = columns.Features(data.Schema);
        DataViewSchema.Column? weightColumn = columns.Weight(data.Schema);
        int featureCount = ((VectorDataViewType)featureColumn.Type).Size;

        using DataViewRowCursor cursor = data.GetRowCursor(
        [
            labelColumn, featureColumn, .. weightColumn is { } w ? [w] : Array.Empty<DataViewSchema.Column>(),
            .. isDivided ? RowRoles.Columns(data.Schema, options) : [],
        ]);
        RowRoles? roles = isDivided ? new RowRoles(cursor, options) : null;
        LabelReader label = task.CreateLabelReader(cursor, labelColumn);
        var features = new VectorReading(cursor, featureColumn, featureCount);
        ValueGetter<float>? weight = weightColumn is { } column ? cursor.GetGetter<float>(column) : null;

        var rows = new RowCollector(featureCount, label.TargetCount, isSparse, () => CreateStore(featureCount, label.TargetCount));
        List<int>? classes = task.HasClasses ? [] : null;
        var counts = new Counts();
        var leftOut = new List<long>();
        int outputs = task.OutputCount(labelColumn);
        float[] targetValues = new float[label.TargetCount];
        float weightValue = 1;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            counts.Rows++;
            weight?.Invoke(ref weightValue);
            CheckWeight(weightValue, cursor.Position, what);
            if (weightValue == 0)
            {
                counts.WithoutWeight++;
                leftOut.Add(counts.Rows - 1);
                continue;
            }

            label.Read(targetValues);
            if (!CheckLabel(targetValues, labelColumn, cursor.Position, what))
            {
                counts.WithoutLabel++;
                leftOut.Add(counts.Rows - 1);
                continue;
            }

            options.TaskLoss.CheckTargets(targetValues, outputs, (int)Math.Min(cursor.Position, int.MaxValue));
            ref readonly VBuffer<float> vector = ref features.Read();
            CheckFeatures(in vector, featureColumn, cursor.Position, what);
            try
            {
                rows.Add(in vector, targetValues, weightValue);
            }
            catch (ArgumentException exception)
            {
                throw CannotKeep(exception, counts.Rows, what);
            }

            classes?.Add((int)targetValues[0]);
            roles?.Add(counts.Rows - 1, what);
        }

        CheckCounts(counts, labelColumn, weightColumn, what);
        return new TrainingRows(Collected(rows, counts.Rows, what), classes, roles, leftOut);
    }

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    private RowStore CreateStore(int featureCount, int targetCount)
    {
        RowStore store = options.RowStorage.CreateStore(featureCount, targetCount, beside: _stores);
        _stores.Add(store);
        return store;
    }

    private IRowSource Collected(RowCollector rows, long count, string what)
    {
        try
        {
            if (rows.Rows is DiskRows file)
            {
                channel.Info(MessageSensitivity.None,
                    FormattableString.Invariant($"The {what} rows are on disk: a temporary file of {file.FileSize >> 20} MiB in '{file.Folder}'."));
            }

            return rows.Rows;
        }
        catch (ArgumentException exception)
        {
            throw CannotKeep(exception, count, what);
        }
    }

    private static InvalidOperationException CannotKeep(ArgumentException exception, long rows, string what) => new(
        $"The {what} rows up to row {rows - 1} (from 0) cannot be kept: {exception.Message}", exception);

    private void CheckWeight(float weight, long row, string what)
    {
        if (!(weight >= 0 && float.IsFinite(weight)))
        {
            throw Refuse(row, what, options.ExampleWeightColumnName!,
                FormattableString.Invariant($"the weight {weight}; weights must be finite and at least 0"));
        }
    }

    /// <summary>False if the label is missing and the row is to be left out.</summary>
    private bool CheckLabel(ReadOnlySpan<float> values, DataViewSchema.Column column, long row, string what)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i]) <= RegressionLoss.LargestTarget)
            {
                continue;
            }

            string slot = values.Length > 1 ? " in " + SlotNames.Describe(column, i) : "";
            if (float.IsFinite(values[i]))
            {
                throw Refuse(row, what, column.Name,
                    FormattableString.Invariant(
                    $"the label {values[i]}{slot}; labels must be at most {RegressionLoss.LargestTarget:G2} in size, so that any two have a difference"));
            }

            bool missing = float.IsNaN(values[i]);
            if ((missing ? options.MissingValues : options.InfiniteValues) == InvalidValueHandling.Impute)
            {
                return false;
            }

            throw Refuse(row, what, column.Name, missing
                ? $"no label{slot}; with {nameof(MlpTrainerOptions.MissingValues)} = Impute such rows are left out"
                : $"an infinite label{slot}; with {nameof(MlpTrainerOptions.InfiniteValues)} = Impute such rows are left out");
        }

        return true;
    }

    private void CheckFeatures(in VBuffer<float> vector, DataViewSchema.Column column, long row, string what)
    {
        ReadOnlySpan<float> values = vector.GetValues();
        bool failOnMissing = options.MissingValues == InvalidValueHandling.Fail, failOnInfinite = options.InfiniteValues == InvalidValueHandling.Fail;
        for (int i = 0; i < values.Length; i++)
        {
            if (failOnMissing && float.IsNaN(values[i]))
            {
                throw Refuse(row, what, column.Name,
                    $"no value (NaN) in {SlotNames.Describe(column, Slot(in vector, i))}; with " +
                    $"{nameof(MlpTrainerOptions.MissingValues)} = Impute the training mean takes its place");
            }

            if (failOnInfinite && float.IsInfinity(values[i]))
            {
                throw Refuse(row, what, column.Name,
                    $"an infinite value in {SlotNames.Describe(column, Slot(in vector, i))}; with " +
                    $"{nameof(MlpTrainerOptions.InfiniteValues)} = Impute the training mean takes its place");
            }
        }
    }

    private static int Slot(in VBuffer<float> vector, int value) => vector.IsDense ? value : vector.GetIndices()[value];

    private void CheckCounts(Counts counts, DataViewSchema.Column label, DataViewSchema.Column? weight, string what)
    {
        if (counts.Rows == 0)
        {
            throw new InvalidOperationException($"The {what} data has no rows.");
        }

        if (counts.WithoutWeight == counts.Rows)
        {
            throw new InvalidOperationException(
                $"All {counts.Rows} rows of the {what} data have the weight 0 in column '{weight!.Value.Name}'; at least one must be greater.");
        }

        if (counts.WithoutWeight + counts.WithoutLabel == counts.Rows)
        {
            throw new InvalidOperationException(
                $"All {counts.WithoutLabel} rows of the {what} data that have a weight miss their label in column '{label.Name}'.");
        }

        if (counts.WithoutLabel > 0)
        {
            channel.Warning(MessageSensitivity.Schema, $"Left out {counts.WithoutLabel} of {counts.Rows} {what} rows: their label is missing.");
        }

        if (counts.WithoutWeight > 0)
        {
            channel.Info(MessageSensitivity.Schema, $"Left out {counts.WithoutWeight} of {counts.Rows} {what} rows: their weight is 0.");
        }
    }

    private static InvalidOperationException Refuse(long row, string what, string column, string found) =>
        new($"Row {row} (from 0) of the {what} data has in column '{column}' {found}.");

    private sealed class Counts
    {
        public long Rows { get; set; }

        public long WithoutLabel { get; set; }

        public long WithoutWeight { get; set; }
    }
}
