namespace MlNetMlp.Benchmarks.Mnist;

/// <summary>A network of the literature, how it is trained here, and the error it is known for.</summary>
/// <param name="Name">What distinguishes it.</param>
/// <param name="PublishedError">The greatest test error, in percent, that reproduces the published result.</param>
/// <param name="Source">Who published it.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="HiddenLayers">The hidden layers.</param>
/// <param name="InputDropout">The probability to drop a pixel.</param>
/// <param name="Options">How it is trained.</param>
internal sealed record MnistConfiguration(
    string Name, double PublishedError, string Source, Loss Loss, HiddenLayer[] HiddenLayers, float InputDropout, MlpTrainingOptions Options)
{
    private const string Srivastava = "Srivastava et al. 2014, table 9";

    public static IReadOnlyList<MnistConfiguration> All { get; } =
    [
        new("linear, squared error", 15, "LeCun et al. 1998: 12 %", new SquaredError { StandardizeTargets = false }, [], 0,
            new() { NumberOfEpochs = 20, BatchSize = 128, LearningRate = Schedule.Cosine(1e-3f) }),
        new("softmax regression", 8, "7.4 to 8 %", new SoftmaxCrossEntropy(), [], 0,
            new() { NumberOfEpochs = 20, BatchSize = 128, FeatureScaling = FeatureScaling.None, LearningRate = Schedule.Cosine(2e-3f) }),
        new("100 units", 2, "2 %", new SoftmaxCrossEntropy(), [new(100)], 0.1f,
            new() { NumberOfEpochs = 30, BatchSize = 128, FeatureScaling = FeatureScaling.None, LearningRate = Schedule.Cosine(2e-3f) }),
        new("dropout + L2", 1.25, Srivastava, new SoftmaxCrossEntropy(), [new(1024) { Dropout = 0.5f }, new(1024) { Dropout = 0.5f }], 0.2f,
            new() { NumberOfEpochs = 100, BatchSize = 128, FeatureScaling = FeatureScaling.None, Optimizer = new Adam(), L2Regularization = 1e-6f,
                LearningRate = Schedule.Cosine(1e-3f) }),
        new("dropout + max-norm", 1.05, Srivastava, new SoftmaxCrossEntropy(), [new(2048) { Dropout = 0.5f }, new(2048) { Dropout = 0.5f }], 0.2f,
            new() { NumberOfEpochs = 75, BatchSize = 128, FeatureScaling = FeatureScaling.None, Optimizer = new Adam(), Constraint = new MaxNorm(3),
                LearningRate = Schedule.Cosine(1e-3f) }),
    ];
}
