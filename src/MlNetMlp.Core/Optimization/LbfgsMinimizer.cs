using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><see cref="Lbfgs"/> at work on one function.</summary>
internal sealed class LbfgsMinimizer : ILine
{
    private readonly Lbfgs _options;
    private readonly CorrectionPairs _pairs;
    private readonly AlignedBuffer _origin;
    private readonly AlignedBuffer _direction;
    private AlignedBuffer _gradient;
    private AlignedBuffer _gradientAhead;
    private IObjective? _objective;

    // Value and gradient where the parameters are. A run that is resumed measures them once more, with the same bits.
    private bool _isMeasured;

    public LbfgsMinimizer(Lbfgs options, int parameterCount)
    {
        _options = options;
        _pairs = new CorrectionPairs(options.Memory, parameterCount);
        _origin = new AlignedBuffer(parameterCount);
        _direction = new AlignedBuffer(parameterCount);
        _gradient = new AlignedBuffer(parameterCount);
        _gradientAhead = new AlignedBuffer(parameterCount);
    }

    /// <summary>Everything that a checkpoint has to save.</summary>
    public IReadOnlyList<OptimizerState> State => _pairs.State;

    /// <summary>The function where the parameters are.</summary>
    public double Value { get; private set; }

    /// <summary>The Euclidean norm of the gradient there.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The step of the last iteration, in lengths of its direction; 0 if it did not move.</summary>
    public double Step { get; private set; }

    /// <summary>False where the iteration found the function or its gradient not finite before it could begin.</summary>
    public bool IsMeasured => _isMeasured;

    /// <summary>Whether the gradient is as small as the options ask for.</summary>
    public bool IsAtMinimum => _isMeasured && Math.Abs(TensorPrimitives.MaxMagnitude(_gradient.Span)) <= _options.GradientTolerance;

    /// <summary>One iteration; says whether it has moved the parameters to a better place. Otherwise they are where they were.</summary>
    public bool Iterate(IObjective objective)
    {
        _objective = objective;
        Step = 0;
        if (!_isMeasured || !objective.IsLasting)
        {
            Value = objective.Evaluate(_gradient.Span);
            GradientNorm = GradientClipping.Norm(_gradient.Span);
            _isMeasured = double.IsFinite(Value) && double.IsFinite(GradientNorm);
        }

        if (!_isMeasured || IsAtMinimum)
        {
            return false;
        }

        objective.Parameters.CopyTo(_origin.Span);
        bool isBetter = Descend();
        if (!isBetter && _pairs.Count > 0 && !objective.IsInterrupted)
        {
            // What is remembered may be of no use here; the steepest descent is the last resort.
            _pairs.Clear();
            isBetter = Descend();
        }

        if (!isBetter)
        {
            _origin.Span.CopyTo(objective.Parameters);
        }

        return isBetter;
    }

    LinePoint ILine.At(double step)
    {
        step = (float)step;
        TensorPrimitives.FusedMultiplyAdd(_direction.Span, (float)step, _origin.Span, _objective!.Parameters);
        double value = _objective.Evaluate(_gradientAhead.Span);
        return new LinePoint(step, value, OrderedSum.OfProducts(_gradientAhead.Span, _direction.Span));
    }

    private bool Descend()
    {
        _pairs.Direction(_gradient.Span, _direction.Span);
        double slope = OrderedSum.OfProducts(_gradient.Span, _direction.Span);
        if (!(slope < 0 && double.IsFinite(slope)))
        {
            return false;
        }

        // The quasi-Newton step has the right length; without a curvature, a step of at most 1 is a guess.
        double first = _pairs.Count > 0 ? 1 : Math.Min(1, 1 / GradientNorm);
        if (new WolfeLineSearch(this, new LinePoint(0, Value, slope), _options.MaximumEvaluations).Run(first) is not { IsFinite: true } end)
        {
            return false;
        }

        // Where rounding hides whether the value has fallen, the gradient must have.
        double norm = GradientClipping.Norm(_gradientAhead.Span);
        if (!(end.Value < Value || norm < GradientNorm))
        {
            return false;
        }

        (Value, GradientNorm, Step) = (end.Value, norm, end.Step);
        Remember();
        return true;
    }

    private void Remember()
    {
        // The direction and the old gradient have served; step and change are as the numbers in memory have it, rounding included.
        TensorPrimitives.Subtract(_objective!.Parameters, _origin.Span, _direction.Span);
        TensorPrimitives.Subtract(_gradientAhead.Span, _gradient.Span, _gradient.Span);
        _pairs.Add(_direction.Span, _gradient.Span);
        (_gradient, _gradientAhead) = (_gradientAhead, _gradient);
    }
}
