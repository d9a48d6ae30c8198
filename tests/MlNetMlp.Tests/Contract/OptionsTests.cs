using System.Reflection;
using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

public sealed class OptionsTests
{
    public static TheoryData<string, Func<MlpTrainerOptions>, string> Refused => new()
    {
        { "no label", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, LabelColumnName = "" }, "LabelColumnName" },
        { "no features", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, FeatureColumnName = null! }, "FeatureColumnName" },
        { "empty weight", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, ExampleWeightColumnName = "" }, "ExampleWeightColumnName" },
        { "no layers", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = null! }, "HiddenLayers" },
        { "no layer", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [null!] }, "HiddenLayers" },
        { "input dropout", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, InputDropout = 1 }, "InputDropout" },
        { "input noise", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, InputNoise = -1 }, "InputNoise" },
        { "infinite input noise", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, InputNoise = float.PositiveInfinity }, "InputNoise" },
        { "epochs", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = 0 }, "NumberOfEpochs" },
        { "batch size", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, BatchSize = 0 }, "BatchSize" },
        { "rate", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, LearningRate = -1 }, "" },
        { "no rate", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, LearningRate = null! }, "LearningRate" },
        { "no optimizer", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, Optimizer = null! }, "Optimizer" },
        { "L1", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, L1Regularization = -1 }, "rate" },
        { "L2", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, L2Regularization = float.NaN }, "rate" },
        { "orthogonality", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, OrthogonalityRegularization = -1 }, "rate" },
        { "fraction", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, ValidationFraction = 1 }, "ValidationFraction" },
        { "NaN fraction", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, ValidationFraction = float.NaN }, "ValidationFraction" },
        { "no binary loss", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, Loss = null! }, "Loss" },
        { "no multiclass loss", () => new MlpMulticlassTrainer.Options { Effort = Effort.Plain, Loss = null! }, "Loss" },
        { "no regression loss", () => new MlpRegressionTrainer.Options { Effort = Effort.Plain, Loss = null! }, "Loss" },
        { "threads", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, NumberOfThreads = 0 }, "NumberOfThreads" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WrongValue_IsRefusedWhereItIsSet(string what, Func<MlpTrainerOptions> create, string option) =>
        Assert.True(Assert.ThrowsAny<ArgumentException>(create).Message.Contains(option, StringComparison.Ordinal), what);

    /// <summary>Each with every option of its own, and one that all trainers have, unlike the default.</summary>
    public static TheoryData<MlpTrainerOptions, MlpTrainerOptions, Func<MlpTrainerOptions, MlpTrainerOptions>> Copied => new()
    {
        {
            new MlpBinaryTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = 3, Loss = new BinaryHinge(), ClassBalancedBatches = true },
            new MlpBinaryTrainer.Options { Effort = Effort.Plain },
            options => new MlpBinaryTrainer.Options((MlpBinaryTrainer.Options)options)
        },
        {
            new MlpMulticlassTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = 3, Loss = new MulticlassHinge(), ClassBalancedBatches = true },
            new MlpMulticlassTrainer.Options { Effort = Effort.Plain },
            options => new MlpMulticlassTrainer.Options((MlpMulticlassTrainer.Options)options)
        },
        {
            new MlpRegressionTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = 3, Loss = new AbsoluteError { StandardizeTargets = false } },
            new MlpRegressionTrainer.Options { Effort = Effort.Plain },
            options => new MlpRegressionTrainer.Options((MlpRegressionTrainer.Options)options)
        },
    };

    [Theory]
    [MemberData(nameof(Copied))]
    public void Copy_HasEveryOption(MlpTrainerOptions options, MlpTrainerOptions defaults, Func<MlpTrainerOptions, MlpTrainerOptions> copy)
    {
        Assert.All(options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(option => option.CanWrite),
            option => Assert.NotEqual(option.GetValue(defaults), option.GetValue(options)));
        Assert.NotEqual(defaults.NumberOfEpochs, options.NumberOfEpochs);

        Assert.Equal(options, copy(options));
        Assert.Throws<ArgumentNullException>("original", () => copy(null!));
    }

    [Fact]
    public void EqualColumns_AreRefusedByTheTrainer()
    {
        var context = new MLContext(1);

        Assert.Contains("'X', 'X'", Assert.Throws<ArgumentException>(() => context.Regression.Trainers.Mlp("X", "X")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResidualOfAnotherWidth_IsRefusedByTheTrainer()
    {
        var context = new MLContext(1);
        MlpRegressionTrainer.Options options = new() { HiddenLayers = [new(5), new(6) { Residual = true }] };

        Assert.Contains("hidden layer 2 has 6 units and 5 inputs",
            Assert.Throws<ArgumentException>(() => context.Regression.Trainers.Mlp(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UncertaintyOfOneNetworkWithoutDropout_IsRefusedByTheTrainer()
    {
        var context = new MLContext(1);
        MlpRegressionTrainer.Options options = new() { Effort = Effort.Plain, MonteCarloDropout = new() };
        MlpRegressionTrainer.Options[] allowed =
        [
            options with { HiddenLayers = [new(3), new(3) { Dropout = 0.1f }] }, options with { InputDropout = 0.1f },
                options with { Ensemble = Ensemble.Bagging(2) },
        ];

        foreach (MlpRegressionTrainer.Options refused in new[] { options, options with { Ensemble = Ensemble.Seeds(1) }, options with { InputNoise = 1 } })
        {
            string message = Assert.Throws<ArgumentException>(() => context.Regression.Trainers.Mlp(refused)).Message;
            Assert.All(["MonteCarloDropout", "HiddenLayer.Dropout", "InputDropout", "Ensemble"],
                name => Assert.Contains(name, message, StringComparison.Ordinal));
        }

        Assert.All(allowed, one => Assert.NotNull(context.Regression.Trainers.Mlp(one)));
    }

    [Fact]
    public void OptionsThatLbfgsCannotTake_AreRefusedByTheTrainer()
    {
        var context = new MLContext(1);
        MlpRegressionTrainer.Options options = new() { Optimizer = new Lbfgs(), GradientClipping = GradientClipping.ByNorm(1) };

        Assert.StartsWith("GradientClipping is set; with Lbfgs it must be null.",
            Assert.Throws<ArgumentException>(() => context.Regression.Trainers.Mlp(options)).Message, StringComparison.Ordinal);
        options = new() { Optimizer = new Lbfgs(), HiddenLayers = [new(3), new(4) { ActivityRegularization = 0.25f }] };
        Assert.StartsWith("ActivityRegularization of hidden layer 2 is 0.25; with Lbfgs it must be 0",
            Assert.Throws<ArgumentException>(() => context.Regression.Trainers.Mlp(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    [InlineData("regression")]
    public void Lbfgs_WorksFromAnyTrainer(string task)
    {
        MlpTrainingResult result = TrainerCase.Of(task)
            .Fit(o => o with { HiddenLayers = [], BatchSize = null, Optimizer = new Lbfgs(), L2Regularization = 0.1f, NumberOfEpochs = 200 }).Model.Training!;

        Assert.Equal(TrainingEnd.Converged, result.End);
        Assert.InRange(result.History.Count, 2, 50);
        Assert.True(result.History[^1].MonitoredLoss < result.History[0].MonitoredLoss);
    }

    [Fact]
    public void OptimizersAndSchedules_ReachTheTraining()
    {
        MlpTrainingResult result = TrainerCase.Of("regression").Fit(o => o with
        {
            Optimizer = new Quickprop(),
            BatchSize = 10,
            NumberOfEpochs = 4,
            LearningRate = Schedule.Stages(0.1f, (2, 0.05f)).PerEpoch().ScaledByBatchSize(100),
        }).Model.Training!;

        Assert.Equal([0.01f, 0.01f, 0.005f, 0.005f], result.History.Select(report => report.LearningRate));
    }

    [Fact]
    public void ConstraintNoiseAndConnections_ReachTheNetwork()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        HiddenLayer[] layers = [new(4) { Noise = 0.1f, DropConnect = 0.2f, ActivityRegularization = 0.3f, Residual = true,
            Normalization = Normalization.Layer }];

        MlpArchitecture shape = trainer.Fit(o => o with { HiddenLayers = layers, InputNoise = 0.2f }).Model.Network.Architecture;

        Assert.Equal(layers, shape.HiddenLayers);
        Assert.Equal(0.2f, shape.InputNoise);
    }

    [Fact]
    public void LearnedUnitsAndTheirNormalizations_ReachTheNetwork()
    {
        HiddenLayer[] layers =
        [
            new(4) { Activation = Activation.PRelu(0.1f), Normalization = Normalization.Weight, InitialBias = 0.01f },
            new(4) { Activation = Activation.Maxout(3), Normalization = Normalization.BatchRenormalization, Residual = true },
            new(5) { Normalization = Normalization.Cosine },
        ];

        MlpArchitecture shape = TrainerCase.Of("regression").Fit(o => o with { HiddenLayers = layers }).Model.Network.Architecture;

        Assert.Equal(layers, shape.HiddenLayers);
    }

    [Fact]
    public void InitialBiasWithoutAnyBias_IsRefusedByTheTrainer()
    {
        MlpRegressionTrainer.Options options = new() { HiddenLayers = [new(5) { Normalization = Normalization.Cosine, InitialBias = 1 }] };

        Assert.Contains("InitialBias must be 0 with CosineNormalization",
            Assert.Throws<ArgumentException>(() => new MLContext(1).Regression.Trainers.Mlp(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassBalancedBatches_OfRegression_IsRefusedByTheTrainer()
    {
        MlpRegressionTrainer.Options options = new() { Loss = new HuberLoss(), ClassBalancedBatches = true };

        Assert.Contains("ClassBalancedBatches is true, but HuberLoss knows no classes",
            Assert.Throws<ArgumentException>(() => new MLContext(1).Regression.Trainers.Mlp(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageOfAnotherSize_IsRefusedBeforeTheRowsAreRead()
    {
        TrainerCase trainer = TrainerCase.Of("binary");

        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(o => o with { Augmentation = new ImageAugmentation(28, 28) }));

        Assert.Contains("width 28, height 28 and 1 channel, which are 784 values, but a row has 4 features", error.Message, StringComparison.Ordinal);
        Assert.Empty(trainer.Data.Requests);
    }

    [Fact]
    public void ShortForm_IsTheOptionsForm()
    {
        var context = new MLContext(1);
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer brief = context.MulticlassClassification.Trainers
            .Mlp("Label", "Features", exampleWeightColumnName: "Weight", hiddenUnits: [5, 4], numberOfEpochs: 2, learningRate: 0.1f).Fit(trainer.Data);

        Assert.Equal("4-5-4-3 (8 members)", brief.Model.Network.Architecture.ToString());
        Assert.Equal(2, brief.Model.Training!.History.Count);
        Assert.InRange(brief.Model.Training.History[0].LearningRate, 0.05f, 0.1f);
        Assert.Contains("Weight", trainer.Data.Requests[0]);
        Assert.Equal("4-64-64-1 (8 members)", context.BinaryClassification.Trainers.Mlp(numberOfEpochs: 1).Fit(TrainerCase.Of("binary").Data)
            .Model.Network.Architecture.ToString());
        Assert.Equal("4-1", context.Regression.Trainers.Mlp(hiddenUnits: [], numberOfEpochs: 1).Fit(TrainerCase.Of("regression").Data)
            .Model.Network.Architecture.ToString());
    }

    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new MlpRegressionTrainer.Options { Effort = Effort.Plain };

        Assert.Equal(("Label", "Features", null), (options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName));
        Assert.Equal([new HiddenLayer(128), new HiddenLayer(128)], options.HiddenLayers);
        Assert.Equal(new SquaredError(), options.Loss);
        Assert.Equal(new SoftmaxCrossEntropy(), new MlpMulticlassTrainer.Options().Loss);
        Assert.Equal(new SigmoidCrossEntropy(), new MlpBinaryTrainer.Options().Loss);
    }

    [Fact]
    public void HiddenLayers_AreCopied()
    {
        HiddenLayer[] layers = [new(3)];
        var options = new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = layers };

        layers[0] = new(4);

        Assert.Equal(3, options.HiddenLayers[0].Units);
    }

    [Fact]
    public void Options_WithTheSameValues_AreEqualAndReadable()
    {
        MlpRegressionTrainer.Options one = new() { HiddenLayers = [new(5), new(4)], NumberOfEpochs = 7 }, two = one with { HiddenLayers = [new(5), new(4)] };

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, one with { HiddenLayers = [new(4), new(5)] });
        Assert.NotEqual(one, one with { NumberOfEpochs = 8 });
        Assert.Contains("HiddenLayers = [5, 4],", one.ToString(), StringComparison.Ordinal);
        Assert.Contains("NumberOfEpochs = 7", one.ToString(), StringComparison.Ordinal);
        Assert.Contains("HiddenLayers = [5, (4 Relu, dropout 0.5)]", (one with { HiddenLayers = [new(5), new(4) { Dropout = 0.5f }] }).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void StandardizeTargets_Off_KeepsTheUnits()
    {
        TrainerCase trainer = TrainerCase.Of("regression");

        MlpTrainingResult on = trainer.Fit().Model.Training!;
        MlpPredictionTransformer off = trainer.Fit(o => (MlpRegressionTrainer.Options)o with
        {
            Loss = new SquaredError { StandardizeTargets = false },
            OutputBiasFromTargets = false,
        });

        // Labels around 100 with a spread of about 15: half a squared error of about 5000 against about 0.5.
        Assert.InRange(on.History[0].TrainingLoss, 0.1, 5);
        Assert.True(off.Model.Training!.History[0].TrainingLoss > 1000);
        Assert.Equal(new SquaredError(), off.Model.Network.Loss);
    }

    [Fact]
    public void Null_IsRefused()
    {
        var context = new MLContext(1);
        MlpTrainerBase trainer = context.Regression.Trainers.Mlp();
        MlpPredictionTransformer transformer = TrainerCase.Of("regression").Fit();

        Assert.Throws<ArgumentNullException>(() => context.Regression.Trainers.Mlp((MlpRegressionTrainer.Options)null!));
        Assert.Throws<ArgumentNullException>(() => trainer.Fit(null!));
        Assert.Throws<ArgumentNullException>(() => trainer.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.Transform(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.GetOutputSchema(null!));
    }
}
