using MlNetMlp.Diagnostics;
using MlNetMlp.Interop;

namespace MlNetMlp.Core.Tests;

/// <summary>Losses, activations, metrics, schedules and rules of a user: those that repeat a built-in one train the same network.</summary>
public sealed class CustomPartsTests
{
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 5, BatchSize = 8, NumberOfThreads = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loss_ThatRepeatsABuiltInOne_TrainsTheSameNetwork(bool standardizes)
    {
        // The built-in loss starts at the mean of the targets.
        MlpTrainingOptions options = _options with { OutputBiasFromTargets = false };
        MlpTrainingResult own = Train(CustomParts.Squared(standardizes), options), builtIn = Train(
            new SquaredError { StandardizeTargets = standardizes }, options);

        Assert.Equal(builtIn.Model.Values.ToArray(), own.Model.Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(builtIn.History.Select(report => report.ValidationMetric!.Value), own.History.Select(report => report.ValidationMetric!.Value),
            (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Loss_IsSavedByItsName_AndScoresWithoutTheFunction()
    {
        foreach (Loss loss in (Loss[])[CustomParts.Exponential, CustomParts.Focal, CustomParts.Quartic])
        {
            MlpTrainingResult result = Train(loss, _options);
            Assert.True(result.History[^1].TrainingLoss < result.History[0].TrainingLoss);
            MlpModel loaded = Loaded(result.Model);

            Assert.Equal(result.Model.Loss, loaded.Loss);
            Assert.Equal(result.Model.ToString(), loaded.ToString());
            float[] scores = new float[result.Model.OutputCount], again = new float[scores.Length];
            result.Model.Predict([0.5f, -1, 2, 0], scores);
            loaded.Predict([0.5f, -1, 2, 0], again);
            Assert.Equal(scores, again);
            if (loss is MulticlassLoss)
            {
                Assert.Equal(1, scores.Sum(), 1e-6f);
            }

            string message = Assert.Throws<InvalidOperationException>(() => Train(loaded.Loss, _options with { NumberOfEpochs = 1 })).Message;
            Assert.Contains($"only the name '{loss.CustomName}'", message, StringComparison.Ordinal);

            MlpTrainingResult more = MlpTrainer.Train(Task(loss, _options) with { InitialModel = loaded });
            Assert.True(more.History[0].TrainingLoss < result.History[0].TrainingLoss);
        }
    }

    [Fact]
    public void Training_WithAnotherLossOfTheSameKind_DoesNotContinue()
    {
        MlpModel model = Train(CustomParts.Quartic, _options).Model;

        string message = Assert.Throws<ArgumentException>(() =>
            MlpTrainer.Train(Task(CustomParts.Squared(true), _options) with { InitialModel = model })).Message;

        Assert.Contains("Custom 'quartic', and the options ask for Custom 'squared'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void GradientCheck_FindsAWrongGradient()
    {
        RegressionLoss wrong = RegressionLoss.Custom("wrong", (outputs, targets, gradient) =>
        {
            gradient.Clear();
            gradient[0] = outputs[0];
            return 0.5 * (outputs[0] - targets[0]) * (outputs[0] - targets[0]);
        });
        Activation wrongSlope = Activation.Custom("wrong slope", z => z * z, z => z);

        Assert.Equal(GradientCheckVerdict.Passed, MlNetMlp.Diagnostics.GradientCheck.Run(Task(CustomParts.Quartic, _options)).Verdict);
        Assert.Equal(GradientCheckVerdict.Failed, MlNetMlp.Diagnostics.GradientCheck.Run(Task(wrong, _options)).Verdict);
        Assert.Equal(GradientCheckVerdict.Failed, MlNetMlp.Diagnostics.GradientCheck.Run(Task(new SquaredError(), _options, wrongSlope)).Verdict);
    }

    [Fact]
    public void Activation_IsSavedByItsName_AndLoadedWhereItIsRegistered()
    {
        // A name of this test alone: the list is one of the process.
        Activation square = Activation.Custom("square of this test", z => z * z, z => 2 * z);
        MlpModel model = MlpTrainer.Train(Task(new SquaredError(), _options, square)).Model;
        byte[] file = SmallData.Saved(model);

        string message = Assert.Throws<NotSupportedException>(() => MlpModel.Load(new MemoryStream(file))).Message;
        Assert.Contains("activation 'square of this test'", message, StringComparison.Ordinal);
        Assert.Contains("Activation.Register(Activation.Custom(\"square of this test\", function, derivative))", message, StringComparison.Ordinal);

        Activation.Register(square);
        MlpModel loaded = MlpModel.Load(new MemoryStream(file));
        float[] scores = new float[3], again = new float[3];
        model.Predict([0.5f, -1, 2, 0], scores);
        loaded.Predict([0.5f, -1, 2, 0], again);
        Assert.Equal(scores, again);
    }

    [Fact]
    public void Activation_ThatRepeatsABuiltInOne_TrainsTheSameNetwork()
    {
        Activation half = Activation.Custom("half below 0", z => z > 0 ? z : 0.5f * z, z => z > 0 ? 1 : 0.5f);
        HiddenLayer layer = new(6) { WeightInitializer = Initializer.He, Normalization = Normalization.Batch };
        TrainingTask Of(Activation activation) => new(
            new(4, 3) { HiddenLayers = [layer with { Activation = activation }, layer with { Activation = activation, Normalization = null }] },
            new SquaredError(), SmallData.For(new SquaredError(), 40))
        { Options = _options };

        Assert.Equal(
            MlpTrainer.Train(Of(Activation.LeakyRelu(0.5f))).Model.Values.ToArray(), MlpTrainer.Train(Of(half)).Model.Values.ToArray());
    }

    [Fact]
    public void Activation_IsNotExported()
    {
        MlpModel model = MlpTrainer.Train(Task(new SquaredError(), _options, CustomParts.Softsign)).Model;

        Assert.Contains("Custom 'softsign' cannot be written as C#",
            Assert.Throws<NotSupportedException>(() => model.ExportCSharp(new StringWriter())).Message, StringComparison.Ordinal);
    }

    /// <summary>The mean of squared differences, computed as the loss does, in the units of the targets.</summary>
    [Fact]
    public void Metric_SeesScoresAndTargetsAsGiven()
    {
        var metric = new EpochMetric("mine", higherIsBetter: false, rows =>
        {
            double sum = 0, weight = 0;
            for (int i = 0; i < rows.Count; i++)
            {
                for (int k = 0; k < 3; k++)
                {
                    sum += rows.Weight(i) * Math.Pow(rows.Scores(i)[k] - rows.Targets(i)[k], 2);
                }

                weight += 3 * rows.Weight(i);
            }

            return Math.Sqrt(sum / weight);
        });
        TrainingHistory own = Train(new SquaredError(), _options with { Metric = metric }).History, usual = Train(new SquaredError(), _options).History;

        Assert.Equal("mine", own.MetricName);
        Assert.Contains("validation mine ", own[0].ToString(), StringComparison.Ordinal);
        for (int i = 0; i < own.Count; i++)
        {
            Assert.Equal(usual[i].ValidationMetric!.Value, own[i].ValidationMetric!.Value, 1e-5);
            Assert.Equal(usual[i].TrainingMetric, own[i].TrainingMetric, 1e-5);
            Assert.Equal(usual[i].ValidationLoss, own[i].ValidationLoss);
        }
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 1)]
    public void Metric_ChoosesTheBestEpoch(bool higherIsBetter, int expected)
    {
        // Asked for the training rows and then for the validation rows of every epoch, it rises.
        int calls = 0;
        MlpTrainingResult result = Train(new SquaredError(), _options with
        {
            Metric = new("mine", higherIsBetter, _ => ++calls),
            EarlyStopping = new() { Monitor = MonitoredQuantity.Metric },
        });

        Assert.Equal(expected, result.BestEpoch);
        Assert.Equal([2, 4, 6, 8, 10], result.History.Select(report => (int)report.ValidationMetric!.Value));
    }

    [Fact]
    public void Metric_ThatIsNoNumber_CannotChoose()
    {
        MlpTrainingOptions options = _options with { Metric = new("mine", true, _ => double.NaN) };

        Train(new SquaredError(), options);
        string message = Assert.Throws<InvalidOperationException>(() =>
            Train(new SquaredError(), options with { EarlyStopping = new() { Monitor = MonitoredQuantity.Metric } })).Message;

        Assert.Contains("'mine' of the validation rows is not a number after epoch 1", message, StringComparison.Ordinal);
        Assert.Contains("with 2 Shards it must be null",
            Assert.Throws<ArgumentException>(() => Train(new SquaredError(), options with { Shards = 2 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_ThatRepeatsABuiltInOne_TrainsTheSameNetwork()
    {
        Schedule own = Schedule.Custom("mine", 0.01f, (epoch, epochs) => 0.01f * (1 + Math.Cos(Math.PI * epoch / epochs)) / 2);

        Assert.Equal(
            Train(new SquaredError(), _options with { LearningRate = Schedule.Cosine(0.01f) }).Model.Values.ToArray(),
            Train(new SquaredError(), _options with { LearningRate = own }).Model.Values.ToArray());
        string message = Assert.Throws<InvalidOperationException>(() => Train(new SquaredError(), _options with
        {
            LearningRate = Schedule.Custom("mine", 1, (epoch, _) => epoch < 1 ? 1 : -1),
        })).Message;
        Assert.Contains("'mine' gives -1 at epoch 1.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_StopsTheTraining()
    {
        MlpTrainingResult result = Train(new SquaredError(), _options with
        {
            EarlyStopping = new() { Rule = StoppingRule.Custom("mine", history => history[^1].Epoch == 3) },
        });

        Assert.Equal((3, TrainingEnd.StoppedEarly), (result.History.Count, result.End));
    }

    [Fact]
    public void Names_MustBeThere()
    {
        Assert.Throws<ArgumentException>("name", () => Activation.Custom("", z => z, z => 1));
        Assert.Throws<ArgumentNullException>("derivative", () => Activation.Custom("a", z => z, null!));
        Assert.Throws<ArgumentException>("activation", () => Activation.Register(Activation.Relu));
        Assert.Throws<ArgumentException>("name", () => Schedule.Custom("", 1, (_, _) => 1));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => Schedule.Custom("a", -1, (_, _) => 1));
        Assert.Throws<ArgumentNullException>("function", () => RegressionLoss.Custom("a", null!));
        Assert.Throws<ArgumentException>("name", () => new EpochMetric("", true, _ => 1));
        Assert.Throws<ArgumentNullException>("stops", () => StoppingRule.Custom("a", null!));
    }

    private static MlpTrainingResult Train(Loss loss, MlpTrainingOptions options) => MlpTrainer.Train(Task(loss, options));

    private static TrainingTask Task(Loss loss, MlpTrainingOptions options, Activation? activation = null) => new(
        new(4, loss is BinaryLoss ? 1 : 3) { HiddenLayers = [new(6) { Activation = activation ?? Activation.Tanh }] },
        loss, SmallData.For(loss, 40))
    {
        Validation = SmallData.For(loss, 30, seed: 2),
        Options = options,
    };

    private static MlpModel Loaded(MlpModel model) => MlpModel.Load(new MemoryStream(SmallData.Saved(model)));
}
