using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a step of the training goes down on: the mean of <c>weight * loss</c> over one mini-batch in training mode, and the penalty L2. The
/// masks of dropout and the noise are those of one address of chance, so they are the same at every call.
/// </summary>
internal sealed class NetworkObjective(MlpNetwork network, Loss loss, MiniBatch batch, float l2, SeededRandom random, ThreadTeam team) : DifferentiableObjective
{
    // L1 is no part of the gradient: it acts behind the optimizer's step.
    private readonly WeightPenalty _penalty = new(0, l2);

    public override ParameterVector Parameters => network.Parameters;

    public override double Value() => Forward() / batch.Rows + _penalty.Value(Parameters);

    public override void Differentiate()
    {
        Forward();
        network.Backward(Pass, batch.Features);
        _penalty.AddGradient(Parameters);
    }

    private Pass Pass => new(PassMode.Training, Parameters, team, random);

    private double Forward()
    {
        MatrixSpan logits = network.Forward(Pass, batch.Features);
        return loss.Gradient(logits, batch.Targets, batch.Weights, 1f / batch.Rows, network.LogitGradient(batch.Rows));
    }
}
