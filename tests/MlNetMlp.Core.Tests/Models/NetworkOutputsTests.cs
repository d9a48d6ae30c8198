using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Models;

/// <summary>Against one call of the loss for each row, in double precision.</summary>
public sealed class NetworkOutputsTests
{
    private const int Outputs = 5;

    private static readonly Loss[] _losses = [new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, new MulticlassHinge()];

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(32, 1, 2)]
    [InlineData(333, 1, 3)]
    [InlineData(333, 3, 1)]
    [InlineData(333, 3, 16)]
    public void Differentiate_AnyRowsMembersAndThreads_IsWhatTheLossSaysOfEachRow(int rows, int members, int threads)
    {
        foreach (Loss loss in _losses)
        {
            (float[] logits, RowBatch batch) = Case(rows, members);
            using var team = new ThreadTeam(threads);
            float[] gradient = new float[logits.Length];
            Array.Fill(gradient, float.NaN);
            var outputs = new NetworkOutputs(members, Outputs, rows + 10);
            LossSums sums = outputs.Differentiate(
                loss, Matrix(logits), batch, 0.3f, Matrix(gradient), TargetUnits.AsGiven(Outputs), team);

            double expected = 0;
            float[] slopes = new float[Outputs];
            for (int i = 0; i < members * rows; i++)
            {
                expected += loss.Gradient(
                    Row(logits, i), batch.TargetMatrix.Slice(i % rows, 1), batch.Weights.Slice(i % rows, 1), 0.3f / members, new(slopes, 1, Outputs));
                TestData.AssertSameBits(slopes, gradient.AsSpan(i * Outputs, Outputs).ToArray(), $"{loss}, row {i}");
            }

            Assert.Equal(expected / members, sums.Loss, Math.Abs(expected) * 1e-14);
            AssertMetric(loss, logits, batch, members, sums);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(333, 1, 3)]
    [InlineData(333, 3, 16)]
    public void Evaluate_AnyRowsMembersAndThreads_IsTheLossOfThePredictions(int rows, int members, int threads)
    {
        foreach (Loss loss in _losses)
        {
            (float[] logits, RowBatch batch) = Case(rows, members);
            using var team = new ThreadTeam(threads);
            var outputs = new NetworkOutputs(members, Outputs, rows);
            LossSums sums = outputs.Evaluate(loss, Matrix(logits), batch, TargetUnits.AsGiven(Outputs), team);

            double expected = 0;
            for (int i = 0; i < rows; i++)
            {
                expected += loss.LossSum(
                    new(Prediction(loss, logits, rows, i, members), 1, Outputs), batch.TargetMatrix.Slice(i, 1), batch.Weights.Slice(i, 1));
            }

            Assert.Equal(expected, sums.Loss, Math.Abs(expected) * 1e-14);
            AssertMetric(loss, logits, batch, members, sums);
        }
    }

    [Fact]
    public void Sums_AnyNumberOfThreads_HaveTheSameBits()
    {
        (float[] logits, RowBatch batch) = Case(1000, 2);
        var sums = new HashSet<LossSums>();
        foreach (int threads in (int[])[1, 2, 7])
        {
            using var team = new ThreadTeam(threads);
            sums.Add(new NetworkOutputs(2, Outputs, 1000).Differentiate(
                _losses[0], Matrix(logits), batch, 1, Matrix(new float[logits.Length]), TargetUnits.AsGiven(Outputs), team));
        }

        Assert.Single(sums);
    }

    [Fact]
    public void Differentiate_FunctionOfTheUser_IsCalledByTheCallersThread()
    {
        int caller = Environment.CurrentManagedThreadId, calls = 0;
        Loss loss = RegressionLoss.Custom("sum", (outputs, targets, gradient) =>
        {
            Assert.Equal(caller, Environment.CurrentManagedThreadId);
            calls++;
            gradient.Fill(1);
            return outputs[0];
        });
        (float[] logits, RowBatch batch) = Case(1000, 1);
        using var team = new ThreadTeam(3);
        LossSums sums = new NetworkOutputs(1, Outputs, 1000).Differentiate(loss, Matrix(logits), batch, 1, Matrix(new float[logits.Length]), null, team);
        Assert.Equal((1000, 0, 0), (calls, sums.Metric, sums.MetricWeight));
    }

    private static void AssertMetric(Loss loss, float[] logits, RowBatch batch, int members, LossSums sums)
    {
        double expected = 0, weight = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            weight += batch.Weights[i];
            expected += loss.MetricSum(new(Prediction(loss, logits, batch.Count, i, members), 1, Outputs), batch.TargetMatrix.Slice(i, 1),
                batch.Weights.Slice(i, 1), TargetUnits.AsGiven(Outputs).Scale);
        }

        Assert.Equal(expected, sums.Metric, 1e-14 * expected);
        Assert.Equal(weight, sums.MetricWeight, 1e-14 * weight);
    }

    private static float[] Prediction(Loss loss, float[] logits, int rows, int row, int members)
    {
        if (members == 1)
        {
            return logits[(row * Outputs)..((row + 1) * Outputs)];
        }

        float[] ofRow = [.. Enumerable.Range(0, members).SelectMany(m => logits.Skip(((m * rows) + row) * Outputs).Take(Outputs))];
        float[] average = new float[Outputs];
        loss.AverageLogits(new MatrixSpan(ofRow, members, Outputs), average);
        return average;
    }

    private static (float[] Logits, RowBatch Batch) Case(int rows, int members)
    {
        float[] targets = [.. Enumerable.Range(0, rows).Select(i => (float)(i % Outputs))], weights = [.. Enumerable.Range(0, rows).Select(i => 0.3f + i % 3)];
        return (TestData.Values(members * rows * Outputs, 1), Batches.Of(new float[rows], targets, weights));
    }

    private static MatrixSpan Matrix(float[] values) => new(values, values.Length / Outputs, Outputs);

    private static MatrixSpan Row(float[] values, int row) => Matrix(values).Slice(row, 1);
}
