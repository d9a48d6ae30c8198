using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class WeightAveragingTests
{
    private const int Epochs = 4;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(7) { Activation = Activation.Tanh }] };
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = Epochs,
        BatchSize = 16,
        LearningRate = 0.02f,
        NumberOfThreads = 1,
    };

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Train_Exponential_GivesTheMeanThatForgets(float decay)
    {
        (MlpTrainingResult result, List<float[]> steps) = Train(WeightAveraging.Exponential(decay));

        // Weights decay^(t - i), divided by their sum: what the correction of the start comes to.
        double[] shares = [.. steps.Select((_, i) => Math.Pow(decay, steps.Count - 1 - i))];
        AssertIsMean(shares, steps, result.Model);
    }

    [Theory]
    [InlineData(0.3f, 5)]
    [InlineData(1f, 16)]
    [InlineData(0.001f, 1)]
    public void Train_Polyak_GivesTheMeanOfTheLastSteps(float part, int last)
    {
        (MlpTrainingResult result, List<float[]> steps) = Train(WeightAveraging.Polyak(part));

        Assert.Equal(16, steps.Count);
        AssertIsMean([.. steps.Select((_, i) => i >= steps.Count - last ? 1.0 : 0)], steps, result.Model);
    }

    [Fact]
    public void Train_WithAverage_LearnsAsWithout()
    {
        List<float[]> without = Train(null).Steps, with = Train(WeightAveraging.Exponential(0.9f)).Steps;
        Assert.Equal(without.SelectMany(Enumerable.AsEnumerable), with.SelectMany(Enumerable.AsEnumerable));
    }

    /// <summary>A rate at which single steps jump about: their average is better, it is what the reports tell of, and an epoch of it is kept.</summary>
    [Fact]
    public void Train_Validated_ReportsAndKeepsTheAverage()
    {
        InMemoryRows validation = SmallData.For(_loss, 60, seed: 2);
        MlpTrainingOptions options = _options with { NumberOfEpochs = 30, LearningRate = 0.1f, WeightAveraging = WeightAveraging.Exponential(0.95f) };
        MlpTrainingResult averaged = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64)) { Options = options, Validation = validation });
        MlpTrainingResult plain = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = options with { WeightAveraging = null },
            Validation = validation,
        });

        double[] losses = [.. averaged.History.Select(report => report.ValidationLoss!.Value)];
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, averaged.BestEpoch);
        Assert.Equal(Evaluation.Accuracy(averaged.Model, validation), averaged.History[averaged.BestEpoch - 1].ValidationMetric!.Value, 1e-9);
        Assert.True(Roughness(averaged) < 0.5 * Roughness(plain));

        static double Roughness(MlpTrainingResult result) =>
            result.History.Zip(result.History.Skip(1), (one, next) => Math.Abs(one.ValidationLoss!.Value - next.ValidationLoss!.Value)).Sum();
    }

    /// <summary>
    /// Statistics that are kept up while training belong to the weights that learn; those of the average are collected, as a layer would that
    /// always collects them.
    /// </summary>
    [Fact]
    public void Train_BatchNormalization_HasStatisticsOfTheAverage()
    {
        float[] running = Values(BatchStatistics.RunningAverage), collected = Values(BatchStatistics.TrainingSet);
        Assert.Equal(Bits.Of(collected), Bits.Of(running));

        static float[] Values(BatchStatistics statistics)
        {
            MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(7) { Normalization = new BatchNormalization { Statistics = statistics } }] };
            return MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 64))
            {
                Options = _options with { WeightAveraging = WeightAveraging.Exponential(0.8f) },
            }).Model.Values.ToArray();
        }
    }

    /// <summary>Batch renormalization keeps up its statistics itself; they stay those of the training.</summary>
    [Fact]
    public void Train_BatchRenormalization_KeepsTheStatisticsOfTheTraining()
    {
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(7) { Normalization = Normalization.BatchRenormalization }] };
        ParameterVector plain = Parameters(null), averaged = Parameters(WeightAveraging.Exponential(0.8f));
        int learned = plain.Layout.TrainableLength;
        Assert.Equal(plain.Values.Span[learned..].ToArray(), averaged.Values.Span[learned..].ToArray());
        Assert.NotEqual(plain.Trainable.ToArray(), averaged.Trainable.ToArray());

        ParameterVector Parameters(WeightAveraging? averaging) => MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = _options with { WeightAveraging = averaging },
        }).Model.RestoreParameters();
    }

    [Fact]
    public void Train_FromAModel_AveragesTheNewStepsAlone()
    {
        MlpModel start = Train(null).Result.Model;
        (MlpTrainingResult result, List<float[]> steps) = Train(WeightAveraging.Polyak(1), start);
        AssertIsMean([.. steps.Select(_ => 1.0)], steps, result.Model);
    }

    [Fact]
    public void Train_AnyThreads_AveragesToTheSameBits()
    {
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(300), new(131)] };
        float[] one = Values(1);
        Assert.Equal(Bits.Of(one), Bits.Of(Values(3)));
        Assert.True(one.Length > 2 * 16384);

        float[] Values(int threads) => MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 64))
        {
            UsesAllThreads = true,
            Options = _options with { NumberOfEpochs = 2, NumberOfThreads = threads, WeightAveraging = WeightAveraging.Exponential(0.9f) },
        }).Model.Values.ToArray();
    }

    private static (MlpTrainingResult Result, List<float[]> Steps) Train(WeightAveraging? averaging, MlpModel? from = null)
    {
        var steps = new StepRecorder();
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 64))
        {
            Options = _options with { WeightAveraging = averaging },
            StepObserver = steps,
            InitialModel = from,
        });
        return (result, steps.Values);
    }

    /// <summary>In double precision, from the weights after each step.</summary>
    private static void AssertIsMean(double[] shares, List<float[]> steps, MlpModel model)
    {
        double total = shares.Sum(), moved = 0;
        float[] average = model.Values.ToArray();
        for (int j = 0; j < average.Length; j++)
        {
            double expected = steps.Zip(shares, (values, share) => values[j] * share).Sum() / total;
            Assert.Equal(expected, average[j], 1e-6 * Math.Max(1, Math.Abs(expected)));
            moved = Math.Max(moved, Math.Abs(steps[0][j] - steps[^1][j]));
        }

        // The tolerance is far below what the steps are apart.
        Assert.True(moved > 0.01);
    }

    private sealed class StepRecorder : IStepObserver
    {
        public List<float[]> Values { get; } = [];

        public void BeforeUpdate(ParameterVector parameters, long step)
        {
        }

        public void AfterUpdate(ParameterVector parameters) => Values.Add(parameters.Snapshot());
    }
}
