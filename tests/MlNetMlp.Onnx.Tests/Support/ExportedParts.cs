namespace MlNetMlp.Onnx.Tests;

/// <summary>Whatever a network can have that is written as ONNX: one of each kind.</summary>
internal static class ExportedParts
{
    public static readonly Dictionary<string, Activation> Activations = new()
    {
        ["Identity"] = Activation.Identity,
        ["Relu"] = Activation.Relu,
        ["LeakyRelu"] = Activation.LeakyRelu(0.2f),
        ["PRelu"] = Activation.PRelu(-0.5f),
        ["Elu"] = Activation.Elu(1.5f),
        ["Selu"] = Activation.Selu,
        ["Tanh"] = Activation.Tanh,
        ["Sigmoid"] = Activation.Sigmoid,
        ["Gelu"] = Activation.Gelu,
        ["Silu"] = Activation.Silu,
        ["Mish"] = Activation.Mish,
        ["Maxout"] = Activation.Maxout(3),
        ["HardThreshold"] = Activation.HardThreshold,
    };

    public static readonly Normalization?[] Normalizations =
    [
        null, Normalization.Batch, Normalization.BatchRenormalization, Normalization.Layer, Normalization.Weight, Normalization.Cosine,
    ];

    public static readonly Loss[] Losses =
    [
        new SigmoidCrossEntropy(), new BinaryHinge(), new PerceptronLoss(), new SoftmaxCrossEntropy(), new MulticlassHinge(), new SquaredMulticlassHinge(),
        new SquaredError(), new AbsoluteError(), new HuberLoss(), new KullbackLeiblerDivergence(), new CosineProximity(),
        new SoftmaxSquaredError(), new MulticlassSquaredError(), new SigmoidSquaredError(),
    ];

    /// <summary>Losses of users, with all that outputs can mean.</summary>
    public static readonly Loss[] CustomLosses =
    [
        CustomParts.Exponential, BinaryLoss.Custom("log-odds", (_, _, _) => 0, givesLogOdds: true), CustomParts.Focal,
        MulticlassLoss.Custom("plain", (_, _, _) => 0, givesProbabilities: false), CustomParts.Quartic,
        CustomParts.Poisson,
    ];
}
