using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlNetMlp.Numerics;

namespace MlNetMlp.TestSupport;

/// <summary>
/// A small training with the hash of what it gave when it was recorded: the loss of each epoch and the scores of all rows, to the last bit. Every
/// processor with fused multiply-adds has to give the same.
/// </summary>
internal sealed record RecordedTraining(string Name, Loss Loss, MlpArchitecture Architecture, string Hash)
{
    private const int Features = 24;
    private const int Rows = 300;

    public MlpTrainingOptions Options { get; init; } = new();

    /// <summary>Each activation, normalization, kind of noise, loss and family of optimizers at least once.</summary>
    public static IReadOnlyList<RecordedTraining> All { get; } =
    [
        new("relu, adam", new SoftmaxCrossEntropy(), Network(3, new(64), new(40)), "8D1E3424AB44250E"),
        new("gelu, adamw, cosine schedule", new SoftmaxCrossEntropy(), Network(3, Each(Activation.Gelu)), "663A7F90E0097327")
        {
            Options = new() { Optimizer = new AdamW(), LearningRate = Schedule.Cosine(0.01f) },
        },
        new("mish, nadam", new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, Network(3, Each(Activation.Mish)), "108EC6C6C4E2EB88")
        {
            Options = new() { Optimizer = new NAdam() },
        },
        new("selu, radam", new SigmoidCrossEntropy(), Network(1, Each(Activation.Selu)), "F3F129CEE78F8C3D") { Options = new() { Optimizer = new RAdam() } },
        new("silu, rmsprop", new SigmoidCrossEntropy(), Network(1, Each(Activation.Silu)),
            "73A7807BA99C35D2") { Options = new() { Optimizer = new RmsProp() } },
        new("elu, nesterov", new SquaredError(), Network(2, Each(Activation.Elu())), "3755B05D4B630CC4") { Options = new() { Optimizer = new Nesterov() } },
        new("tanh, momentum", new SquaredError(), Network(2, Each(Activation.Tanh)), "D19FFF4816FD897E") { Options = new() { Optimizer = new Momentum() } },
        new("sigmoid, gradient descent", new AbsoluteError(), Network(2, Each(Activation.Sigmoid)), "A71EFA31A6DD6A8F")
        {
            Options = new() { Optimizer = new Sgd(), LearningRate = 0.1f },
        },
        new("leaky relu, adagrad", new HuberLoss(), Network(2, Each(Activation.LeakyRelu())),
            "1D52C4217963C8B4") { Options = new() { Optimizer = new Adagrad() } },
        new("prelu, adadelta", new BinaryHinge(), Network(1, Each(Activation.PRelu())), "89FEEADA0918B7D1")
        {
            Options = new() { Optimizer = new Adadelta(), LearningRate = 1f },
        },
        new("maxout, max-norm", new MulticlassHinge(), Network(3, Each(Activation.Maxout(3))),
            "C864B8A170015DCA") { Options = new() { Constraint = new MaxNorm(2) } },
        new("batch normalization, dropout", new SoftmaxCrossEntropy(), Network(3, Each(Activation.Relu, Normalization.Batch, dropout: 0.3f)),
            "058EB7545B0DDA55"),
        new("batch renormalization, noise", new SoftmaxCrossEntropy(), Network(3, Each(Activation.Relu, Normalization.BatchRenormalization, noise: 0.2f)),
            "F28F137EC81E464C"),
        new("layer normalization, residual", new SquaredError(), Network(2, new(48), new(48) { Normalization = Normalization.Layer, Residual = true }),
            "1E4B5932AA6006A0"),
        new("weight normalization, dropconnect", new SquaredError(), Network(2, Each(Activation.Tanh, Normalization.Weight, dropConnect: 0.2f)),
            "FEC2CAA9DE881436"),
        new("cosine normalization, penalties", new SquaredMulticlassHinge(), Network(3, Each(Activation.Relu, Normalization.Cosine)), "7D1672A05D582B40")
        {
            Options = new() { L1Regularization = 1e-4f, L2Regularization = 1e-3f, OrthogonalityRegularization = 1e-3f },
        },
        new("l-bfgs", new SoftmaxCrossEntropy(), Network(3, new HiddenLayer(20) { Activation = Activation.Tanh }), "B91E2C651A2299A3")
        {
            Options = new() { Optimizer = new Lbfgs() },
        },
        new("rprop, ensemble", new SigmoidCrossEntropy(), Network(1, new HiddenLayer(20)), "3974DEA2559F6C60")
        {
            Options = new() { Optimizer = new Rprop(), BatchSize = Rows, Ensemble = Ensemble.Bagging(3) },
        },
        new("hinge of many classes", new MulticlassHinge(), Network(45, new HiddenLayer(20)), "111BB9DAF36D9236"),
        new("divergence of many shares", new KullbackLeiblerDivergence(), Network(45, new HiddenLayer(20)), "45DC009FBF8D0AE0"),
    ];

    /// <summary>Trains on this machine and gives the hash of what came out, the first 16 hexadecimal digits of SHA-256.</summary>
    public string Train(int threads = 1)
    {
        InMemoryRows rows = SmallData.For(Loss, Rows, Features, Architecture.OutputSize);
        MlpTrainingOptions options = Options with { NumberOfEpochs = 5, NumberOfThreads = threads, Seed = 3, OutputBiasFromTargets = false };
        MlpTrainingResult result = MlpTrainer.Train(new(Architecture, Loss, rows) { Options = options });

        float[] scores = new float[Rows * Architecture.OutputSize];
        float[] features = [.. Enumerable.Range(0, Rows).SelectMany(i => SmallData.Row(Loss, i, Features, Architecture.OutputSize).Features)];
        result.Model.Predict(features, scores, Rows);
        double[] losses = [.. result.History.Select(report => report.TrainingLoss)];
        return Convert.ToHexString(SHA256.HashData([.. MemoryMarshal.AsBytes<double>(losses), .. MemoryMarshal.AsBytes<float>(scores)]))[..16];
    }

    public override string ToString() => Name;

    private static MlpArchitecture Network(int outputs, params HiddenLayer[] layers) => new(Features, outputs) { HiddenLayers = layers };

    private static HiddenLayer[] Each(Activation activation, Normalization? normalization = null, float dropout = 0, float noise = 0, float dropConnect = 0)
        => [.. new[] { 48, 33 }.Select(units => new HiddenLayer(units)
        {
            Activation = activation,
            Normalization = normalization,
            Dropout = dropout,
            Noise = noise,
            DropConnect = dropConnect,
        })];
}
