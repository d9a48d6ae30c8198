namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Training with each activation, with dropout and with noise, against the same training with ReLU alone, on one thread.</summary>
internal static class Activations
{
    private const string Relu = "ReLU";
    private const int Batch = 256;
    private const int Rows = Batch * 60;

    /// <summary>What an activation may cost: its step takes at most 1.15 times as long as that of ReLU.</summary>
    private const double ActivationGoal = 1 / 1.15;

    /// <summary>What drawing random numbers for every unit may cost.</summary>
    private const double RandomGoal = 1 / 1.5;

    private static readonly int[] _sizes = [54, 256, 256, 7];

    public static IEnumerable<Contest> All() =>
    [
        Create("Leaky ReLU", new(256) { Activation = Activation.LeakyRelu() }, ActivationGoal),
        Create("PReLU", new(256) { Activation = Activation.PRelu() }, ActivationGoal),
        Create("ELU", new(256) { Activation = Activation.Elu() }, ActivationGoal),
        Create("SELU", new(256) { Activation = Activation.Selu }, ActivationGoal),
        Create("GELU", new(256) { Activation = Activation.Gelu }, ActivationGoal),
        Create("SiLU", new(256) { Activation = Activation.Silu }, ActivationGoal),
        Create("Mish", new(256) { Activation = Activation.Mish }, ActivationGoal),
        Create("tanh", new(256) { Activation = Activation.Tanh }, ActivationGoal),
        Create("sigmoid", new(256) { Activation = Activation.Sigmoid }, ActivationGoal),

        // About as many weights as the others: there are two sums for a unit.
        Create("Maxout, 2 pieces of 176 units", new(176) { Activation = Activation.Maxout() }, ActivationGoal),
        Create("ReLU, dropout 0.1", new(256) { Dropout = 0.1f }, RandomGoal),
        Create("ReLU, noise 0.1", new(256) { Noise = 0.1f }, RandomGoal),
    ];

    private static Contest Create(string name, HiddenLayer layer, double goal) => new(
        $"train {string.Join('-', _sizes)}, batch {Batch}, {name}", Rows, "rows", Trainer(name, layer), [Trainer(Relu, new(256))],
        new Dictionary<string, double> { [Relu] = goal });

    private static Contestant Trainer(string name, HiddenLayer layer)
    {
        var architecture = new MlpArchitecture(_sizes[0], _sizes[^1]) { HiddenLayers = [layer, layer] };
        return Trainings.Us(architecture, Trainings.LossFor(_sizes), Trainings.Rows(_sizes[0], _sizes[^1], Rows), Batch, 1) with { Name = name };
    }
}
