using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>One line of the gradient check: a network, a loss, a mode, a block of rows.</summary>
internal sealed record GradientCase(string Name, MlpArchitecture Architecture, Loss Loss, PassMode Mode = PassMode.Training, int Rows = 7, float L2 = 0)
{
    private static readonly (string Name, Activation Activation)[] _activations =
    [
        ("identity", Activation.Identity), ("relu", Activation.Relu), ("leaky relu", Activation.LeakyRelu(0.3f)),
        ("elu", Activation.Elu(1.7f)), ("tanh", Activation.Tanh), ("sigmoid", Activation.Sigmoid),
        ("gelu", Activation.Gelu), ("silu", Activation.Silu), ("mish", Activation.Mish), ("selu", Activation.Selu), ("threshold", Activation.HardThreshold),
        ("custom", CustomParts.Softsign),
    ];

    private static readonly (string Name, Loss Loss, int Outputs)[] _losses =
    [
        ("softmax", new SoftmaxCrossEntropy(), 3), ("sigmoid loss", new SigmoidCrossEntropy(), 1), ("squared", new SquaredError(), 2),
        ("smoothed sigmoid loss", new SigmoidCrossEntropy { LabelSmoothing = 0.3f }, 1),
        ("smoothed softmax", new SoftmaxCrossEntropy { LabelSmoothing = 0.3f }, 3), ("absolute", new AbsoluteError(), 2),
        ("huber", new HuberLoss { Delta = 0.7f }, 2), ("multiclass hinge", new MulticlassHinge(), 3),
        ("squared multiclass hinge", new SquaredMulticlassHinge(), 3), ("hinge", new BinaryHinge(), 1), ("perceptron", new PerceptronLoss(), 1),
        ("divergence", new KullbackLeiblerDivergence(), 3), ("cosine", new CosineProximity(), 3),
        ("squared softmax", new SoftmaxSquaredError(), 3), ("squared classes", new MulticlassSquaredError(), 3),
        ("squared sigmoid", new SigmoidSquaredError(), 1), ("custom binary", CustomParts.Exponential, 1),
        ("custom multiclass", CustomParts.Focal, 3), ("custom regression", CustomParts.Quartic, 2),
        ("custom exponential", CustomParts.Poisson, 2),
    ];

    private static readonly (string Name, Normalization? Normalization)[] _normalizations =
    [
        ("no", null), ("batch", Normalization.Batch), ("layer", Normalization.Layer), ("weight", Normalization.Weight),
        ("cosine", new CosineNormalization { Epsilon = 0.1f }), ("renormalized", Renormalization(3, 5)), ("narrowly renormalized", Renormalization(1.5f, 0.4f)),
    ];

    private static readonly (string Name, Activation Activation)[] _units =
    [
        ("learned slopes", Activation.PRelu()), ("maxout", Activation.Maxout()), ("maxout of three", Activation.Maxout(3)),
    ];

    /// <summary>Every activation, loss and kind of layer is a line here and inherits the check.</summary>
    public static IReadOnlyList<GradientCase> All { get; } = [.. Build(), .. BuildUnits()];

    /// <summary>Whether all rows but the first have the weight 0, which leaves no variance to normalize with.</summary>
    public bool OnlyFirstRowWeighs { get; init; }

    public static TheoryData<string> Names => [.. All.Select(example => example.Name)];

    public static GradientCase Named(string name) => All.Single(example => example.Name == name);

    /// <summary>Targets that the loss allows, and weights that differ and are not 1 on average, with a zero among them.</summary>
    public (float[] Targets, float[] Weights) Targets(SeededRandom random)
    {
        float[] targets = new float[Rows * Loss.TargetCount(Architecture.OutputSize)];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = Loss switch
            {
                MulticlassLoss => random.Below(Architecture.OutputSize, i),
                SigmoidCrossEntropy => i % 3 == 2 ? random.Single(i) : random.Below(2, i),
                BinaryLoss => random.Below(2, i),
                KullbackLeiblerDivergence => i % 5 == 1 ? 0 : random.Single(i),
                _ => random.Normal(i),
            };
        }

        if (Loss is KullbackLeiblerDivergence)
        {
            foreach (int row in Enumerable.Range(0, Rows))
            {
                Span<float> shares = targets.AsSpan(row * Architecture.OutputSize, Architecture.OutputSize);
                TensorPrimitives.Divide(shares, TensorPrimitives.Sum<float>(shares), shares);
            }
        }

        float[] weights = new float[Rows];
        random.At(1).FillUniform(weights, 0.25f, 3);
        weights[Rows / 2] = Rows > 2 ? 0 : weights[Rows / 2];
        weights.AsSpan(OnlyFirstRowWeighs ? 1 : Rows).Clear();
        return (targets, weights);
    }

    private static IEnumerable<GradientCase> Build()
    {
        foreach ((string lossName, Loss loss, int outputs) in _losses)
        {
            yield return Of($"gelu, many rows, {lossName}", loss, outputs, new(6) { Activation = Activation.Gelu }) with { Rows = 67 };
            yield return new($"linear, {lossName}", new MlpArchitecture(5, outputs), loss);
            yield return new($"linear, input dropout, {lossName}", new MlpArchitecture(5, outputs) { InputDropout = 0.4f }, loss);
            yield return new($"linear, input noise, {lossName}", new MlpArchitecture(5, outputs) { InputNoise = 0.7f }, loss);
            foreach ((string name, Activation activation) in _activations)
            {
                HiddenLayer plain = new(5) { Activation = activation }, normalized = plain with { Normalization = Normalization.Batch };
                yield return Of($"{name}, {lossName}", loss, outputs, plain);
                yield return Of($"{name}, batch, {lossName}", loss, outputs, normalized);
                yield return Of($"{name}, dropout, {lossName}", loss, outputs, plain with { Dropout = 0.3f }) with { L2 = 0.2f };
                yield return Of($"{name}, noise, {lossName}", loss, outputs, plain with { Noise = 0.5f });
                yield return Of($"{name}, layer, {lossName}", loss, outputs, plain with { Normalization = Normalization.Layer });
                yield return Of($"{name}, residual, {lossName}", loss, outputs, plain with { Residual = true }, inputs: 5);
                yield return Of($"{name}, batch, dropout, {lossName}", loss, outputs, normalized with { Dropout = 0.3f }) with { L2 = 0.2f };
            }

            var encoded = new MlpArchitecture(3, outputs)
            {
                Encoding = new(3, [0, 0, 2, 2, 2], [-0.7f, 0.2f, -1, -0.1f, 0.6f], [1 / 0.9f, 0.6f, 1 / 0.9f, 1 / 0.7f, 0.8f], [], isClipped: true),
                HiddenLayers = [new(7) { Activation = Activation.Tanh }],
            };
            yield return new($"encoded, {lossName}", encoded, loss);
            yield return new($"encoded, shared, {lossName}", encoded with { SharedMembers = 3 }, loss);
            yield return new($"embedded, fused, {lossName}",
                new MlpArchitecture(3, outputs)
                {
                    Encoding = new(3, [], [], [], [], isClipped: true),
                    Numbers = new(new PbldEmbedding { Frequencies = 3, Width = 2 }, [0, 2]),
                    HiddenLayers = [new(16) { Activation = Activation.Tanh }],
                    SharedMembers = 2,
                },
                loss);
            yield return new($"whitened, {lossName}",
                new MlpArchitecture(4, outputs)
                {
                    Whitening = new(4, [1, 0.5f, 0, -0.25f, 1, 0.75f, 0.1f, -2, 0.3f, 0.6f, 0.2f, 1]),
                    HiddenLayers = [new(5) { Activation = Activation.Tanh }],
                    SharedMembers = 2,
                    InputNoise = 0.4f,
                },
                loss);
            yield return new($"embedded, {lossName}", encoded with { Numbers = new(new PbldEmbedding { Frequencies = 3, Width = 2 }, [0, 2]) }, loss);
            yield return new($"embedded, shared, disturbed, {lossName}",
                new MlpArchitecture(3, outputs)
                {
                    Numbers = new(new PlrEmbedding { Frequencies = 2, Width = 4 }, [1, 2]),
                    HiddenLayers = [new(7) { Activation = Activation.Tanh }],
                    SharedMembers = 2,
                    InputNoise = 0.4f,
                    InputDropout = 0.3f,
                },
                loss);
            yield return new($"encoded, disturbed, {lossName}", encoded with { InputNoise = 0.4f, InputDropout = 0.3f }, loss);

            var categories = new MlpArchitecture(6, outputs)
            {
                Categories = new(6, [new(1, 2), new(3, 5)], [false, true], 2, 0.3f),
                HiddenLayers = [new(7) { Activation = Activation.Tanh }],
            };
            yield return new($"categories, {lossName}", categories, loss, L2: 0.05f);
            yield return new($"categories, scoring, {lossName}", categories, loss, PassMode.Scoring);
            yield return new($"categories, linear, shared, {lossName}", categories with { HiddenLayers = [], SharedMembers = 3 }, loss);
            MlpArchitecture categoriesEncoded = categories with
            {
                Encoding = new(6, [0, 0, 0], [-0.7f, 0.2f, 1], [1 / 0.9f, 1 / 0.8f, 0.4f], [], isClipped: true),
            };
            yield return new($"categories, encoded, shared, {lossName}", categoriesEncoded with { SharedMembers = 3 }, loss);
            yield return new($"categories, encoded, disturbed, {lossName}", categoriesEncoded with { InputNoise = 0.4f, InputDropout = 0.3f }, loss);

            MlpArchitecture categoriesEmbedded = categories with { Numbers = new(new PbldEmbedding { Frequencies = 3, Width = 2 }, [0]) };
            yield return new($"categories, embedded, disturbed, {lossName}", categoriesEmbedded with { InputNoise = 0.4f, InputDropout = 0.3f }, loss);
            yield return new($"categories, embedded, fused, {lossName}",
                categoriesEmbedded with { HiddenLayers = [new(16) { Activation = Activation.Tanh }], SharedMembers = 2 }, loss);

            var mixed = new MlpArchitecture(3, outputs)
            {
                InputDropout = 0.2f,
                HiddenLayers =
                [
                    new(7) { Activation = Activation.Tanh, Normalization = new BatchNormalization { Epsilon = 0.01f }, Dropout = 0.25f },
                    new(5) { Activation = Activation.Elu(), Dropout = 0.5f },
                    new(3) { Activation = Activation.Sigmoid, Normalization = Normalization.Batch },
                ],
            };
            yield return new($"deep, {lossName}", mixed, loss, L2: 0.05f);
            yield return new($"deep, one row, {lossName}", mixed, loss, Rows: 1);
            if (lossName is "softmax" or "sigmoid loss" or "squared")
            {
                // Two rows normalize to constants, the roots of the ratio of their weights: what is left of a gradient in front of them is roundings,
                // so it must be small beside the others.
                yield return new($"deep, two rows, {lossName}", mixed, loss, Rows: 2);
            }

            yield return new($"deep, many rows, {lossName}", mixed, loss, Rows: 131);
            yield return new($"deep, scoring, {lossName}", mixed, loss, PassMode.Scoring);

            var connected = new MlpArchitecture(5, outputs)
            {
                InputNoise = 0.3f,
                InputDropout = 0.2f,
                HiddenLayers =
                [
                    new(5) { Activation = Activation.Tanh, Normalization = Normalization.Layer, Noise = 0.2f, Dropout = 0.25f, Residual = true },
                    new(5) { Activation = Activation.Sigmoid, Normalization = Normalization.Batch, Noise = 0.4f, Residual = true },
                    new(7) { Activation = Activation.Elu(), Normalization = new LayerNormalization { Epsilon = 0.3f }, Noise = 0.3f },
                    new(7) { Activation = Activation.Tanh, Residual = true },
                ],
            };
            yield return new($"connected, {lossName}", connected, loss, L2: 0.05f);
            yield return new($"connected, one row, {lossName}", connected, loss, Rows: 1);
            yield return new($"connected, many rows, {lossName}", connected, loss, Rows: 131);
            yield return new($"connected, scoring, {lossName}", connected, loss, PassMode.Scoring);

            var penalised = new MlpArchitecture(5, outputs)
            {
                HiddenLayers =
                [
                    new(5) { Activation = Activation.Tanh, Normalization = Normalization.Layer, DropConnect = 0.3f, Noise = 0.2f, Dropout = 0.25f,
                        Residual = true },
                    new(7) { Activation = Activation.Elu(), Normalization = Normalization.Batch, DropConnect = 0.5f, ActivityRegularization = 0.2f,
                        Dropout = 0.2f },
                    new(7) { Activation = Activation.Tanh, DropConnect = 0.2f, ActivityRegularization = 0.4f, Noise = 0.3f, Residual = true },
                ],
            };
            yield return new($"penalised, {lossName}", penalised, loss, L2: 0.05f);
            if (lossName is "softmax")
            {
                // What a layer does to its weights and its activations has nothing to do with the loss.
                yield return new($"penalised, one row, {lossName}", penalised, loss, Rows: 1);
                yield return new($"penalised, many rows, {lossName}", penalised, loss, Rows: 67);
                yield return new($"penalised, scoring, {lossName}", penalised, loss, PassMode.Scoring);
                foreach ((string name, Activation activation) in _activations)
                {
                    HiddenLayer plain = new(5) { Activation = activation };
                    yield return Of($"{name}, connections dropped, {lossName}", loss, outputs, plain with { DropConnect = 0.4f });
                    yield return Of($"{name}, activity, {lossName}", loss, outputs, plain with { ActivityRegularization = 0.3f });
                }

                foreach (Activation activation in (Activation[])[Activation.Sigmoid, Activation.Tanh])
                {
                    HiddenLayer sparse = new(5)
                    {
                        Activation = activation,
                        Sparsity = new() { Target = 0.2f, Weight = 0.7f },
                        ActivityRegularization = 0.1f,
                        Dropout = 0.3f,
                    };
                    yield return Of($"{activation}, sparsity, {lossName}", loss, outputs, sparse);
                    yield return Of($"{activation}, sparsity, one row with weight, {lossName}", loss, outputs, sparse) with { OnlyFirstRowWeighs = true };
                    yield return new($"{activation}, sparsity, shared, {lossName}",
                        new MlpArchitecture(4, outputs) { HiddenLayers = [sparse with { Normalization = Normalization.Batch }], SharedMembers = 3 }, loss);
                }
            }

            var shared = new MlpArchitecture(5, outputs)
            {
                SharedMembers = 3,
                InputNoise = 0.3f,
                InputDropout = 0.2f,
                HiddenLayers =
                [
                    new(7) { Activation = Activation.Tanh, DropConnect = 0.2f, Noise = 0.2f, Dropout = 0.25f, ActivityRegularization = 0.2f },
                    new(7) { Activation = Activation.Elu(), Normalization = Normalization.Batch, Residual = true },
                    new(4) { Activation = Activation.Gelu, Normalization = Normalization.Layer },
                ],
            };
            yield return new($"shared, {lossName}", shared, loss, L2: 0.05f);
            if (lossName is "softmax" or "sigmoid loss" or "squared")
            {
                yield return new($"shared, many rows, {lossName}", shared, loss, Rows: 37);
            }

            yield return new($"shared, scoring, {lossName}", shared, loss, PassMode.Scoring);
            yield return new($"shared, linear, {lossName}", new MlpArchitecture(5, outputs) { SharedMembers = 4 }, loss, L2: 0.2f);
            yield return new($"wide, {lossName}", new MlpArchitecture(17, outputs)
            {
                HiddenLayers = [new(33) { Activation = Activation.Tanh },
                new(19)]
            }, loss);
        }
    }

    /// <summary>Normalizations and the activations with a layer of their own, each with each. Losses do not know of them: two are enough.</summary>
    private static IEnumerable<GradientCase> BuildUnits()
    {
        foreach ((string lossName, Loss loss, int outputs) in _losses.Where(entry => entry.Loss is SoftmaxCrossEntropy { LabelSmoothing: 0 } or SquaredError))
        {
            foreach ((string name, Normalization? normalization) in _normalizations)
            {
                HiddenLayer layer = new(5) { Activation = Activation.Tanh, Normalization = normalization };
                yield return Of($"tanh, {name} normalization, {lossName}", loss, outputs, layer) with { L2 = 0.2f };
                yield return Of($"tanh, {name} normalization, one row, {lossName}", loss, outputs, layer) with { Rows = 1 };
                yield return Of($"tanh, {name} normalization, one row with weight, {lossName}", loss, outputs, layer) with { OnlyFirstRowWeighs = true };
                yield return Of($"tanh, {name} normalization, scoring, {lossName}", loss, outputs, layer) with { Mode = PassMode.Scoring };
                yield return Of($"gelu, {name} normalization, residual, {lossName}", loss, outputs, layer with
                {
                    Activation = Activation.Gelu,
                    Residual = true,
                    Noise = 0.2f,
                    Dropout = 0.3f
                }, inputs: 5);
                foreach ((string activationName, Activation activation) in _units)
                {
                    HiddenLayer own = layer with { Activation = activation };
                    yield return Of($"{activationName}, {name} normalization, {lossName}", loss, outputs, own with { Dropout = 0.3f }) with { L2 = 0.2f };
                    yield return Of($"{activationName}, {name} normalization, residual, {lossName}", loss, outputs,
                        own with { Residual = true, Noise = 0.5f }, inputs: 5);
                }
            }
        }
    }

    /// <summary>In the middle of both ramps at the fourth mini-batch, so that some of the corrections meet their limits and some do not.</summary>
    private static BatchRenormalization Renormalization(float scale, float shift) =>
        new() { MaximumScale = scale, MaximumShift = shift, WarmupSteps = 1, ScaleRampSteps = 4, ShiftRampSteps = 5, Epsilon = 0.01f };

    private static GradientCase Of(string name, Loss loss, int outputs, HiddenLayer first, int inputs = 4) =>
        new(name, new MlpArchitecture(inputs, outputs) { HiddenLayers = [first, new(3) { Activation = Activation.Tanh }] }, loss);
}
