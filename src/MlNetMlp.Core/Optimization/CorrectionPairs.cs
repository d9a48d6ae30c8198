using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The memory of <see cref="Lbfgs"/>: the last steps <c>s</c> of the parameters and the changes <c>y</c> of the gradient that came with them,
/// which together tell of the curvature. A new pair takes the place of the oldest.
/// </summary>
/// <remarks>Jorge Nocedal and Stephen Wright, "Numerical Optimization", second edition, 2006, algorithms 7.4 and 7.5.</remarks>
internal sealed class CorrectionPairs
{
    /// <summary>The least cosine of the angle between step and change; below it rounding may have made the curvature up.</summary>
    private const double SmallestCosine = 1e-7;

    private readonly AlignedBuffer[] _steps;
    private readonly AlignedBuffer[] _changes;
    private readonly AlignedBuffer _counters = new(2);
    private readonly double[] _weights;

    /// <param name="memory">The number of pairs, at least 1.</param>
    /// <param name="parameterCount">Length of the trainable part of the parameter vector.</param>
    public CorrectionPairs(int memory, int parameterCount)
    {
        _steps = [.. Enumerable.Range(0, memory).Select(_ => new AlignedBuffer(parameterCount))];
        _changes = [.. Enumerable.Range(0, memory).Select(_ => new AlignedBuffer(parameterCount))];
        _weights = new double[memory];
        State =
        [
            new OptimizerState("pairs", _counters),
            .. _steps.Select((buffer, i) => new OptimizerState($"step{i}", buffer)),
            .. _changes.Select((buffer, i) => new OptimizerState($"change{i}", buffer)),
        ];
    }

    /// <summary>Everything that a checkpoint has to save.</summary>
    public IReadOnlyList<OptimizerState> State { get; }

    /// <summary>The number of pairs that are kept.</summary>
    public int Count
    {
        get => (int)_counters.Span[0];
        private set => _counters.Span[0] = value;
    }

    /// <summary>The place of the next pair.</summary>
    private int Next
    {
        get => (int)_counters.Span[1];
        set => _counters.Span[1] = value;
    }

    public void Clear() => Count = 0;

    /// <summary>Keeps a pair, unless the function does not curve upwards along the step.</summary>
    public void Add(ReadOnlySpan<float> step, ReadOnlySpan<float> change)
    {
        double product = OrderedSum.OfProducts(step, change);
        if (!(product > SmallestCosine * Math.Sqrt(OrderedSum.OfSquares(step) * OrderedSum.OfSquares(change))))
        {
            return;
        }

        step.CopyTo(_steps[Next].Span);
        change.CopyTo(_changes[Next].Span);
        Next = (Next + 1) % _steps.Length;
        Count = Math.Min(Count + 1, _steps.Length);
    }

    /// <summary>
    /// Writes <c>-H g</c>, where <c>H</c> is the inverse of the curvature as far as the pairs tell and, in all other directions,
    /// <c>s^T y / y^T y</c> of the newest pair. Without pairs it is the steepest descent.
    /// </summary>
    public void Direction(ReadOnlySpan<float> gradient, Span<float> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        for (int age = 1; age <= Count; age++)
        {
            ReadOnlySpan<float> step = _steps[Place(age)].Span;
            ReadOnlySpan<float> change = _changes[Place(age)].Span;
            double weight = OrderedSum.OfProducts(step, direction) / OrderedSum.OfProducts(step, change);
            _weights[Place(age)] = weight;
            TensorPrimitives.FusedMultiplyAdd(change, (float)-weight, direction, direction);
        }

        if (Count > 0)
        {
            ReadOnlySpan<float> change = _changes[Place(1)].Span;
            TensorPrimitives.Multiply(direction, (float)(OrderedSum.OfProducts(_steps[Place(1)].Span, change) / OrderedSum.OfSquares(change)), direction);
        }

        for (int age = Count; age >= 1; age--)
        {
            ReadOnlySpan<float> step = _steps[Place(age)].Span;
            ReadOnlySpan<float> change = _changes[Place(age)].Span;
            double weight = OrderedSum.OfProducts(change, direction) / OrderedSum.OfProducts(step, change);
            TensorPrimitives.FusedMultiplyAdd(step, (float)(_weights[Place(age)] - weight), direction, direction);
        }
    }

    /// <summary>Where the pair is that came as the <paramref name="age"/>-th last one, from 1.</summary>
    private int Place(int age) => (Next - age + _steps.Length) % _steps.Length;
}
