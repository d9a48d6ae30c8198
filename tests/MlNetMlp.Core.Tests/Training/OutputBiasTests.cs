namespace MlNetMlp.Core.Tests;

public class OutputBiasTests
{
    private static readonly MlpTrainingOptions _oneStep = new() { BatchSize = 1000, NumberOfEpochs = 1, LearningRate = 1e-6f, NumberOfThreads = 1 };

    /// <summary>Three classes of 1, 2 and 5 rows of the weight 2, 1 and 1.</summary>
    private static InMemoryRows Classes(Func<int, float>? target = null)
    {
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 8; i++)
        {
            int @class = i == 0 ? 0 : i < 3 ? 1 : 2;
            rows.Add([i % 3, i % 2], [target?.Invoke(@class) ?? @class], i == 0 ? 2 : 1);
        }

        return rows;
    }

    [Fact]
    public void Train_Softmax_BeginsWithTheEntropyOfTheWeightedClasses()
    {
        double[] shares = [2 / 9.0, 2 / 9.0, 5 / 9.0];
        var loss = new SoftmaxCrossEntropy();
        Assert.Equal(-shares.Sum(share => share * Math.Log(share)), FirstLoss(loss, 3, Classes()), 1e-6);
        Assert.Equal(Math.Log(3), FirstLoss(loss, 3, Classes(), _oneStep with { OutputBiasFromTargets = false }), 1e-6);

        // Classes that count the same begin as they always did.
        Assert.Equal(Math.Log(3), FirstLoss(loss with { ClassWeights = ClassWeights.Balanced }, 3, Classes()), 1e-6);
    }

    [Fact]
    public void Train_Sigmoid_BeginsWithTheEntropyOfTheWeightedClasses() => Assert.Equal(
        -(4 / 9.0 * Math.Log(4 / 9.0)) - (5 / 9.0 * Math.Log(5 / 9.0)),
        FirstLoss(new SigmoidCrossEntropy(), 1, Classes(@class => @class < 2 ? 1 : 0)), 1e-6);

    [Fact]
    public void Train_Values_BeginsAtTheMeanOrTheMedian()
    {
        // The value 10 with the weight 4, and 30 with the weight 5.
        InMemoryRows rows = Classes(@class => @class < 2 ? 10 : 30);
        double mean = ((4 * 10.0) + (5 * 30.0)) / 9, half = ((4 * Math.Pow(10 - mean, 2)) + (5 * Math.Pow(30 - mean, 2))) / 9 / 2;
        Assert.Equal(half, FirstLoss(new SquaredError { StandardizeTargets = false }, 1, rows), 1e-4);
        Assert.Equal(0.5, FirstLoss(new SquaredError(), 1, rows), 1e-5);
        Assert.Equal(4 * 20 / 9.0, FirstLoss(new AbsoluteError { StandardizeTargets = false }, 1, rows), 1e-4);
    }

    [Fact]
    public void Train_LossesOfMargins_BeginAtZero()
    {
        Assert.Equal(1, FirstLoss(new BinaryHinge(), 1, Classes(@class => @class < 2 ? 1 : 0)), 1e-6);
        Assert.Equal(2, FirstLoss(new MulticlassHinge(), 3, Classes()), 1e-6);
    }

    [Fact]
    public void Train_WithHiddenLayers_MovesTheOutputsAlone()
    {
        MlpArchitecture architecture = new(2, 3) { HiddenLayers = [new(4) { InitialBias = 0.5f, Normalization = Normalization.Batch }] };
        MlpModel model = MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), Classes()) { Options = _oneStep }).Model;
        ParameterVector parameters = model.RestoreParameters();
        float[] Value(string name) => parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == name)).ToArray();
        Assert.All(Value("Hidden1.Normalization.Shift"), shift => Assert.Equal(0.5, shift, 1e-5));
        Assert.All(Value("Output.Biases").Zip([Math.Log(2 / 9.0), Math.Log(2 / 9.0), Math.Log(5 / 9.0)]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void Train_FromAModel_KeepsItsBiases()
    {
        MlpArchitecture architecture = new(2, 3) { OutputInitializer = Initializer.Zero };
        var loss = new SoftmaxCrossEntropy();
        MlpModel zeros = MlpTrainer.Train(new(architecture, loss, Classes()) { Options = _oneStep with { OutputBiasFromTargets = false } }).Model;
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, Classes()) { Options = _oneStep, InitialModel = zeros });
        Assert.Equal(Math.Log(3), result.History[0].TrainingLoss, 1e-4);
    }

    [Fact]
    public void BestConstant_MoreTargetsThanAreLookedAt_AreSampledWithoutAPattern()
    {
        const int Rows = 3_000_000;
        var sample = new TargetSample(Rows, 1);
        for (int i = 0; i < Rows; i++)
        {
            sample.Add([i % 3 == 0 ? 1 : 0], 1);
        }

        float logOdds = Assert.Single(sample.BestConstant(new SigmoidCrossEntropy(), TargetUnits.AsGiven(1), 1));
        Assert.Equal(Math.Log(0.5), logOdds, 0.01);
    }

    private static double FirstLoss(Loss loss, int outputs, InMemoryRows rows, MlpTrainingOptions? options = null) => MlpTrainer.Train(
        new(new MlpArchitecture(2, outputs) { OutputInitializer = Initializer.Zero }, loss, rows) { Options = options ?? _oneStep }).History[0].TrainingLoss;
}
