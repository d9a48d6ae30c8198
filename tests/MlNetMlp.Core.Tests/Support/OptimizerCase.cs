namespace MlNetMlp.Core.Tests;

/// <summary>One line of the optimizers' contract: the optimizer, its reference, and a rate that suits each objective.</summary>
internal sealed record OptimizerCase(
    string Name, MiniBatchOptimizer Optimizer, Func<ReferenceStep> Reference, float QuadraticRate, float BealeRate, float ValleyRate)
{
    /// <summary>How near 3000 steps come to the end of the long valley.</summary>
    public double ValleyDistance { get; init; } = 0.01;

    /// <summary>Every optimizer of the library is one line here and inherits every test of the contract.</summary>
    public static OptimizerCase[] All { get; } =
    [
        new("Sgd", new Sgd(), () => OptimizerReferences.Sgd(), 0.2f, 0.02f, 0.0015f),
        new("Sgd with decay", new Sgd { WeightDecay = 0.02f }, () => OptimizerReferences.Sgd(decay: 0.02), 0.2f, 0.02f, 0.0015f),
        new("Momentum", new Momentum(), () => OptimizerReferences.Momentum(0.9), 0.05f, 0.01f, 0.0015f),
        new("Momentum 0.5", new Momentum { Coefficient = 0.5f }, () => OptimizerReferences.Momentum(0.5), 0.1f, 0.01f, 0.0025f),
        new("Momentum ramp", new Momentum { RampFrom = 0.2f, RampEpochs = 15 }, () => OptimizerReferences.Momentum(0.9, 0.2, 15), 0.05f, 0.01f, 0.0015f),
        new("Nesterov", new Nesterov(), () => OptimizerReferences.Nesterov(0.9), 0.05f, 0.01f, 0.0005f),
        new("Nesterov ramp", new Nesterov { RampFrom = 0.2f, RampEpochs = 15 }, () => OptimizerReferences.Nesterov(0.9, 0.2, 15), 0.05f, 0.01f, 0.0005f),

        // Its steps have shrunk for good before the end of the valley.
        new("Adagrad", new Adagrad(), () => OptimizerReferences.Adagrad(1e-8), 0.5f, 0.1f, 1) { ValleyDistance = 0.1 },
        new("Adagrad 0.1", new Adagrad { Epsilon = 0.1f }, () => OptimizerReferences.Adagrad(0.1), 0.5f, 0.1f, 1) { ValleyDistance = 0.1 },
        new("RmsProp", new RmsProp(), () => OptimizerReferences.RmsProp(0.9, 1e-8), 0.1f, 0.02f, 0.05f),
        new("RmsProp 0.5", new RmsProp { Decay = 0.5f, Epsilon = 0.1f }, () => OptimizerReferences.RmsProp(0.5, 0.1), 0.1f, 0.02f, 0.1f),
        new("Adadelta", new Adadelta(), () => OptimizerReferences.Adadelta(0.95, 1e-6), 10, 1, 2),
        new("Adadelta 0.9", new Adadelta { Decay = 0.9f, Epsilon = 1e-4f }, () => OptimizerReferences.Adadelta(0.9, 1e-4), 2, 1, 1),
        new("Adam", new Adam(), () => OptimizerReferences.Adam(0.9, 0.999, 1e-8), 0.1f, 0.1f, 0.05f),
        new("Adam 0.5", new Adam { Beta1 = .5f, Beta2 = .9f, Epsilon = .1f }, () => OptimizerReferences.Adam(.5, .9, .1), 0.1f, 0.1f, 0.05f),
        new("AdamW", new AdamW { WeightDecay = 0.01f }, () => OptimizerReferences.Adam(0.9, 0.999, 1e-8, decay: 0.01), 0.1f, 0.1f, 0.05f),

        // Two parameters are no matrix, and so steps of AdamW: MuonTests has the matrices.
        new("Muon", new Muon { WeightDecay = 0.01f }, () => OptimizerReferences.Adam(0.9, 0.999, 1e-8, decay: 0.01), 0.1f, 0.1f, 0.05f),
        new("NAdam", new NAdam(), () => OptimizerReferences.NAdam(0.9, 0.999, 1e-8, 0.004), 0.1f, 0.1f, 0.05f),
        new("NAdam 0.5", new NAdam { Beta1 = .5f, Beta2 = .9f, Epsilon = .1f, MomentumDecay = 2 }, () => OptimizerReferences.NAdam(.5, .9, .1, 2),
            0.1f, 0.1f, 0.05f),
        new("RAdam", new RAdam(), () => OptimizerReferences.RAdam(0.9, 0.999, 1e-8), 0.1f, 0.05f, 0.05f),
        new("RAdam 0.5", new RAdam { Beta1 = .5f, Beta2 = .9f, Epsilon = .1f }, () => OptimizerReferences.RAdam(.5, .9, .1), 0.1f, 0.02f, 0.05f),

        // With its steps along the axes it crosses the slanting valley again and again, and each time takes a step back.
        new("Rprop", new Rprop(), () => OptimizerReferences.Rprop(backtracks: true), 0.1f, 0.1f, 0.1f) { ValleyDistance = 0.1 },
        new("Rprop 0.15", new Rprop { MaximumStep = 0.15f }, () => OptimizerReferences.Rprop(true, largest: 0.15), 0.1f, 0.1f, 0.1f) { ValleyDistance = 0.1 },
        new("iRprop-", new Rprop { Backtracks = false }, () => OptimizerReferences.Rprop(backtracks: false), 0.1f, 0.1f, 0.1f),

        // Where a jump rests on the difference of two gradients that are nearly the same, their rounding shows; at these rates it stays small.
        new("Quickprop", new Quickprop(), () => OptimizerReferences.Quickprop(1.75), 0.05f, 0.0003f, 0.0005f),
        new("Custom", CustomParts.RootMeanSquare, () => OptimizerReferences.RmsProp(0.9, 1e-8), 0.1f, 0.02f, 0.05f),

        // It crawls as Sgd does.
        new("Custom with decay", CustomParts.Descent with { WeightDecay = 0.02f }, () => OptimizerReferences.Sgd(decay: 0.02), 0.2f, 0.02f, 0.0015f)
        {
            ValleyDistance = 0.5,
        },
        new("Quickprop 1.2", new Quickprop { MaximumGrowth = 1.2f }, () => OptimizerReferences.Quickprop(1.2), 0.05f, 0.003f, 0.0005f),
    ];

    /// <summary>The names of all optimizers, as test data.</summary>
    public static TheoryData<string> Names => [.. All.Select(line => line.Name)];

    public static OptimizerCase Named(string name) => All.Single(line => line.Name == name);
}
