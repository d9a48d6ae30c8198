namespace MlNetMlp.Core.Tests;

/// <summary>Sparse rows have the scores of the same rows made dense, bit for bit.</summary>
public class SparseScoringTests
{
    private const int Features = 40;
    private const int Rows = 300;

    public static TheoryData<string, MlpArchitecture> Networks => new()
    {
        { "linear", new(Features, 3) },
        { "hidden", new(Features, 3) { InputDropout = 0.2f, HiddenLayers = [new(9) { Normalization = Normalization.Batch }, new(5) { Dropout = 0.1f }] } },
        { "weight normalization", new(Features, 3) { HiddenLayers = [new(9) { Normalization = Normalization.Weight }, new(9) { Residual = true }] } },
        { "maxout", new(Features, 3) { HiddenLayers = [new(9) { Activation = Activation.Maxout() }] } },
        {
            "categories", new(Features, 3)
            {
                Categories = new(Features, [new(1, 9), new(20, 35)], [false, true], 4, 0.1f),
                InputDropout = 0.1f,
                HiddenLayers = [new(9)],
            }
        },
        { "residual", new(Features, 3) { HiddenLayers = [new(Features) { Residual = true }] } },
        { "cosine", new(Features, 3) { HiddenLayers = [new(9) { Normalization = Normalization.Cosine }] } },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Predict_AnyNetwork_HasTheBitsOfDenseRows(string name, MlpArchitecture architecture)
    {
        // Random weights behind the standardization of sparse rows, and behind that of dense ones.
        Assert.NotEmpty(name);
        var loss = new SoftmaxCrossEntropy();
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, 60, alter: (i, x) => x[3] = i + 1);
        foreach (IRowSource rows in new IRowSource[] { sparse, dense })
        {
            MlpModel units = MlpTrainer.Train(new(new(Features, 3), loss, rows) { Options = new MlpTrainingOptions { NumberOfEpochs = 1 } }).Model;
            Assert.Equal(rows is SparseRows, units.KeepsZeros);
            MlpModel random = RandomModels.Create(architecture, loss, seed: 4);
            AssertSame(new MlpModel(architecture, loss, units.Standardizer, random.Targets, random.Values.ToArray()), loss);
        }
    }

    [Fact]
    public void Predict_Ensemble_HasTheBitsOfDenseRows()
    {
        var loss = new SigmoidCrossEntropy();
        SparseRows rows = SparseData.For(loss, 60).Sparse;
        AssertSame(MlpTrainer.Train(new(new(Features, 1) { HiddenLayers = [new(6)] }, loss, rows)
        {
            Options = new MlpTrainingOptions { NumberOfEpochs = 2, Ensemble = Ensemble.Seeds(3) },
        }).Model, loss);
    }

    [Fact]
    public void Predict_RowOfZerosWithoutAFiniteScore_IsRefused()
    {
        var architecture = new MlpArchitecture(Features, 1) { HiddenLayers = [new(2) { Activation = Activation.Identity }] };
        float[] values = new float[new MlpNetwork(architecture, 0).Parameters.Snapshot().Length];
        values.AsSpan().Fill(1e30f);
        var model = new MlpModel(
            architecture, new SquaredError(), FeatureStandardizer.AsGiven(Features, InvalidValueHandling.Impute, InvalidValueHandling.Fail),
                TargetUnits.AsGiven(1), values);
        var rows = new SparseFeatures(Features);
        rows.Add([], []);

        Assert.Contains("weights are too large", Assert.Throws<InvalidFeatureException>(() => model.Predict(rows, new float[1])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_AgainAndAgain_AllocatesNothing()
    {
        var loss = new SoftmaxCrossEntropy();
        (MlpModel model, SparseFeatures rows) = Wide(loss);
        float[] scores = new float[3 * rows.Rows];
        Assert.Equal(0, Allocations.Of(() => model.Predict(rows, scores)));
    }

    [Fact]
    public void Predict_BadRows_AreRefusedByRowAndFeature()
    {
        var loss = new SoftmaxCrossEntropy();
        MlpModel model = MlpTrainer.Train(new(new(Features, 3), loss, SparseData.For(loss, 60).Sparse)
        {
            Options = new MlpTrainingOptions { NumberOfEpochs = 1, MissingValues = InvalidValueHandling.Fail },
        }).Model;
        var rows = new SparseFeatures(Features);
        for (int i = 0; i < 200; i++)
        {
            rows.Add([2], [1]);
        }

        rows.Add([2, 7], [1, float.NaN]);
        var missing = Assert.Throws<InvalidFeatureException>(() => model.Predict(rows, new float[3 * 201]));
        Assert.Equal((200, 7), (missing.Row, missing.Feature));

        rows.Clear();
        rows.Add([2], [1]);
        rows.Add([3, 5], [1, 3e38f]);
        float[] strong = [.. model.Values.ToArray().Select(value => 1000 * value)];
        var steep = new MlpModel(model.Architecture, loss, model.Standardizer, model.Targets, strong);
        var large = Assert.Throws<InvalidFeatureException>(() => steep.Predict(rows, new float[6]));
        Assert.Equal((1, 5), (large.Row, large.Feature));
        Assert.Throws<ArgumentException>(() => model.Predict(rows, new float[5]));
        Assert.Throws<ArgumentException>(() => model.Predict(new SparseFeatures(Features + 1), []));
    }

    [Fact]
    public void Load_OfAModelFromSparseRows_ScoresTheSame()
    {
        var loss = new SoftmaxCrossEntropy();
        (MlpModel model, SparseFeatures rows) = Wide(loss);
        MlpModel loaded = MlpModel.Load(new MemoryStream(SmallData.Saved(model)));
        float[] expected = new float[3 * rows.Rows], actual = new float[3 * rows.Rows];
        model.Predict(rows, expected);
        loaded.Predict(rows, actual);
        Assert.Equal(Bits.Of(expected), Bits.Of(actual));
        Assert.True(loaded.KeepsZeros);
    }

    private static (MlpModel Model, SparseFeatures Rows) Wide(Loss loss)
    {
        (SparseRows rows, _) = SparseData.For(loss, 60, 2000, 0.01f);
        return (MlpTrainer.Train(new(new(2000, 3) { HiddenLayers = [new(7)] }, loss, rows)
        {
            Options = new MlpTrainingOptions { NumberOfEpochs = 1 },
        }).Model, rows.Read().SparseFeatures);
    }

    private static void AssertSame(MlpModel model, Loss loss)
    {
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, Rows, seed: 8, alter: (i, x) => (x[3], x[4]) = i == 77 ? (0, float.NaN) : (i, x[4]));
        float[] expected = new float[Rows * model.OutputCount], actual = new float[Rows * model.OutputCount];
        model.Predict(dense.Read().Features, expected, Rows);
        model.Predict(sparse.Read().SparseFeatures, actual);
        Assert.Equal(Bits.Of(expected), Bits.Of(actual));
    }
}
