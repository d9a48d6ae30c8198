using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>
/// Training with each part that a network can have (activation, normalization, random numbers, loss) against the same training of a plain one with ReLU
/// alone, on one thread, by processor time.
/// </summary>
internal static class Parts
{
    private const string Relu = "ReLU", Squares = "ReLU, squared error";
    private const int Batch = 256;
    private const int Features = 54;
    private const int Rows = Batch * 60;

    /// <summary>What an activation may cost: its step takes at most 1.15 times as long as that of ReLU.</summary>
    private const double ActivationGoal = 1 / 1.15;

    /// <summary>What anything else may cost.</summary>
    private const double Goal = 1 / 1.5;

    private static readonly (string Name, HiddenLayer Layer, double Goal)[] _layers =
    [
        ("Leaky ReLU", new(256) { Activation = Activation.LeakyRelu() }, ActivationGoal),
        ("ELU", new(256) { Activation = Activation.Elu() }, ActivationGoal),
        ("SELU", new(256) { Activation = Activation.Selu }, ActivationGoal),
        ("GELU", new(256) { Activation = Activation.Gelu }, ActivationGoal),
        ("SiLU", new(256) { Activation = Activation.Silu }, ActivationGoal),
        ("Mish", new(256) { Activation = Activation.Mish }, ActivationGoal),
        ("tanh", new(256) { Activation = Activation.Tanh }, ActivationGoal),
        ("sigmoid", new(256) { Activation = Activation.Sigmoid }, ActivationGoal),
        ("PReLU", new(256) { Activation = Activation.PRelu() }, Goal),

        // About as many weights as the others: there are two sums for a unit.
        ("Maxout, 2 pieces of 176 units", new(176) { Activation = Activation.Maxout() }, Goal),
        ("batch normalization", new(256) { Normalization = new BatchNormalization() }, Goal),
        ("batch renormalization", new(256) { Normalization = new BatchRenormalization() }, Goal),
        ("layer normalization", new(256) { Normalization = new LayerNormalization() }, Goal),
        ("weight normalization", new(256) { Normalization = new WeightNormalization() }, Goal),
        ("cosine normalization", new(256) { Normalization = new CosineNormalization() }, Goal),
        ("dropout 0.1", new(256) { Dropout = 0.1f }, Goal),
        ("noise 0.1", new(256) { Noise = 0.1f }, Goal),
        ("DropConnect 0.1", new(256) { DropConnect = 0.1f }, Goal),
    ];

    private static readonly Loss[] _losses =
    [
        new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, new SoftmaxSquaredError(), new MulticlassHinge(),
        new SquaredMulticlassHinge(), new MulticlassSquaredError(), new AbsoluteError(), new HuberLoss(), new KullbackLeiblerDivergence(),
        new CosineProximity(),
    ];

    private static readonly Loss[] _binaryLosses = [new SigmoidCrossEntropy(), new SigmoidSquaredError(), new BinaryHinge(), new PerceptronLoss()];

    public static IEnumerable<Contest> All() =>
    [
        .. _layers.Select(part => Create(
            part.Name, Trainer(part.Name, part.Layer, new SoftmaxCrossEntropy(), 7), Trainer(Relu, new(256), new SoftmaxCrossEntropy(), 7), 7, part.Goal)),
        .. _losses.Select(loss => OfLoss(loss, 7)),
        .. _losses.Select(loss => OfLoss(loss, 256)),
        .. _binaryLosses.Select(loss => OfLoss(loss, 1)),
    ];

    private static Contest OfLoss(Loss loss, int outputs) =>
        Create($"{loss}", Trainer($"{loss}", new(256), loss, outputs), Trainer(Squares, new(256), new SquaredError(), outputs), outputs, Goal);

    private static Contest Create(string part, Contestant with, Contestant without, int outputs, double goal) => new(
        $"train 54-256-256-{outputs}, {part}", Rows, "rows", with, [without], new Dictionary<string, double> { [without.Name] = goal });

    private static Contestant Trainer(string name, HiddenLayer layer, Loss loss, int outputs)
    {
        var architecture = new MlpArchitecture(Features, outputs) { HiddenLayers = [layer, layer] };

        // Rows and training when its turn comes, or all of them would be in memory at once.
        var training = new Lazy<Contestant>(() => Trainings.SecondEpoch(architecture, loss, RowsFor(loss, outputs), Batch, 1));
        return new(name, () => training.Value.Seconds());
    }

    /// <summary>Made-up rows whose targets, a class or shares of all, any loss of their number takes.</summary>
    private static InMemoryRows RowsFor(Loss loss, int outputs)
    {
        int targets = loss.TargetCount(outputs), classes = Math.Max(outputs, 2);
        var rows = new InMemoryRows(Features, targets);
        float[] x = new float[Features], y = new float[targets];
        for (int i = 0; i < Rows; i++)
        {
            new SeededRandom(1).At(i).FillNormal(x, 0, 1);
            y.AsSpan().Fill(0.5f / targets);
            y[i % targets] = targets == 1 ? i % classes : 0.5f + 0.5f / targets;
            rows.Add(x, y);
        }

        return rows;
    }
}
