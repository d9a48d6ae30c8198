using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What an ensemble says of rows that members did not learn from: each row is scored by these members alone. Their scores are averaged, and compared
/// with the targets as those of validation rows are.
/// </summary>
/// <param name="task">What was trained, its class weights in the weights of the rows.</param>
/// <param name="targets">The units of the targets.</param>
internal sealed class HeldOutScores(TrainingTask task, TargetUnits targets)
{
    private const int RowsAtOnce = 64;

    private readonly int _outputs = task.Architecture.OutputSize;

    /// <summary>Loss and metric over all rows that some member did not learn from, and how many these are.</summary>
    /// <param name="members">The members.</param>
    /// <param name="heldOut">The numbers of the rows that each did not learn from.</param>
    /// <param name="cancellationToken">Looked at before every block of rows.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (double Loss, double Metric, int Rows) Evaluate(IReadOnlyList<MlpModel> members, int[][] heldOut, CancellationToken cancellationToken)
    {
        bool[][] isHeldOut = Array.ConvertAll(heldOut, numbers => Marks(numbers, task.Rows.Count));
        int[] rows = [.. Enumerable.Range(0, task.Rows.Count).Where(row => Array.Exists(isHeldOut, marks => marks[row]))];
        RowBatch batch = new(task.Rows), own = new(task.Rows);
        float[] scores = new float[RowsAtOnce * members.Count * _outputs], averages = new float[RowsAtOnce * _outputs];
        double loss = 0, weight = 0;
        var metric = new MetricMean(task.Loss, task.Options.Metric);
        foreach (int[] block in rows.Chunk(RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] counts = new int[block.Length];
            for (int m = 0; m < members.Count; m++)
            {
                bool[] marks = isHeldOut[m];
                int[] places = [.. Enumerable.Range(0, block.Length).Where(place => marks[block[place]])];
                Predict(members[m], own, Array.ConvertAll(places, place => block[place]), averages);
                for (int i = 0; i < places.Length; i++)
                {
                    int slot = places[i] * members.Count + counts[places[i]]++;
                    averages.AsSpan(i * _outputs, _outputs).CopyTo(scores.AsSpan(slot * _outputs));
                }
            }

            for (int i = 0; i < block.Length; i++)
            {
                var ofRow = new MatrixSpan(scores.AsSpan(i * members.Count * _outputs, counts[i] * _outputs), counts[i], _outputs);
                task.Loss.AverageLogits(ofRow, averages.AsSpan(i * _outputs, _outputs));
            }

            batch.Clear();
            task.Rows.GatherAll(block, batch);
            var logits = new MatrixSpan(averages.AsSpan(0, block.Length * _outputs), block.Length, _outputs);
            if (task.Loss.TargetsAreValues)
            {
                targets.ToLearned(logits.Values);
                targets.ToLearned(batch.Targets);
            }

            loss += task.Loss.LossSum(logits, batch.TargetMatrix, batch.Weights);
            metric.Add(logits, batch, targets);
            foreach (float one in batch.Weights)
            {
                weight += one;
            }
        }

        return (loss / weight, metric.Value, rows.Length);
    }

    private static bool[] Marks(int[] numbers, int count)
    {
        bool[] marks = new bool[count];
        Array.ForEach(numbers, number => marks[number] = true);
        return marks;
    }

    /// <summary>Writes what a model says of some rows, as logits.</summary>
    private void Predict(MlpModel model, RowBatch batch, int[] rows, float[] logits)
    {
        batch.Clear();
        task.Rows.GatherAll(rows, batch);
        model.PredictLogits(batch, logits.AsSpan(0, rows.Length * _outputs));
    }
}
