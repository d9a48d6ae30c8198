using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// What a step of the training goes down on: the mean of <c>weight * loss</c> over one mini-batch in training mode, with the penalties on
/// activations, L2 and orthogonality. The masks of dropout and the noise are those of one address of random numbers, so they are the same at every call.
/// </summary>
internal sealed class NetworkObjective(MlpNetwork network, Loss loss, RowBatch batch, LayerPenalties penalties, SeededRandom random, ThreadTeam team)
    : DifferentiableObjective
{
    // L1 is no part of the gradient: it acts behind the optimizer's step.
    private readonly WeightPenalty _penalty = new WeightPenalty(penalties.Weights).WithoutL1();
    private readonly OrthogonalityPenalty? _orthogonality = OrthogonalityPenalty.Of(network.Parameters, penalties.Orthogonality, team);

    public override ParameterVector Parameters => network.Parameters;

    public override double Value() => Forward() / batch.Count + _penalty.Value(Parameters) + (_orthogonality?.Value ?? 0);

    public override void Differentiate()
    {
        Forward();
        network.Backward(Pass, batch);
        _penalty.AddGradient(Parameters);
        _orthogonality?.AddGradient();
    }

    // Passes in training mode move the statistics of normalizations; every one must find them where the first did. Batch renormalization counts
    // its steps there: at the first of them its corrections are constants, which is what its gradient takes them for.
    private readonly float[] _statistics = StatisticsAtStart(network.Parameters);

    private Pass Pass => new(PassMode.Training, Parameters, team, random) { RowWeights = batch.WeightMemory };

    private double Forward()
    {
        _statistics.CopyTo(Parameters.Values.Span[Parameters.Layout.TrainableLength..]);
        MatrixSpan logits = network.Forward(Pass, batch);
        return network.ActivityPenalty + network.Differentiate(loss, logits, batch, 1f / batch.Count, units: null, team).Loss;
    }

    private static float[] StatisticsAtStart(ParameterVector parameters)
    {
        foreach (Parameter steps in parameters.Layout.Parameters.Where(parameter => parameter.CountsSteps))
        {
            parameters.Value(steps).Clear();
        }

        return parameters.Values.Span[parameters.Layout.TrainableLength..].ToArray();
    }
}
