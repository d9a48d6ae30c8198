using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Every option outside of its range: the message names the option, the range and the value. Optimizers and schedules have a table of their
/// own.
/// </summary>
public class InvalidOptionTests
{
    public static TheoryData<string, Func<object>> Refused => new()
    {
        { "NumberOfEpochs must be greater than 0, but it is 0.", () => new MlpTrainingOptions { NumberOfEpochs = 0 } },
        { "NumberOfEpochs must be greater than 0, but it is -3.", () => new MlpTrainingOptions { NumberOfEpochs = -3 } },
        { "BatchSize must be greater than 0, but it is 0.", () => new MlpTrainingOptions { BatchSize = 0 } },
        { "rate must be finite and at least 0, but it is -0.1.", () => new MlpTrainingOptions { L1Regularization = -0.1f } },
        { "rate must be finite and at least 0, but it is NaN.", () => new MlpTrainingOptions { L2Regularization = float.NaN } },
        { "L1Regularization", () => new MlpTrainingOptions { L1Regularization = null! } },
        { "L2Regularization", () => new MlpTrainingOptions { L2Regularization = null! } },
        { "OrthogonalityRegularization", () => new MlpTrainingOptions { OrthogonalityRegularization = null! } },
        { "DropoutSchedule", () => new MlpTrainingOptions { DropoutSchedule = null! } },
        { "DropoutSchedule must be in [0, 1], but it is 1.5.", () => new MlpTrainingOptions { DropoutSchedule = Schedule.Cosine(1.5f) } },
        { "ActivityRegularization", () => new HiddenLayer(1) { ActivityRegularization = null! } },
        { "Target must be in [0.001, 0.999], but it is 0.", () => new ActivationSparsity { Target = 0 } },
        { "Weight", () => new ActivationSparsity { Weight = null! } },
        { "limit must be finite and greater than 0, but it is 0.", () => new MaxNorm(0) },
        { "limit must be finite and greater than 0, but it is NaN.", () => new MaxNorm(float.NaN) },
        { "width must be greater than 0, but it is 0.", () => new ImageAugmentation(0, 1) },
        { "height must be greater than 0, but it is -1.", () => new ImageAugmentation(1, -1) },
        { "channels must be greater than 0, but it is 0.", () => new ImageAugmentation(1, 1, 0) },
        { "HorizontalShift must be finite and at least 0, but it is -1.", () => new ImageAugmentation(1, 1) { HorizontalShift = -1 } },
        { "VerticalShift must be finite and at least 0, but it is Infinity.", () => new ImageAugmentation(1, 1) { VerticalShift = float.PositiveInfinity } },
        { "Rotation must be in [0, 180], but it is 181.", () => new ImageAugmentation(1, 1) { Rotation = 181 } },
        { "Scale must be in [0, 1), but it is 1.", () => new ImageAugmentation(1, 1) { Scale = 1 } },
        { "HorizontalStretch must be in [0, 1), but it is 1.", () => new ImageAugmentation(1, 1) { HorizontalStretch = 1 } },
        { "VerticalStretch must be in [0, 1), but it is -1.", () => new ImageAugmentation(1, 1) { VerticalStretch = -1 } },
        { "Shear must be in [0, 90), but it is 90.", () => new ImageAugmentation(1, 1) { Shear = 90 } },
        { "HorizontalFlip must be in [0, 1], but it is 1.5.", () => new ImageAugmentation(1, 1) { HorizontalFlip = 1.5f } },
        { "VerticalFlip must be in [0, 1], but it is NaN.", () => new ImageAugmentation(1, 1) { VerticalFlip = float.NaN } },
        { "ElasticAlpha must be finite and at least 0, but it is -1.", () => new ImageAugmentation(1, 1) { ElasticAlpha = -1 } },
        { "ElasticSigma must be in (0, 1000], but it is 0.", () => new ImageAugmentation(1, 1) { ElasticSigma = 0 } },
        { "Background must be finite, but it is NaN.", () => new ImageAugmentation(1, 1) { Background = float.NaN } },
        { "Layout must be one of Planar, Interleaved, but it is 2.", () => new ImageAugmentation(1, 1) { Layout = (PixelLayout)2 } },
        { "NumberOfThreads must be in [1, 1024], but it is 0;", () => new MlpTrainingOptions { NumberOfThreads = 0 } },
        { "NumberOfThreads must be in [1, 1024], but it is 2147483647; this machine has", () => new MlpTrainingOptions { NumberOfThreads = int.MaxValue } },
        { "LearningRate", () => new MlpTrainingOptions { LearningRate = null! } },
        { "Optimizer", () => new MlpTrainingOptions { Optimizer = null! } },
        { "LearningRate must be finite and greater than 0, but it is 0.", () => new MlpTrainingOptions { LearningRate = 0 } },
        { "MissingValues must be one of Impute, Fail, but it is 7.", () => new MlpTrainingOptions { MissingValues = (InvalidValueHandling)7 } },
        { "InfiniteValues must be one of Impute, Fail, but it is -1.", () => new MlpTrainingOptions { InfiniteValues = (InvalidValueHandling)(-1) } },
        { "TotalBins must be at least 2, but it is 1.", () => new PiecewiseLinearEmbedding { TotalBins = 1 } },
        { "Patience must be greater than 0, but it is 0.", () => new EarlyStopping { Patience = 0 } },
        { "PatienceGrowth must be finite and at least 0, but it is -1.", () => new EarlyStopping { PatienceGrowth = -1 } },
        { "MinDelta must be finite and at least 0, but it is -1.", () => new EarlyStopping { MinDelta = -1 } },
        { "MinDelta must be finite and at least 0, but it is Infinity.", () => new EarlyStopping { MinDelta = double.PositiveInfinity } },
        { "inputSize must be greater than 0, but it is 0.", () => new MlpArchitecture(0, 1) },
        { "outputSize must be greater than 0, but it is -1.", () => new MlpArchitecture(1, -1) },
        { "InputDropout must be in [0, 1), but it is 1.", () => new MlpArchitecture(1, 1) { InputDropout = 1 } },
        { "InputDropout must be in [0, 1), but it is NaN.", () => new MlpArchitecture(1, 1) { InputDropout = float.NaN } },
        { "InputNoise must be finite and at least 0, but it is -1.", () => new MlpArchitecture(1, 1) { InputNoise = -1 } },
        { "InputNoise must be finite and at least 0, but it is NaN.", () => new MlpArchitecture(1, 1) { InputNoise = float.NaN } },
        { "HiddenLayers", () => new MlpArchitecture(1, 1) { HiddenLayers = null! } },
        { "HiddenLayers", () => new MlpArchitecture(1, 1) { HiddenLayers = [new(3), null!] } },
        { "units must be greater than 0, but it is 0.", () => new HiddenLayer(0) },
        { "Dropout must be in [0, 1), but it is 1.", () => new HiddenLayer(1) { Dropout = 1 } },
        { "Dropout must be in [0, 1), but it is -0.5.", () => new HiddenLayer(1) { Dropout = -0.5f } },
        { "DropConnect must be in [0, 1), but it is 1.", () => new HiddenLayer(1) { DropConnect = 1 } },
        { "DropConnect must be in [0, 1), but it is NaN.", () => new HiddenLayer(1) { DropConnect = float.NaN } },
        { "rate must be finite and at least 0, but it is Infinity.",
            () => new HiddenLayer(1) { ActivityRegularization = float.PositiveInfinity } },
        { "Noise must be finite and at least 0, but it is -0.5.", () => new HiddenLayer(1) { Noise = -0.5f } },
        { "Noise must be finite and at least 0, but it is Infinity.", () => new HiddenLayer(1) { Noise = float.PositiveInfinity } },
        { "Epsilon must be finite and greater than 0, but it is 0.", () => new LayerNormalization { Epsilon = 0 } },
        { "Activation", () => new HiddenLayer(1) { Activation = null! } },
        { "Epsilon must be finite and greater than 0, but it is 0.", () => new BatchNormalization { Epsilon = 0 } },
        { "Momentum must be in (0, 1], but it is 0.", () => new BatchNormalization { Momentum = 0 } },
        { "Momentum must be in (0, 1], but it is 1.5.", () => new BatchNormalization { Momentum = 1.5f } },
        { "Statistics must be one of RunningAverage, TrainingSet, but it is 2.", () => new BatchNormalization { Statistics = (BatchStatistics)2 } },
        { "slope must be in (0, 1], but it is 0.", () => Activation.LeakyRelu(0) },
        { "slope must be in (0, 1], but it is 1.5.", () => Activation.LeakyRelu(1.5f) },
        { "slope must be in (0, 1], but it is NaN.", () => Activation.LeakyRelu(float.NaN) },
        { "alpha must be finite and greater than 0, but it is 0.", () => Activation.Elu(0) },
        { "alpha must be finite and greater than 0, but it is Infinity.", () => Activation.Elu(float.PositiveInfinity) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Option_OutsideOfItsRange_IsNamedWithRangeAndValue(string message, Func<object> create)
    {
        // Numbers are written alike wherever the user lives.
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            if (message.Contains(' ', StringComparison.Ordinal))
            {
                var error = Assert.Throws<ArgumentOutOfRangeException>(create);
                Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
                Assert.Equal(message[..message.IndexOf(' ', StringComparison.Ordinal)], error.ParamName);
            }
            else
            {
                Assert.Throws<ArgumentNullException>(message, create);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Options_AtTheEndsOfTheirRanges_AreAllowed()
    {
        _ = new MlpTrainingOptions { NumberOfEpochs = 1, BatchSize = 1, L1Regularization = 0, L2Regularization = 0, NumberOfThreads = 1 };
        _ = new EarlyStopping { Patience = 1, MinDelta = 0 };
        _ = new MlpArchitecture(1, 1)
        {
            InputDropout = 0.999f,
            HiddenLayers = [new(1) { Dropout = 0.999f, Normalization = new BatchNormalization { Momentum = 1 } }]
        };
        _ = (Activation.LeakyRelu(1), Activation.Elu(float.Epsilon));
    }

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        var options = new MlpTrainingOptions();
        Assert.Equal((50, null, 0f, 0f, null, null), (options.NumberOfEpochs, options.BatchSize, options.L1Regularization, options.L2Regularization,
            options.NumberOfThreads, options.Seed));
        Assert.Equal(0, options.OrthogonalityRegularization);
        Assert.Equal((new AdamW(), Schedule.Cosine(0.002f)), (options.Optimizer, options.LearningRate));
        Assert.Equal((true, FeatureScaling.Standardize, false), (options.Shuffle, options.FeatureScaling, options.ThrowOnCancellation));
        Assert.All((DifferenceLoss[])[new SquaredError(), new AbsoluteError(), new HuberLoss()], loss => Assert.True(loss.StandardizeTargets));
        Assert.Equal((InvalidValueHandling.Impute, InvalidValueHandling.Fail), (options.MissingValues, options.InfiniteValues));
        Assert.Null(options.EarlyStopping);
        Assert.Null(options.GradientClipping);
        Assert.Null(options.Constraint);
        Assert.Null(options.Augmentation);
        Assert.False(options.ClassBalancedBatches);
        Assert.Equal(new ImageAugmentation(3, 2), new ImageAugmentation(3, 2, 1)
        {
            Layout = PixelLayout.Planar,
            ElasticAlpha = 0,
            ElasticSigma = 4,
            Background = 0
        });
        Assert.Equal((null, 0, 0), (new EarlyStopping().Patience, new EarlyStopping().PatienceGrowth, new EarlyStopping().MinDelta));
        Assert.Equal(new HiddenLayer(3), new HiddenLayer(3)
        {
            Activation = Activation.Relu,
            Dropout = 0,
            Noise = 0,
            DropConnect = 0,
            ActivityRegularization = 0,
            Residual = false,
            Normalization = null,
            WeightInitializer = null
        });
        Assert.Equal(Normalization.Layer, new LayerNormalization { Epsilon = 1e-5f });
        Assert.Equal(Normalization.Batch, new BatchNormalization { Epsilon = 1e-5f, Momentum = 0.1f, Statistics = BatchStatistics.RunningAverage });
    }
}
