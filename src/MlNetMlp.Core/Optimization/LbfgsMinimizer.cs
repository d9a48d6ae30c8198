using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><see cref="Lbfgs"/> at work on one function.</summary>
internal sealed class LbfgsMinimizer : ILine
{
    private readonly Lbfgs _options;
    private readonly OrthantPenalty? _penalty;
    private readonly CorrectionPairs _pairs;
    private readonly AlignedBuffer _origin;
    private readonly AlignedBuffer _direction;
    private readonly AlignedBuffer? _slopes;
    private readonly AlignedBuffer? _slopesAhead;
    private AlignedBuffer _gradient;
    private AlignedBuffer _gradientAhead;
    private IObjective? _objective;

    // Value and gradient where the parameters are. A run that is resumed evaluates them once more, with the same bits.

    /// <param name="options">The settings.</param>
    /// <param name="parameterCount">Length of the trainable part of the parameter vector.</param>
    /// <param name="penalty">L1, which is not a part of the functions to minimise; null for none.</param>
    public LbfgsMinimizer(Lbfgs options, int parameterCount, OrthantPenalty? penalty)
    {
        _options = options;
        _penalty = penalty;
        _slopes = penalty is null ? null : new AlignedBuffer(parameterCount);
        _slopesAhead = penalty is null ? null : new AlignedBuffer(parameterCount);
        _pairs = new CorrectionPairs(options.Memory, parameterCount);
        _origin = new AlignedBuffer(parameterCount);
        _direction = new AlignedBuffer(parameterCount);
        _gradient = new AlignedBuffer(parameterCount);
        _gradientAhead = new AlignedBuffer(parameterCount);
    }

    /// <summary>Everything that a checkpoint has to save.</summary>
    public IReadOnlyList<OptimizerState> State => _pairs.State;

    /// <summary>The function, with L1, where the parameters are.</summary>
    public double Value { get; private set; }

    /// <summary>The Euclidean norm of the gradient there; with L1, of the slopes of the steepest descent.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The step of the last iteration, in lengths of its direction; 0 if it did not move.</summary>
    public double Step { get; private set; }

    /// <summary>False where the iteration found the function or its gradient not finite before it could begin.</summary>
    public bool IsEvaluated { get; private set; }

    /// <summary>Whether the gradient is as small as the options ask for.</summary>
    public bool IsAtMinimum => IsEvaluated && Math.Abs(TensorPrimitives.MaxMagnitude(Slopes)) <= _options.GradientTolerance;

    /// <summary>The gradient, which with L1 is that of the steepest descent.</summary>
    private Span<float> Slopes => _slopes is null ? _gradient.Span : _slopes.Span;

    /// <summary>One iteration; says whether it has moved the parameters to a better place. Otherwise they are where they were.</summary>
    public bool Iterate(IObjective objective)
    {
        _objective = objective;
        Step = 0;
        if (!IsEvaluated || !objective.IsLasting)
        {
            Value = objective.Evaluate(_gradient.Span) + (_penalty?.Value(objective.Parameters) ?? 0);
            _penalty?.AddTo(_gradient.Span, objective.Parameters, Slopes);
            GradientNorm = GradientClipping.Norm(Slopes);
            IsEvaluated = double.IsFinite(Value) && double.IsFinite(GradientNorm);
        }

        if (!IsEvaluated || IsAtMinimum)
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
        Span<float> parameters = _objective!.Parameters;
        TensorPrimitives.FusedMultiplyAdd(_direction.Span, (float)step, _origin.Span, parameters);
        _penalty?.KeepInOrthant(parameters, _origin.Span, Slopes);
        double value = _objective.Evaluate(_gradientAhead.Span) + (_penalty?.Value(parameters) ?? 0);
        return new LinePoint(step, value, OrderedSum.OfProducts(_gradientAhead.Span, _direction.Span));
    }

    private bool Descend()
    {
        _pairs.Direction(Slopes, _direction.Span);
        _penalty?.KeepDownhill(_direction.Span, Slopes);
        double slope = OrderedSum.OfProducts(Slopes, _direction.Span);
        if (!(slope < 0 && double.IsFinite(slope)))
        {
            return false;
        }

        // The quasi-Newton step has the right length; without a curvature, a step of at most 1 is a guess.
        double first = _pairs.Count > 0 ? 1 : Math.Min(1, 1 / GradientNorm);
        LinePoint? found = _penalty is null
            ? new WolfeLineSearch(this, new LinePoint(0, Value, slope), _options.MaximumEvaluations).Run(first)
            : Backtrack(first);
        if (found is not { IsFinite: true } end)
        {
            return false;
        }

        // Where rounding hides whether the value has fallen, the gradient must have.
        double norm = NormAhead();
        if (!(end.Value < Value || norm < GradientNorm))
        {
            return false;
        }

        (Value, GradientNorm, Step) = (end.Value, norm, end.Step);
        Remember();
        return true;
    }

    /// <summary>
    /// The first of ever shorter steps that the function has fallen enough by. With L1 the way has corners, where weights stop at zero, so slopes at
    /// its end say nothing of how long it should have been.
    /// </summary>
    private LinePoint? Backtrack(double step)
    {
        const double SufficientDecrease = 1e-4;
        double allowance = WolfeLineSearch.Rounding * Math.Abs(Value);
        double here = OrderedSum.OfProducts(Slopes, _origin.Span);
        for (int i = 0; i < _options.MaximumEvaluations; i++, step /= 2)
        {
            LinePoint end = ((ILine)this).At(step);
            double fall = OrderedSum.OfProducts(Slopes, _objective!.Parameters) - here;
            bool hasFallen = end.Value <= Value + (SufficientDecrease * fall);
            if (end.IsFinite && (hasFallen || (end.Value <= Value + allowance && NormAhead() < GradientNorm)))
            {
                return end;
            }
        }

        return null;
    }

    /// <summary>The <see cref="GradientNorm"/> of the place that was evaluated last.</summary>
    private double NormAhead()
    {
        if (_penalty is null || _slopesAhead is null)
        {
            return GradientClipping.Norm(_gradientAhead.Span);
        }

        _penalty.AddTo(_gradientAhead.Span, _objective!.Parameters, _slopesAhead.Span);
        return GradientClipping.Norm(_slopesAhead.Span);
    }

    private void Remember()
    {
        // The direction and the old gradient have served; step and change are as the numbers in memory have it, rounding included.
        TensorPrimitives.Subtract(_objective!.Parameters, _origin.Span, _direction.Span);
        TensorPrimitives.Subtract(_gradientAhead.Span, _gradient.Span, _gradient.Span);
        _pairs.Add(_direction.Span, _gradient.Span);
        (_gradient, _gradientAhead) = (_gradientAhead, _gradient);
        _slopesAhead?.Span.CopyTo(Slopes);
    }
}
