using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The order of events between a mini-batch's gradient and its new parameters: L2 and orthogonality, clipping, the optimizer's step with L1
/// as its last act, then the constraint on weights.
/// </summary>
/// <param name="parameters">What is updated.</param>
/// <param name="optimizer">By which rule.</param>
/// <param name="task">The other options.</param>
/// <param name="batchSize">Rows of a mini-batch.</param>
/// <param name="stepsPerEpoch">The number of mini-batches that make an epoch.</param>
/// <param name="team">The threads that share the work.</param>
internal sealed class ParameterUpdate(
    ParameterVector parameters, MiniBatchOptimizer optimizer, TrainingTask task, int batchSize, int stepsPerEpoch, ThreadTeam team)
{
    private readonly IOptimizerRule _rule = optimizer.CreateRule(parameters, team);
    private readonly float _baseRate = task.Options.LearningRate.BaseRateFor(batchSize);
    private readonly GradientClipping? _clipping = task.Options.GradientClipping;
    private readonly WeightPenalty _penalty = new(task.Penalties.Weights);
    private readonly OrthogonalityPenalty? _orthogonality = OrthogonalityPenalty.Of(parameters, task.Penalties.Orthogonality, team);
    private readonly WeightProjection? _projection =
        Array.Exists(task.Penalties.Constraints, constraint => constraint is not null) ? new(parameters, task.Penalties.Constraints) : null;

    /// <summary>What L1, L2 and orthogonality add to the loss that is minimised.</summary>
    public double Penalty => _penalty.Value(parameters) + (_orthogonality?.Value ?? 0);

    /// <summary>All that is carried from step to step.</summary>
    public IReadOnlyList<OptimizerState> State => _rule.State;

    /// <summary>Takes from the schedules of penalties what holds at a moment of the training.</summary>
    public void At(in ScheduleMoment moment)
    {
        _penalty.At(moment);
        _orthogonality?.At(moment);
    }

    /// <summary>Moves the parameters along the gradients that the backward pass left.</summary>
    /// <param name="rate">The learning rate of the step.</param>
    /// <param name="decay">The weight decay at this moment of its schedule.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="wantsNorm">Whether the norm is wanted even if no clipping needs it.</param>
    /// <param name="squareShare">The <see cref="StepContext.SquareShare"/>.</param>
    /// <returns>The norm of the gradient, L2 and orthogonality included, before clipping; 0 if nobody wanted it.</returns>
    public double Apply(float rate, float decay, long step, bool wantsNorm, float squareShare = 1)
    {
        _penalty.AddGradient(parameters);
        _orthogonality?.AddGradient();
        double norm = _clipping is { } clipping ? Clip(clipping) : wantsNorm ? Norm() : 0;

        float multiplier = rate / _baseRate;
        _rule.Begin(new StepContext(rate, multiplier, step, _penalty.L1[0], stepsPerEpoch, multiplier * decay)
        {
            LayerL1 = _penalty.L1,
            SquareShare = squareShare,
        });
        SharedStep.Run(parameters, _rule, team);
        _projection?.Apply();
        return norm;
    }

    /// <summary>Makes parameters that something else has moved satisfy the constraints on weights; false: there are none.</summary>
    public bool Constrain()
    {
        _projection?.Apply();
        return _projection is not null;
    }

    // Of sparse features only the active ones are looked at: the gradients of all others are zero.
    private double Norm() =>
        GradientClipping.Norm(parameters.ActiveRows is { } active ? active.Gather(parameters.Gradients.Span) : parameters.Gradients.Span, team);

    private double Clip(GradientClipping clipping)
    {
        Span<float> gradients = parameters.Gradients.Span;
        if (parameters.ActiveRows is not { } active)
        {
            return clipping.Apply(gradients, team);
        }

        Span<float> gathered = active.Gather(gradients);
        double norm = clipping.Apply(gathered, team);
        active.Scatter(gathered, gradients);
        return norm;
    }
}
