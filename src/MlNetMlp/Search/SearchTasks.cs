using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The three tasks, as a search sees them.</summary>
internal static class SearchTasks
{
    public static readonly SearchTask<MlpBinaryTrainer.Options, CalibratedBinaryClassificationMetrics> Binary = new(
        MlpTask.Binary,
        (env, options) => new MlpBinaryTrainer(env, options),
        BinaryMetric.All,
        (context, rows, label) => [context.BinaryClassification.Evaluate(rows, label)]);

    public static readonly SearchTask<MlpMulticlassTrainer.Options, MulticlassClassificationMetrics> Multiclass = new(
        MlpTask.Multiclass,
        (env, options) => new MlpMulticlassTrainer(env, options),
        MulticlassMetric.All,
        (context, rows, label) => [context.MulticlassClassification.Evaluate(rows, label)]);

    public static readonly SearchTask<MlpRegressionTrainer.Options, RegressionMetrics> Regression = new(
        MlpTask.Regression,
        (env, options) => new MlpRegressionTrainer(env, options),
        RegressionMetric.All,
        (context, rows, label) => rows.Schema[label].Type is VectorDataViewType vector
            ? EvaluateSlots(context, rows, label, vector.Size)
            : [context.Regression.Evaluate(rows, label)]);

    /// <summary>ML.NET evaluates one number for each row, so every slot is evaluated by itself.</summary>
    private static RegressionMetrics[] EvaluateSlots(MLContext context, IDataView rows, string label, int slots)
    {
        DataViewSchema.Column labelColumn = rows.Schema[label], scoreColumn = rows.Schema[ColumnNames.Score];
        var values = new List<Slot>[slots];
        Array.ForEach(Enumerable.Range(0, slots).ToArray(), slot => values[slot] = []);
        using DataViewRowCursor cursor = rows.GetRowCursor([labelColumn, scoreColumn]);
        var labels = new VectorReading(cursor, labelColumn, slots);
        var scores = new VectorReading(cursor, scoreColumn, slots);
        float[] labelValues = new float[slots], scoreValues = new float[slots];
        while (cursor.MoveNext())
        {
            labels.Read(labelValues);
            scores.Read(scoreValues);
            for (int slot = 0; slot < slots; slot++)
            {
                values[slot].Add(new Slot { Label = labelValues[slot], Score = scoreValues[slot] });
            }
        }

        return [.. values.Select(slot => context.Regression.Evaluate(context.Data.LoadFromEnumerable(slot)))];
    }

    /// <summary>One value of a label and what was predicted for it; ML.NET reads it by its public members.</summary>
    public sealed class Slot
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }
}
