using MlNetMlp.Diagnostics;
using MlNetMlp.Interop;
using MlNetMlp.Numerics;

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

    /// <summary>
    /// Without hidden layers, at the minimum: the sum of the scores is that of the counts, also when each is multiplied by one of the features (McCullagh and
    /// Nelder, Generalized Linear Models, 1989).
    /// </summary>
    [Fact]
    public void Loss_OfExponentialOutputs_IsAPoissonRegression()
    {
        var random = new SeededRandom(3);
        InMemoryRows rows = new(2, 1);
        for (int i = 0; i < 200; i++)
        {
            float x = random.Normal(2 * i), z = random.Normal(2 * i + 1);
            rows.Add([x, z], [MathF.Floor(MathF.Exp(4 + 0.5f * x - 0.3f * z) * random.At(i).Single(0))]);
        }

        MlpTrainingOptions options = _options with { Optimizer = new Lbfgs(), NumberOfEpochs = 200, BatchSize = null };
        TrainingTask task = new(new(2, 1), CustomParts.Poisson, rows) { Options = options };
        MlpTrainingResult result = MlpTrainer.Train(task);

        MlpModel loaded = Loaded(result.Model);
        Assert.Equal((result.Model.Loss, result.Model.ToString()), (loaded.Loss, loaded.ToString()));
        double[] sums = new double[3];
        double total = 0, squares = 0;
        float[] score = new float[1];
        var row = new RowBatch(rows);
        for (int i = 0; i < rows.Count; i++)
        {
            row.Clear();
            rows.GatherAll([i], row);
            loaded.Predict(row.Features, score);
            double difference = (double)score[0] - row.Targets[0];
            sums[0] += difference;
            sums[1] += difference * row.Features[0];
            sums[2] += difference * row.Features[1];
            total += row.Targets[0];
            squares += difference * difference;
        }

        Assert.All(sums, sum => Assert.InRange(Math.Abs(sum), 0, 1e-4 * total));
        Assert.Equal(Math.Sqrt(squares / rows.Count), result.History[^1].TrainingMetric, 0.01 * result.History[^1].TrainingMetric);

        // Outputs that are taken as they are mean something else.
        RegressionLoss same = RegressionLoss.Custom("Poisson", (_, _, _) => 0);
        Assert.Contains("Custom 'Poisson' of exponential outputs, and the options ask for Custom 'Poisson'", Assert.Throws<ArgumentException>(() =>
            MlpTrainer.Train(new TrainingTask(task.Architecture, same, rows) { Options = options, InitialModel = loaded })).Message, StringComparison.Ordinal);

        // A new network begins at the mean.
        MlpTrainingResult start = MlpTrainer.Train(task with { Options = _options with { NumberOfEpochs = 1, Optimizer = new Sgd(), LearningRate = 1e-12f } });
        Assert.Equal(Math.Log(total / rows.Count), start.Model.Weights()["Output.Biases"].Values.Span[0], 1e-4);
    }

    /// <summary>Members average their scores, and the loss is that of the logarithm of the mean.</summary>
    [Fact]
    public void Loss_OfExponentialOutputs_OfSharedMembers_IsThatOfTheirMeanScore()
    {
        InMemoryRows rows = new(4, 1);
        for (int i = 0; i < 30; i++)
        {
            rows.Add(SmallData.Row(new SquaredError(), i).Features, [i % 4]);
        }

        MlpTrainingResult result = MlpTrainer.Train(new(new(4, 1) { HiddenLayers = [new(6)] }, CustomParts.Poisson, rows)
        {
            Validation = rows,
            Options = _options with { Ensemble = Ensemble.Shared(3), NumberOfEpochs = 1 },
        });

        float[] score = new float[1];
        double loss = Enumerable.Range(0, 30).Average(i =>
        {
            result.Model.Predict(SmallData.Row(new SquaredError(), i).Features, score);
            return score[0] - i % 4 * Math.Log(score[0]);
        });
        Assert.Equal(loss, result.History[0].ValidationLoss!.Value, 1e-5);
    }

    [Fact]
    public void Scores_OfExponentialOutputs_AreFinite_AndThoseOfEnsemblesMeans()
    {
        MlpModel first = RandomModels.Named(RandomModels.OfExponentials), both = RandomModels.Ensemble(first, 2);
        float[] features = [0.5f, -1, 2, 0], scores = new float[3], mean = new float[3];
        both.Predict(features, mean);
        double[] sum = new double[3];
        foreach (MlpModel network in both.Networks)
        {
            network.Predict(features, scores);
            for (int k = 0; k < 3; k++)
            {
                sum[k] += scores[k];
            }
        }

        Assert.All(sum.Zip(mean), pair => Assert.Equal(pair.First / 2, pair.Second, 1e-5 * pair.Second));

        float[] row = [300, -300, 0];
        first.Loss.ToScores(row);
        Assert.Equal(Math.Exp(CustomRegressionLoss.LargestExponent), row[0], 1e33);
        Assert.Equal([0, 1], row[1..]);
        Assert.Throws<ArgumentException>("standardizeTargets",
            () => RegressionLoss.Custom("a", (_, _, _) => 0, standardizeTargets: true, OutputFunction.Exponential));
        Assert.Throws<ArgumentOutOfRangeException>("output", () => RegressionLoss.Custom("a", (_, _, _) => 0, output: (OutputFunction)7));
    }

    [Fact]
    public void Optimizer_ThatRepeatsABuiltInOne_TrainsTheSameNetwork()
    {
        MlpTrainingOptions options = _options with { RateFactors = new() { FirstLayer = 0.5f }, GradientClipping = GradientClipping.ByNorm(1) };

        Assert.Equal(
            Train(new SquaredError(), options with { Optimizer = new Sgd { WeightDecay = 0.01f } }).Model.Values.ToArray(),
            Train(new SquaredError(), options with { Optimizer = CustomParts.Descent with { WeightDecay = 0.01f } }).Model.Values.ToArray());
    }

    /// <summary>With l = 0.5 the gradient of 0.25 pulls towards 0 from either side, stops there, and cannot leave it.</summary>
    [Fact]
    public void Optimizer_L1_IsAPartOfTheGradient_AndStopsAtZero()
    {
        IOptimizerRule rule = CustomParts.Descent.CreateRule(4);
        float[] parameters = [1, -1, 0.05f, 0];
        rule.Begin(new StepContext(Rate: 0.2f, RateMultiplier: 1, Step: 1, L1: 0.5f));

        rule.Step(parameters, [0.25f, 0.25f, 0.25f, 0.25f], 0, new ParameterGroup(Decays: true));

        Assert.All(parameters.Zip([0.85f, -0.95f, 0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void Optimizer_SaysItsName_AndACheckpointKnowsIt()
    {
        static TrainingFingerprint Of(Optimizer optimizer) =>
            Task(new SquaredError(), _options with { Optimizer = optimizer }).Fingerprint(CancellationToken.None);

        Assert.Equal("Custom 'descent'", CustomParts.Descent.ToString());
        Assert.Equal("Custom 'descent' { WeightDecay = constant 0.5 }", (CustomParts.Descent with { WeightDecay = 0.5f }).ToString());
        Assert.Equal(CustomParts.Descent, Optimizer.Custom("descent", 0, (parameter, _, _, _, _) => parameter));
        Assert.NotEqual(CustomParts.Descent, CustomParts.Descent with { WeightDecay = 0.5f });
        Assert.Contains(Of(CustomParts.RootMeanSquare).DifferencesFrom(Of(CustomParts.Descent)),
            difference => difference.StartsWith("Optimizer.Name is descent", StringComparison.Ordinal));
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
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    public void Metric_SeesScoresAndTargetsAsGiven(int shards, int localSteps)
    {
        MlpTrainingOptions options = _options with { Shards = shards, LocalSteps = localSteps };
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
        TrainingHistory own = Train(new SquaredError(), options with { Metric = metric }).History, usual = Train(new SquaredError(), options).History;

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
        Assert.Throws<ArgumentException>("name", () => Optimizer.Custom("", 0, (parameter, _, _, _, _) => parameter));
        Assert.Throws<ArgumentNullException>("function", () => Optimizer.Custom("a", 0, null!));
        Assert.Throws<ArgumentOutOfRangeException>("stateCount", () => Optimizer.Custom("a", 9, (parameter, _, _, _, _) => parameter));
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
