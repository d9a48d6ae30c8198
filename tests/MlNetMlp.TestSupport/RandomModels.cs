using MlNetMlp.Numerics;

namespace MlNetMlp.TestSupport;

/// <summary>Models of every kind with random parameters, statistics, standardization and target units: nothing happens to be 0, 1 or equal.</summary>
internal static class RandomModels
{
    private static readonly Dictionary<string, (MlpArchitecture Architecture, Loss Loss)> _all = new()
    {
        ["linear, softmax"] = (new(5, 3), new SoftmaxCrossEntropy()),
        ["linear, sigmoid"] = (new(1, 1), new SigmoidCrossEntropy()),
        ["linear, squared"] = (new(17, 4), new SquaredError()),
        ["input dropout"] = (new(7, 1) { InputDropout = 0.3f, HiddenLayers = [new(6)] }, new SigmoidCrossEntropy()),
        ["every activation"] = (
            new(9, 3)
            {
                HiddenLayers =
                [
                    new(11), new(8) { Activation = Activation.LeakyRelu(0.2f) }, new(13) { Activation = Activation.Elu(1.5f) },
                    new(5) { Activation = Activation.Tanh }, new(16) { Activation = Activation.Sigmoid }, new(3) { Activation = Activation.Identity },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["batch normalization"] = (
            new(6, 2)
            {
                HiddenLayers =
                [
                    new(10) { Normalization = Normalization.Batch, Dropout = 0.2f },
                    new(7) { Activation = Activation.Tanh, Normalization = new BatchNormalization { Epsilon = 0.01f, Momentum = 0.5f,
                        Statistics = BatchStatistics.TrainingSet } },
                ],
            },
            new SquaredError()),
        ["noise"] = (
            new(5, 1) { InputNoise = 0.3f, InputDropout = 0.1f, HiddenLayers = [new(7) { Noise = 0.25f }, new(3) { Noise = 2, Dropout = 0.5f }] },
                new SigmoidCrossEntropy()),
        ["layer normalization"] = (
            new(6, 2)
            {
                HiddenLayers =
                [
                    new(37) { Normalization = Normalization.Layer },
                    new(16) { Activation = Activation.Tanh, Normalization = new LayerNormalization { Epsilon = 0.2f } },
                ],
            },
            new SquaredError()),
        ["residual"] = (
            new(9, 3)
            {
                HiddenLayers =
                [
                    new(9) { Residual = true },
                    new(9) { Residual = true, Normalization = Normalization.Layer, Activation = Activation.Sigmoid, Noise = 0.1f },
                    new(20) { Activation = Activation.Tanh },
                    new(20) { Residual = true, Normalization = Normalization.Batch, Activation = Activation.Identity, Dropout = 0.3f },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["dropped connections, activity"] = (
            new(5, 2)
            {
                HiddenLayers = [new(7) { DropConnect = 0.25f }, new(7) { ActivityRegularization = 0.125f, DropConnect = 0.5f,
                Residual = true }]
            }, new SquaredError()),
        ["every initializer"] = (
            new(4, 2)
            {
                OutputInitializer = Initializer.LeCun,
                HiddenLayers =
                [
                    new(3) { WeightInitializer = Initializer.He }, new(3) { WeightInitializer = Initializer.HeUniform },
                    new(3) { WeightInitializer = Initializer.GlorotNormal }, new(3) { WeightInitializer = Initializer.GlorotUniform },
                    new(3) { WeightInitializer = Initializer.Zero }, new(3) { WeightInitializer = Initializer.Gaussian(0.5f) },
                    new(3) { WeightInitializer = Initializer.Orthogonal(1.5f) }, new(3) { WeightInitializer = Initializer.Sparse(2, 0.25f) },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["functions of the sum"] = (
            new(9, 3)
            {
                HiddenLayers =
                [
                    new(11) { Activation = Activation.Gelu }, new(8) { Activation = Activation.Silu, Normalization = Normalization.Batch },
                    new(13) { Activation = Activation.Mish }, new(5) { Activation = Activation.Selu },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["weight normalization"] = (
            new(6, 2)
            {
                HiddenLayers =
                [
                    new(37) { Normalization = Normalization.Weight, InitialBias = 0.1f },
                    new(16) { Activation = Activation.Tanh, Normalization = Normalization.Weight, Dropout = 0.2f },
                ],
            },
            new SquaredError()),
        ["cosine normalization"] = (
            new(6, 2)
            {
                HiddenLayers =
                [
                    new(37) { Normalization = Normalization.Cosine },
                    new(37) { Activation = Activation.Tanh, Normalization = new CosineNormalization { Epsilon = 0.2f }, Residual = true },
                ],
            },
            new SquaredError()),
        ["batch renormalization"] = (
            new(6, 2)
            {
                HiddenLayers =
                [
                    new(10) { Normalization = Normalization.BatchRenormalization, Dropout = 0.2f, InitialBias = 0.5f },
                    new(7)
                    {
                        Activation = Activation.Tanh,
                        Normalization = new BatchRenormalization
                        {
                            Epsilon = 0.01f,
                            Momentum = 0.5f,
                            MaximumScale = 2,
                            MaximumShift = 4,
                            WarmupSteps = 1,
                            ScaleRampSteps = 7,
                            ShiftRampSteps = 9,
                        },
                    },
                ],
            },
            new SquaredError()),
        ["learned slopes"] = (
            new(9, 3)
            {
                HiddenLayers =
                [
                    new(11) { Activation = Activation.PRelu() }, new(300) { Activation = Activation.PRelu(-0.5f), Normalization = Normalization.Batch },
                    new(5) { Activation = Activation.PRelu(), Normalization = Normalization.Cosine, Noise = 0.1f },
                    new(5) { Activation = Activation.PRelu(), Normalization = Normalization.Layer, Residual = true },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["maxout"] = (
            new(9, 3)
            {
                HiddenLayers =
                [
                    new(11) { Activation = Activation.Maxout() }, new(8) { Activation = Activation.Maxout(3), Normalization = Normalization.Batch,
                        Dropout = 0.5f },
                    new(8) { Activation = Activation.Maxout(5), Normalization = Normalization.Weight, Residual = true },
                    new(8) { Activation = Activation.Maxout(), Normalization = Normalization.Layer, InitialBias = -0.25f },
                ],
            },
            new SoftmaxCrossEntropy()),
        ["encoded"] = (
            new(5, 3)
            {
                Encoding = new(5, [0, 0, 0, 3], [-1.5f, -0.25f, 0.5f, -3], [1 / 1.25f, 1 / 0.75f, 0.4f, 0.125f], [], isClipped: true),
                InputNoise = 0.1f,
                InputDropout = 0.2f,
                HiddenLayers = [new(9) { Residual = true }],
            },
            new SoftmaxCrossEntropy()),
        ["encoded, with missing values"] = (
            new(5, 1) { Encoding = new(5, [1, 2, 2], [0.1f, -0.25f, 0.5f], [2, 1 / 0.75f, 0.4f], [1, 4], isClipped: false), HiddenLayers = [new(6)] },
            new SigmoidCrossEntropy()),
        ["encoded, shared"] = (
            new(5, 3)
            {
                Encoding = new(5, [1, 2, 2, 2], [0.1f, -0.25f, 0.5f, 0.75f], [2, 1 / 0.75f, 4, 0.2f], [1, 4], isClipped: true),
                HiddenLayers = [new(37), new(6)],
                SharedMembers = 3,
            },
            new SoftmaxCrossEntropy()),
        [Mapped] = (
            new(5, 3) { Encoding = new(5, [1, 1], [-1, 1], [0.5f, 2], [1, 4], isClipped: false), HiddenLayers = [new(9)] }, new SoftmaxCrossEntropy()),
        ["whitened"] = (
            new(4, 3)
            {
                Whitening = new(4, [1, 0.5f, 0, -0.25f, 1, 0.75f, 0.1f, -2, 0.3f, 0.6f, 0.2f, 1]),
                InputNoise = 0.1f,
                InputDropout = 0.2f,
                HiddenLayers = [new(3) { Residual = true }],
            },
            new SoftmaxCrossEntropy()),
        ["whitened, folded"] = (new(3, 1) { Whitening = new(3, [1, 0.5f, 0, -0.25f, 1, 0.75f, 0.1f, -2, 0.3f]), HiddenLayers = [new(6)] }, new SquaredError()),
        ["whitened, shared"] = (
            new(3, 1) { Whitening = new(3, [1, 0.5f, 0, -0.25f, 1, 0.75f]), HiddenLayers = [new(6)], SharedMembers = 3 }, new SigmoidCrossEntropy()),
        ["embedded"] = (
            new(5, 3)
            {
                Numbers = new(new PbldEmbedding { Frequencies = 5, Width = 3 }, [0, 3]),
                InputNoise = 0.1f,
                InputDropout = 0.2f,
                HiddenLayers = [new(11) { Residual = true }],
            },
            new SoftmaxCrossEntropy()),
        ["embedded, with missing values"] = (
            new(5, 1)
            {
                Encoding = new(5, [], [], [], [1, 4], isClipped: true),
                Numbers = new(new PlrEmbedding { Frequencies = 6, Width = 4 }, [0, 1, 2]),
                HiddenLayers = [new(6)],
            },
            new SigmoidCrossEntropy()),
        ["embedded, shared"] = (
            new(5, 3)
            {
                Encoding = new(5, [], [], [], [1, 4], isClipped: false),
                Numbers = new(new PbldEmbedding { Frequencies = 7, Width = 1 }, [1, 2, 3, 4]),
                HiddenLayers = [new(37), new(6)],
                SharedMembers = 3,
            },
            new SquaredError()),
        ["embedded, fused"] = (
            new(5, 3)
            {
                Numbers = new(new PlrEmbedding { Frequencies = 3, Width = 2 }, [1, 2, 4]),
                HiddenLayers = [new(16), new(6)],
                SharedMembers = 3,
            },
            new SquaredError()),
        ["embedded, linear"] = (new(2, 1) { Numbers = new(new PlrEmbedding { Frequencies = 1, Width = 2 }, [1]) }, new SquaredError()),
        ["encoded, linear"] = (new(2, 1) { Encoding = new(2, [], [], [], [0], isClipped: true) }, new SquaredError()),
        ["categories"] = (
            new(9, 3)
            {
                Categories = new(9, [new(1, 3), new(4, 4), new(6, 8)], [false, true, true], 3, 0.1f),
                InputDropout = 0.1f,
                HiddenLayers = [new(6)],
            },
            new SoftmaxCrossEntropy()),
        ["categories that stay"] = (new(6, 2) { Categories = new(6, [new(0, 1), new(3, 5)], [false, false], 1, 0), HiddenLayers = [new(5)] },
            new SquaredError()),
        ["categories alone"] = (new(7, 1) { Categories = new(7, [new(0, 6)], [true], 2, 0.2f), HiddenLayers = [new(5)] }, new SigmoidCrossEntropy()),
        ["categories, encoded, shared"] = (
            new(9, 3)
            {
                Categories = new(9, [new(1, 2), new(4, 6)], [true, false], 2, 0.1f),
                Encoding = new(10, [0, 0, 5], [-1.5f, -0.25f, 0.5f], [1 / 1.25f, 1 / 0.75f, 0.4f], [0, 6], isClipped: true),
                HiddenLayers = [new(37), new(6)],
                SharedMembers = 3,
            },
            new SoftmaxCrossEntropy()),
        ["categories, embedded"] = (
            new(9, 3)
            {
                Categories = new(9, [new(1, 3), new(4, 4), new(6, 8)], [false, true, true], 3, 0.1f),
                Numbers = new(new PbldEmbedding { Frequencies = 4, Width = 3 }, [0, 4]),
                InputDropout = 0.1f,
                HiddenLayers = [new(6)],
            },
            new SoftmaxCrossEntropy()),
        ["categories, embedded, fused, shared"] = (
            new(9, 3)
            {
                Categories = new(9, [new(1, 2), new(4, 6)], [true, false], 2, 0.1f),
                Encoding = new(10, [], [], [], [0, 6], isClipped: true),
                Numbers = new(new PlrEmbedding { Frequencies = 3, Width = 2 }, [0, 1, 6]),
                HiddenLayers = [new(16), new(6)],
                SharedMembers = 3,
            },
            new SoftmaxCrossEntropy()),
        ["threshold"] = (new(9, 3) { HiddenLayers = [new(17) { Activation = Activation.HardThreshold }] }, new SoftmaxCrossEntropy()),
        ["smoothed softmax"] = (new(4, 3) { HiddenLayers = [new(5)] }, new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }),
        ["smoothed sigmoid"] = (new(4, 1) { HiddenLayers = [new(5)] }, new SigmoidCrossEntropy { LabelSmoothing = 0.1f }),
        ["absolute error"] = (new(4, 3) { HiddenLayers = [new(5)] }, new AbsoluteError()),
        ["limited"] = (new(4, 3) { HiddenLayers = [new(5) { Dropout = 0.25f }] }, new AbsoluteError { ClampPredictions = true }),
        ["limited, one"] = (new(6, 1), new SquaredError { ClampPredictions = true }),
        ["huber"] = (new(4, 3) { HiddenLayers = [new(5)] }, new HuberLoss { Delta = 1.5f }),
        ["multiclass hinge"] = (new(4, 3) { HiddenLayers = [new(5)] }, new MulticlassHinge()),
        ["squared multiclass hinge"] = (new(4, 3) { HiddenLayers = [new(5)] }, new SquaredMulticlassHinge()),
        ["squared softmax"] = (new(4, 3) { HiddenLayers = [new(5)] }, new SoftmaxSquaredError()),
        ["squared classes"] = (new(4, 3), new MulticlassSquaredError()),
        ["squared sigmoid"] = (new(4, 1) { HiddenLayers = [new(5) { Activation = Activation.Sigmoid }] }, new SigmoidSquaredError()),
        ["hinge"] = (new(4, 1) { HiddenLayers = [new(5)] }, new BinaryHinge()),
        ["perceptron"] = (new(4, 1), new PerceptronLoss()),
        ["divergence"] = (new(4, 3) { HiddenLayers = [new(5)] }, new KullbackLeiblerDivergence()),
        ["cosine"] = (new(4, 3) { HiddenLayers = [new(5)] }, new CosineProximity()),
        ["shared, linear"] = (new(4, 3) { SharedMembers = 2 }, new SoftmaxCrossEntropy()),
        ["shared"] = (
            new(6, 1)
            {
                SharedMembers = 4,
                InputDropout = 0.3f,
                HiddenLayers = [new(9) { Dropout = 0.2f }, new(9) { Activation = Activation.Tanh, Residual = true }],
            },
            new SigmoidCrossEntropy()),
        ["shared, normalized"] = (
            new(6, 2)
            {
                SharedMembers = 3,
                HiddenLayers =
                [
                    new(10) { Normalization = Normalization.Batch }, new(7) { Activation = Activation.PRelu(), Normalization = Normalization.Layer },
                    new(5) { Activation = Activation.Maxout() },
                ],
            },
            new SquaredError()),
        [OfExponentials] = (new(4, 3) { HiddenLayers = [new(5) { Dropout = 0.25f }] }, CustomParts.Poisson),
        ["wide"] = (new(70, 11) { HiddenLayers = [new(300), new(129) { Activation = Activation.Tanh }] }, new SoftmaxCrossEntropy()),
    };

    private const string EnsembleOf = "ensemble of ";
    private const string PrunedOf = "pruned ";

    /// <summary>A model whose features are mapped to quantiles, which no reader of ONNX files puts together again.</summary>
    public const string Mapped = "mapped to quantiles";

    public static TheoryData<string> Names => [.. AllNames];

    /// <summary>A model whose scores are exponentials, which no reader of ONNX files takes for a loss.</summary>
    public const string OfExponentials = "exponentials";

    /// <summary>Those whose ONNX files can be read back.</summary>
    public static TheoryData<string> NamesOfReadable =>
        [.. AllNames.Where(name => name != Mapped && !name.EndsWith(OfExponentials, StringComparison.Ordinal))];

    /// <summary>Those with a single network.</summary>
    public static TheoryData<string> SingleNames => [.. _all.Keys];

    private static IEnumerable<string> AllNames =>
    [
        .. _all.Keys,
        .. ((string[])["residual", "input dropout", "batch normalization", "hinge", "divergence", "encoded", "embedded", "categories", "shared", "limited",
            "squared softmax", "squared sigmoid", OfExponentials])
            .Select(name => EnsembleOf + name),
        PrunedOf + "shared, normalized",
    ];

    public static MlpModel Named(
        string name, InvalidValueHandling missing = InvalidValueHandling.Impute, InvalidValueHandling infinite = InvalidValueHandling.Fail, int seed = 1)
    {
        if (name.StartsWith(EnsembleOf, StringComparison.Ordinal))
        {
            return Ensemble(Named(name[EnsembleOf.Length..], missing, infinite, seed), 3);
        }

        if (name.StartsWith(PrunedOf, StringComparison.Ordinal))
        {
            return Named(name[PrunedOf.Length..], missing, infinite, seed).WithMembers([0, 2]);
        }

        (MlpArchitecture architecture, Loss loss) = _all[name];
        MlpModel model = Create(architecture, loss, missing, infinite, seed);
        var quantiles = new QuantileMap([0, 1, 3], [3, 5, 1], [-1, 0.5f, 2, -2, -1, 0.25f, 1, 3, 0.5f], [-2, 0.25f, 1.5f, -3, -1, 0, 2, 2.5f, 0]);
        return name != Mapped ? model
            : new MlpModel(architecture, model.Loss, model.Standardizer.With(quantiles), model.Targets, model.RestoreParameters().Snapshot());
    }

    public static MlpModel Create(
        MlpArchitecture architecture,
        Loss loss,
        InvalidValueHandling missing = InvalidValueHandling.Impute,
        InvalidValueHandling infinite = InvalidValueHandling.Fail,
        int seed = 1)
    {
        var random = new SeededRandom(seed);
        ParameterVector parameters = new MlpNetwork(architecture, 0).Parameters;
        Randomize(parameters, random.At(0));
        float[] mean = Uniform(random.At(1), architecture.InputSize, -2, 2);
        FeatureStandardizer standardizer = new FeatureStandardizer(mean, Uniform(random.At(2), mean.Length, 0.5f, 2), mean, missing, infinite)
            .KeepingMissing(missing == InvalidValueHandling.Impute ? architecture.ShownMissing : []);
        TargetUnits units = loss.TargetsAreValues
            ? new(Uniform(random.At(3), architecture.OutputSize, -9, 9), Uniform(random.At(4), architecture.OutputSize, 1, 9))
            : TargetUnits.AsGiven(architecture.OutputSize);
        if (loss.ClampsPredictions)
        {
            // Near the middle of the scores, so that some are below, some between and some above.
            float[] lower = [.. units.Offset.ToArray().Zip(units.Scale.ToArray(), (offset, scale) => offset - 0.3f * scale)];
            units = units.With(new(lower, [.. lower.Zip(units.Scale.ToArray(), (low, scale) => low + 0.8f * scale)]));
        }

        return new MlpModel(architecture, loss.ForModel, standardizer, units, parameters.Snapshot());
    }

    /// <summary>An ensemble of <paramref name="first"/> and models like it with other parameters.</summary>
    public static MlpModel Ensemble(MlpModel first, int members)
    {
        MlpModel Other(int number)
        {
            ParameterVector parameters = first.RestoreParameters();
            Randomize(parameters, new SeededRandom(77).At(number));
            return new MlpModel(first.Architecture, first.Loss, first.Standardizer, first.Targets, parameters.Snapshot());
        }

        return MlpModel.Average([first, .. Enumerable.Range(1, members - 1).Select(Other)]);
    }

    /// <summary>Weights whose sums stay near 1, one row of zeros in every matrix, positive variances, gains of either sign.</summary>
    public static void Randomize(ParameterVector parameters, SeededRandom random)
    {
        int number = 0;
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            Span<float> values = parameters.Value(parameter);
            SeededRandom own = random.At(number++);
            switch (parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..])
            {
                case "Variance" or "Deviation":
                    own.FillUniform(values, 0.2f, 3);
                    break;
                case "Gain":
                    own.FillUniform(values, -1.5f, 1.5f);
                    break;
                case "Steps":
                    values.Fill(3);
                    break;
                case "Weights":
                    own.FillNormal(values, 0.05f, 1.3f / MathF.Sqrt(parameter.Rows));
                    break;
                default:
                    own.FillNormal(values, 0.1f, 0.6f);
                    break;
            }

            if (parameter.Rows > 1)
            {
                values.Slice(parameter.Columns * (parameter.Rows / 2), parameter.Columns).Clear();
            }
        }
    }

    public static float[] Features(MlpModel model, int rows, int seed = 2)
    {
        float[] features = new float[rows * model.FeatureCount];
        new SeededRandom(seed).FillNormal(features, 0, 2);
        for (int j = 0; j < model.FeatureCount; j++)
        {
            for (int i = j % 3; i < rows && float.IsNaN(model.Standardizer.Replacement[j]); i += 3)
            {
                features[i * model.FeatureCount + j] = float.NaN;
            }
        }

        return features;
    }

    public static float[] Scores(MlpModel model, float[] features)
    {
        int rows = features.Length / model.FeatureCount;
        float[] scores = new float[rows * model.OutputCount];
        model.Predict(features, scores, rows);
        return scores;
    }

    private static float[] Uniform(SeededRandom random, int length, float low, float high)
    {
        float[] values = new float[length];
        random.FillUniform(values, low, high);
        return values;
    }
}
