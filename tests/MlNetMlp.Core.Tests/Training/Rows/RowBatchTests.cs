using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Rows of either kind go into batches of either kind, and sources pass on what others add.</summary>
public sealed class RowBatchTests
{
    private static readonly float[][] _rows = [[0, 2, 0, float.NaN], [0, 0, 0, 0], [1, -1, 0.5f, 3]];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Add_RowsOfEitherKind_AreTheSameInEitherBatch(bool isSparse, bool areSparse)
    {
        // Forty rows: the batch has to grow twice, with rows in it that must stay.
        var batch = new RowBatch(4, 2, isSparse);
        for (int i = 0; i < 40; i++)
        {
            float[] x = _rows[i % 3], y = [i, -i];
            if (areSparse)
            {
                int[] indices = [.. Enumerable.Range(0, 4).Where(j => x[j] != 0)];
                batch.Add(indices, [.. indices.Select(j => x[j])], y, i + 0.5f);
            }
            else
            {
                batch.Add(x, y, i + 0.5f);
            }
        }

        Assert.Equal((40, isSparse), (batch.Count, batch.IsSparse));
        Assert.Equal(Enumerable.Range(0, 40).SelectMany(i => new float[] { i, -i }), batch.Targets.ToArray());
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i + 0.5f), batch.Weights.ToArray());
        Assert.Equal(Enumerable.Range(0, 40).SelectMany(i => _rows[i % 3]), Dense(batch));
        Assert.Equal(isSparse ? [1, 3] : null, isSparse ? batch.SparseFeatures.Indices(3).ToArray() : null);
    }

    [Fact]
    public void Clear_OfUsedBatch_LeavesNothingOfItsRows()
    {
        foreach (bool isSparse in new[] { false, true })
        {
            var batch = new RowBatch(4, 1, isSparse);
            batch.Add(_rows[2], [7], 3);
            batch.Clear();
            Assert.Equal((0, 0, 0, 0), (batch.Count, Dense(batch).Length, batch.Targets.Length, batch.Weights.Length));
            batch.Add([2], [5], [8]);
            Assert.Equal([0, 0, 5, 0], Dense(batch));
            Assert.Equal((8, 1), (batch.Targets[0], batch.Weights[0]));
        }
    }

    [Fact]
    public void Add_WrongRows_AreRefusedAndNotKept()
    {
        foreach (bool isSparse in new[] { false, true })
        {
            var batch = new RowBatch(4, 1, isSparse);
            Assert.Throws<ArgumentException>("features", () => batch.Add([1, 2, 3], [0]));
            Assert.Throws<ArgumentException>("targets", () => batch.Add(_rows[0], []));
            Assert.Throws<ArgumentException>("targets", () => batch.Add([1], [1], [0, 0]));
            Assert.Throws<ArgumentException>("values", () => batch.Add([1], [1, 1], [0]));
            Assert.Throws<ArgumentException>("indices", () => batch.Add([2, 2], [1, 1], [0]));
            Assert.Throws<ArgumentOutOfRangeException>("indices", () => batch.Add([4], [1], [0]));
            Assert.Equal((0, 0), (batch.Count, Dense(batch).Length));
        }

        Assert.Throws<ArgumentOutOfRangeException>("featureCount", () => new RowBatch(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("targetCount", () => new RowBatch(1, 0));
        Assert.Throws<ArgumentNullException>("source", () => new RowBatch(null!));
    }

    [Fact]
    public void Features_OfTheOtherKind_AreRefused()
    {
        Assert.Contains("SparseFeatures", Assert.Throws<InvalidOperationException>(() => new RowBatch(4, 1, isSparse: true).Features.Length).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new RowBatch(4, 1).SparseFeatures);
    }

    /// <summary>Whatever stands between a source and a batch asks for other rows or changes those that were added, and no others.</summary>
    [Fact]
    public void Gather_IntoABatchWithRows_AppendsAndLeavesTheOthers()
    {
        InMemoryRows rows = SmallData.For(new SoftmaxCrossEntropy(), 40);
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Of(3, 5, 7) };
        (IRowSource weighted, _) = ClassWeightedRows.Apply(loss, 3, rows, null, default);
        var subset = new RowSubset(weighted, [5, 9, 5, 30]);
        RowBatch expected = rows.Read(5, 30), batch = rows.Read(1, 2);
        float[] before = [.. batch.Features.ToArray(), .. batch.Targets.ToArray(), .. batch.Weights.ToArray()];
        subset.Gather([2, 3], batch);

        float[] after = [.. batch.Features[..8].ToArray(), .. batch.Targets[..2].ToArray(), .. batch.Weights[..2].ToArray()];
        Assert.Equal(before, after);
        Assert.Equal(expected.Features.ToArray(), batch.Features[8..].ToArray());
        Assert.Equal(expected.Targets.ToArray(), batch.Targets[2..].ToArray());
        Assert.Equal(expected.Targets.ToArray().Select(target => target switch { 0 => 3f, 1 => 5, _ => 7 }), batch.Weights[2..].ToArray());
    }

    [Fact]
    public void Train_SourceThatForgetsARow_IsNamed()
    {
        var rows = new ForgetfulRows(SmallData.For(new SoftmaxCrossEntropy(), 40));
        var error = Assert.Throws<InvalidOperationException>(() => MlpTrainer.Train(
            new(new(4, 3), new SoftmaxCrossEntropy(), rows) { Options = new() { NumberOfEpochs = 1 } }));
        Assert.Contains("ForgetfulRows was asked for 16 rows and added 15", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The kind of the batches follows from the training rows alone, behind everything that stands in front of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_ValidationRowsOfTheOtherKind_LearnsTheSame(bool isSparse)
    {
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, 90);
        IRowSource training = isSparse ? sparse : dense, same = isSparse ? sparse : dense, other = isSparse ? dense : sparse;
        var options = new MlpTrainingOptions { NumberOfEpochs = 2, Ensemble = Ensemble.Bagging(2), NumberOfThreads = 1 };
        MlpTrainingResult expected = Train(same), actual = Train(other);

        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(actual.Model));
        Assert.Equal(expected.History.Select(report => report.ValidationLoss), actual.History.Select(report => report.ValidationLoss));
        Assert.Equal(isSparse, actual.Model.KeepsZeros);

        MlpTrainingResult Train(IRowSource validation) =>
            MlpTrainer.Train(new(new(40, 3) { HiddenLayers = [new(5)] }, loss, new ObservedRows(training))
            {
                Validation = new RowSubset(validation, [7, 3, 50]),
                Options = options,
            });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gather_AgainAndAgain_AllocatesNothing(bool isSparse)
    {
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, 90);
        (IRowSource weighted, _) = ClassWeightedRows.Apply(loss, 3, isSparse ? sparse : dense, null, default);
        var reader = new BatchReader(
            BootstrapRows.Draw(weighted, new SeededRandom(1)),
            FeatureStandardizer.AsGiven(40, InvalidValueHandling.Impute, InvalidValueHandling.Fail), null, 0.5, isSparse);
        RowBatch batch = reader.CreateBatch(50);
        int[] numbers = [.. Enumerable.Range(20, 50)];
        Assert.Equal(0, Allocations.Of(() => reader.Gather(numbers, batch)));
        Assert.Equal(50, batch.Count);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(11, 5)]
    [InlineData(3, 100)]
    public void InBlocks_OfAnySize_AreAllRowsOnceInTheirOrder(int count, int blockSize)
    {
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < count; i++)
        {
            rows.Add([i], [i]);
        }

        var seen = new List<float>();
        foreach ((int first, RowBatch block) in rows.InBlocks(blockSize))
        {
            Assert.Equal(seen.Count, first);
            Assert.InRange(block.Count, 1, blockSize);
            seen.AddRange(block.Features);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), seen);
        Assert.Equal((count + blockSize - 1) / blockSize, RowNumbers.InBlocks(count, blockSize).Count());
    }

    private static float[] Dense(RowBatch batch)
    {
        if (!batch.IsSparse)
        {
            return batch.Features.ToArray();
        }

        float[] dense = new float[batch.Count * batch.FeatureCount];
        batch.SparseFeatures.CopyTo(new MatrixSpan(dense, batch.Count, batch.FeatureCount), 0);
        return dense;
    }

    private sealed class ForgetfulRows(IRowSource rows) : IRowSource
    {
        public int Count => rows.Count;

        public int FeatureCount => rows.FeatureCount;

        public int TargetCount => rows.TargetCount;

        public void Gather(ReadOnlySpan<int> numbers, RowBatch batch) => rows.Gather(numbers[1..], batch);
    }
}
