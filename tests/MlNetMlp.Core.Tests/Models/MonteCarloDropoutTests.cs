using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class MonteCarloDropoutTests
{
    private static readonly MonteCarloDropout _few = new() { Passes = 7, Seed = 3 };

    public static TheoryData<string> Names => RandomModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictWithUncertainty_EveryArchitecture_EqualsTheReferenceWithTheSameMasks(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 9);
        (float[] mean, float[] deviation) = Predict(model, features, _few);

        // One row of scores for every pass of every member.
        double[][] scores =
        [
            .. model.Members.SelectMany((member, m) => Enumerable.Range(0, _few.Passes).Select(pass =>
                ReferenceScores.Of(member, features, Masks(model.Architecture, new SeededRandom(_few.Seed).At(m).At(pass), 9)))),
        ];
        double tolerance = 2e-5 * Math.Max(1, scores.Max(row => row.Max(Math.Abs)));
        for (int i = 0; i < mean.Length; i++)
        {
            double expected = scores.Average(row => row[i]);
            Assert.Equal(expected, mean[i], tolerance);
            Assert.Equal(Math.Sqrt(scores.Average(row => Math.Pow(row[i] - expected, 2))), deviation[i], tolerance);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PredictWithUncertainty_ManyPasses_ApproachTheSumOverAllMasks(bool residual)
    {
        // Two inputs and two units to drop: sixteen networks, whose probabilities are known.
        const float InputDropout = 0.25f, Dropout = 0.4f;
        const int Passes = 40_000;
        var architecture = new MlpArchitecture(2, 1)
        {
            InputDropout = InputDropout,
            HiddenLayers = [new(2) { Dropout = Dropout, Activation = Activation.Tanh, Residual = residual }]
        };
        MlpModel model = RandomModels.Create(architecture, new SquaredError());
        float[] features = [0.7f, -1.9f];
        (double Probability, double Score)[] all =
        [
            .. Enumerable.Range(0, 16).Select(bits =>
            {
                double probability = 1;
                double Factor(int bit, double drop)
                {
                    bool kept = (bits >> bit & 1) != 0;
                    probability *= kept ? 1 - drop : drop;
                    return kept ? 1 / (1 - drop) : 0;
                }

                double[][][] masks = [[[Factor(0, InputDropout), Factor(1, InputDropout)]], [[Factor(2, Dropout), Factor(3, Dropout)]]];
                return (probability, ReferenceScores.Of(model, features, masks)[0]);
            }),
        ];
        double mean = all.Sum(network => network.Probability * network.Score);
        double variance = all.Sum(network => network.Probability * Math.Pow(network.Score - mean, 2));
        double fourth = all.Sum(network => network.Probability * Math.Pow(network.Score - mean, 4));

        (float[] actualMean, float[] actualDeviation) = Predict(model, features, new MonteCarloDropout { Passes = Passes });

        // Four standard errors, of the mean and of the variance.
        Assert.Equal(mean, actualMean[0], 4 * Math.Sqrt(variance / Passes));
        Assert.Equal(variance, actualDeviation[0] * actualDeviation[0], 4 * Math.Sqrt((fourth - variance * variance) / Passes));
        Assert.True(Math.Sqrt(variance) > 0.1, "There is nothing to see.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictWithUncertainty_RowsAloneInBlocksOnThreadsAndAfterLoading_HaveTheSameBits(string name)
    {
        MlpModel model = RandomModels.Named(name);
        using var file = new MemoryStream(SmallData.Saved(model));
        MlpModel loaded = MlpModel.Load(file);
        float[] features = RandomModels.Features(model, 140);
        (float[] mean, float[] deviation) = Predict(model, features, _few);
        var expected = Enumerable.Range(0, 140).Select(i => (Bits.Of(mean.AsSpan(i * model.OutputCount, model.OutputCount)),
            Bits.Of(deviation.AsSpan(i * model.OutputCount, model.OutputCount)))).ToArray();
        Parallel.For(0, 140, i =>
        {
            float[] row = features[(i * model.FeatureCount)..((i + 1) * model.FeatureCount)];
            (float[] one, float[] spread) = Predict(i % 2 == 0 ? model : loaded, row, _few);
            Assert.Equal(expected[i].Item1, Bits.Of(one));
            Assert.Equal(expected[i].Item2, Bits.Of(spread));
        });

        // Random passes leave no trace in later scores.
        Assert.Equal(Bits.Of(RandomModels.Scores(loaded, features)), Bits.Of(RandomModels.Scores(model, features)));
    }

    [Fact]
    public void PredictWithUncertainty_OtherSeedOrPasses_OtherNumbers()
    {
        MlpModel model = RandomModels.Named("input dropout");
        float[] features = RandomModels.Features(model, 1);
        float[] means = [.. ((MonteCarloDropout[])[_few, _few with { Seed = 4 }, _few with { Passes = 8 }]).Select(passes => Predict(model, features,
            passes).Mean[0])];
        Assert.Equal(3, means.Distinct().Count());
    }

    [Fact]
    public void PredictWithUncertainty_OnePass_HasNoDeviation()
    {
        MlpModel model = RandomModels.Named("input dropout");
        float[] features = RandomModels.Features(model, 20);
        (float[] mean, float[] deviation) = Predict(model, features, new MonteCarloDropout { Passes = 1 });
        Assert.All(deviation, value => Assert.Equal(0, value));
        Assert.NotEqual(RandomModels.Scores(model, features), mean);
    }

    [Theory]
    [InlineData("every activation")]
    [InlineData("wide")]
    [InlineData("linear, squared")]
    public void PredictWithUncertainty_NoDropout_IsTheScoreWithoutDeviation(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 20);
        (float[] mean, float[] deviation) = Predict(model, features, _few);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(mean));
        Assert.All(deviation, value => Assert.Equal(0, value));
    }

    [Fact]
    public void PredictWithUncertainty_EnsembleWithoutDropout_IsTheSpreadOfItsMembers()
    {
        MlpModel model = RandomModels.Named("ensemble of hinge");
        float[] features = RandomModels.Features(model, 1);
        double[] members = [.. model.Members.Select(member => (double)RandomModels.Scores(member, features)[0])];
        (float[] mean, float[] deviation) = Predict(model, features, _few);
        Assert.Equal(members.Average(), mean[0], 1e-6);
        Assert.Equal(Math.Sqrt(members.Average(score => Math.Pow(score - members.Average(), 2))), deviation[0], 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictWithUncertainty_AfterTheFirstCall_AllocatesNothing(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 150), mean = new float[150 * model.OutputCount], deviation = new float[mean.Length];
        Assert.Equal(0, Allocations.Of(() => model.PredictWithUncertainty(features, mean, deviation, 150, _few)));
    }

    [Fact]
    public void PredictWithUncertainty_RefusedFeature_NamesItsRow()
    {
        MlpModel model = RandomModels.Named("input dropout");
        float[] features = RandomModels.Features(model, 300);
        features[280 * model.FeatureCount + 2] = float.PositiveInfinity;
        var refused = Assert.Throws<InvalidFeatureException>(() => Predict(model, features, _few));
        Assert.Equal((280, 2), (refused.Row, refused.Feature));
    }

    [Fact]
    public void PredictWithUncertainty_WrongArguments_AreRefused()
    {
        MlpModel model = RandomModels.Named("input dropout");
        Assert.Throws<ArgumentNullException>("passes", () => model.PredictWithUncertainty(new float[7], new float[1], new float[1], 1, null!));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => model.PredictWithUncertainty([], [], [], -1, _few));
        Assert.Throws<ArgumentException>("features", () => model.PredictWithUncertainty(new float[8], new float[1], new float[1], 1, _few));
        Assert.Throws<ArgumentException>("mean", () => model.PredictWithUncertainty(new float[7], new float[2], new float[1], 1, _few));
        Assert.Throws<ArgumentException>("standardDeviation", () => model.PredictWithUncertainty(new float[7], new float[1], [], 1, _few));
        model.PredictWithUncertainty([], [], [], 0, _few);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void Passes_OutOfRange_AreRefused(int passes) =>
        Assert.Contains("Passes must be in [1, 1000000]", Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarloDropout { Passes = passes })
            .Message, StringComparison.Ordinal);

    private static (float[] Mean, float[] Deviation) Predict(MlpModel model, float[] features, MonteCarloDropout passes)
    {
        int rows = features.Length / model.FeatureCount;
        float[] mean = new float[rows * model.OutputCount], deviation = new float[mean.Length];
        model.PredictWithUncertainty(features, mean, deviation, rows, passes);
        return (mean, deviation);
    }

    /// <summary>The masks of a pass, the same for all rows: one for the inputs and one for each hidden layer, if they have dropout.</summary>
    private static double[][][] Masks(MlpArchitecture architecture, SeededRandom random, int rows)
    {
        var masks = new List<double[][]>();
        Draw(NetworkPart.Input, architecture.InputDropout, architecture.EncodedSize);
        foreach ((int i, HiddenLayer layer) in architecture.HiddenLayers.Index())
        {
            Draw(NetworkPart.Hidden(i), layer.Dropout, layer.Units);
        }

        return [.. masks];

        void Draw(NetworkPart part, float drop, int units)
        {
            if (drop > 0)
            {
                float[] mask = new float[units];
                part.Random(random, RandomPurpose.Dropout).FillKeepMask(mask, 1 - drop);
                masks.Add([.. Enumerable.Repeat(Array.ConvertAll(mask, value => (double)value), rows)]);
            }
        }
    }
}
