using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>The models behind the fixtures that are made by a test run with the environment variable MLNETMLP_ACCEPT=1, where they are missing.</summary>
internal static class FixtureModels
{
    private static readonly Dictionary<string, Func<MlpModel>> _all = new()
    {
        ["v4-units"] = () => RandomModels.Create(
            new MlpArchitecture(5, 3)
            {
                InputNoise = 0.1f,
                HiddenLayers =
                [
                    new(6) { Activation = Activation.PRelu(), InitialBias = 0.1f },
                    new(4) { Activation = Activation.Maxout(3), Normalization = Normalization.Batch, Dropout = 0.2f },
                    new(4) { Activation = Activation.PRelu(-0.5f), Normalization = Normalization.Layer, InitialBias = 0.01f, Residual = true },
                ],
            },
            new SoftmaxCrossEntropy(), infinite: InvalidValueHandling.Impute),
        ["v4-normalizations"] = () => RandomModels.Create(
            new MlpArchitecture(4, 2)
            {
                HiddenLayers =
                [
                    new(5) { Activation = Activation.Tanh, Normalization = Normalization.Weight },
                    new(5) { Normalization = new CosineNormalization { Epsilon = 0.1f }, Residual = true },
                    new(3)
                    {
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
            new SquaredError(), infinite: InvalidValueHandling.Impute),
        ["v4-regularization"] = () => RandomModels.Create(
            new MlpArchitecture(3, 1)
            {
                InputDropout = 0.1f,
                HiddenLayers =
                [
                    new(5) { DropConnect = 0.3f, ActivityRegularization = 0.01f },
                    new(4) { Activation = Activation.Gelu, Normalization = Normalization.Weight, DropConnect = 0.5f, Dropout = 0.5f },
                ],
            },
            new SigmoidCrossEntropy(), infinite: InvalidValueHandling.Impute),
        ["v4-activations"] = () => RandomModels.Create(
            new MlpArchitecture(4, 3)
            {
                OutputInitializer = Initializer.GlorotNormal,
                HiddenLayers =
                [
                    new(3) { Activation = Activation.LeakyRelu(0.2f), WeightInitializer = Initializer.Gaussian(0.5f) },
                    new(3) { Activation = Activation.Elu(2), WeightInitializer = Initializer.Zero, Residual = true },
                    new(4) { Activation = Activation.Gelu, WeightInitializer = Initializer.He },
                    new(2) { Activation = Activation.Silu, WeightInitializer = Initializer.HeUniform },
                    new(3) { Activation = Activation.Mish, WeightInitializer = Initializer.Orthogonal(2) },
                    new(4) { Activation = Activation.Selu, WeightInitializer = Initializer.Sparse(7, 0.5f), Normalization = Normalization.Batch },
                    new(3) { Activation = Activation.Sigmoid, WeightInitializer = Initializer.LeCun, Noise = 0.1f },
                    new(3) { Activation = Activation.Identity, WeightInitializer = Initializer.GlorotUniform },
                ],
            },
            new HuberLoss { Delta = 2 }, infinite: InvalidValueHandling.Impute),
        ["v4-linear"] = () => RandomModels.Create(
            new MlpArchitecture(3, 3), new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, infinite: InvalidValueHandling.Impute),
        ["v4-smoothed-sigmoid"] = () => RandomModels.Create(
            new MlpArchitecture(3, 1), new SigmoidCrossEntropy { LabelSmoothing = 0.2f }, infinite: InvalidValueHandling.Impute),
        ["v4-limits"] = () => RandomModels.Create(
            new MlpArchitecture(3, 2), new HuberLoss { Delta = 2, ClampPredictions = true }, infinite: InvalidValueHandling.Impute),
        ["v4-encoded"] = () => RandomModels.Create(
            new MlpArchitecture(4, 3)
            {
                Encoding = new(4, [0, 0, 3, 3, 3], [-1, 0.5f, -2, 0, 0.25f], [0.7f, 2, 0.5f, 4, 1], [1, 3], isClipped: true),
                HiddenLayers = [new(6)],
            },
            new SoftmaxCrossEntropy(), infinite: InvalidValueHandling.Impute),
        ["v4-plr"] = () => RandomModels.Create(
            new MlpArchitecture(4, 1)
            {
                Encoding = new(4, [], [], [], [1, 2], isClipped: false),
                Numbers = new(new PlrEmbedding { Frequencies = 3, Width = 2, InitialScale = 0.5f }, [0, 1, 3]),
                HiddenLayers = [new(6)],
            },
            new SigmoidCrossEntropy(), infinite: InvalidValueHandling.Impute),
        ["v4-pbld"] = () => RandomModels.Create(
            new MlpArchitecture(4, 2) { Numbers = new(new PbldEmbedding { Width = 2 }, [2]), HiddenLayers = [new(6)], SharedMembers = 2 },
            new SquaredError(), infinite: InvalidValueHandling.Impute),
        ["v4-ensemble-softmax"] = () => Ensemble(3, new SoftmaxCrossEntropy()),
        ["v4-ensemble-sigmoid"] = () => Ensemble(1, new SigmoidCrossEntropy()),
        ["v4-ensemble-squared"] = () => Ensemble(2, new SquaredError()),
        ["v4-categories"] = () => RandomModels.Create(
            new MlpArchitecture(9, 3)
            {
                Categories = new(9, [new(1, 2), new(4, 6)], [true, false], 2, 0.1f),
                Encoding = new(10, [0, 0, 5], [-1.5f, -0.25f, 0.5f], [1 / 1.25f, 1 / 0.75f, 0.4f], [0, 6], isClipped: true),
                HiddenLayers = [new(6)],
            },
            new SoftmaxCrossEntropy(), infinite: InvalidValueHandling.Impute),
        ["v4-shared-softmax"] = () => Shared(3, new SoftmaxCrossEntropy()),
        ["v4-shared-sigmoid"] = () => Shared(1, new SigmoidCrossEntropy()),
        ["v4-shared-squared"] = () => RandomModels.Ensemble(Shared(2, new SquaredError()), members: 2),
    };

    public static IEnumerable<string> Names => _all.Keys;

    /// <summary>Writes the files into the source tree, unless they are there.</summary>
    public static void WriteMissing()
    {
        foreach ((string name, Func<MlpModel> create) in _all)
        {
            string path = Path.Combine(SourceFolder(), name);
            if (File.Exists(path + ".mlp"))
            {
                continue;
            }

            MlpModel model = create();
            float[] features = RandomModels.Features(model, 6);
            features[model.FeatureCount + 1] = float.NaN;
            features[2 * model.FeatureCount + 2] = float.NegativeInfinity;
            double[][] scores = [.. ReferenceScores.Of(model, features).Chunk(model.OutputCount)];
            File.WriteAllBytes(path + ".mlp", SmallData.Saved(model));
            File.WriteAllText(path + ".csv", string.Concat(features.Chunk(model.FeatureCount).Zip(scores, (row, score) =>
                string.Join(',', [.. row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)),
                    .. score.Select(x => x.ToString("R", CultureInfo.InvariantCulture))]) + "\n")));
        }
    }

    private static MlpModel Ensemble(int outputs, Loss loss) => RandomModels.Ensemble(
        RandomModels.Create(new MlpArchitecture(4, outputs) { HiddenLayers = [new(6) { Dropout = 0.2f }, new(5) { Activation = Activation.Silu }] },
            loss, infinite: InvalidValueHandling.Impute),
        members: 3);

    private static MlpModel Shared(int outputs, Loss loss) => RandomModels.Create(
        new MlpArchitecture(4, outputs)
        {
            SharedMembers = 3,
            HiddenLayers = [new(6) { Normalization = Normalization.Batch }, new(5) { Activation = Activation.Silu }],
        },
        loss, infinite: InvalidValueHandling.Impute);

    private static string SourceFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MlNetMlp.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "MlNetMlp.Core.Tests", "Serialization", "Fixtures");
    }
}
