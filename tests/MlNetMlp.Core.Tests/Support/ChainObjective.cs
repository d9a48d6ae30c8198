using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The squared error of some layers on made-up rows: what <see cref="GradientCheck"/> is given where a layer is not one of the product.</summary>
internal sealed class ChainObjective : DifferentiableObjective
{
    private const int Rows = 9;

    private readonly SquaredError _loss = new();
    private readonly ThreadTeam _team;
    private readonly LayerChain _chain;
    private readonly float[] _features;
    private readonly float[] _targets;
    private readonly float[] _weights = [.. Enumerable.Repeat(1f, Rows)];

    public ChainObjective(ThreadTeam team, ParameterLayout layout, params Layer[] layers)
    {
        _team = team;
        _chain = new LayerChain(layers, Rows);
        _features = new float[Rows * layers[0].InputSize];
        _targets = new float[Rows * layers[^1].OutputSize];
        new SeededRandom(1).FillNormal(_features, 0, 1);
        new SeededRandom(2).FillNormal(_targets, 0, 1);
        Parameters = new ParameterVector(layout);
        RandomModels.Randomize(Parameters, new SeededRandom(3));
    }

    public override ParameterVector Parameters { get; }

    public override double Value() => Forward();

    public override void Differentiate()
    {
        Forward();
        _chain.Backward(Pass, Features, default);
    }

    private Pass Pass => new(PassMode.Training, Parameters, _team, new SeededRandom(4));

    private ReadOnlyMatrixSpan Features => new(_features, Rows, _features.Length / Rows);

    private double Forward() =>
        _loss.Gradient(_chain.Forward(Pass, Features), new ReadOnlyMatrixSpan(_targets, Rows, _targets.Length / Rows), _weights, 1f / Rows,
            _chain.OutputGradient(Rows)) / Rows;
}
