using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A <see cref="WeightConstraint"/> at work on the parameters of one network, with the memory that it needs.</summary>
/// <remarks>
/// Where lengths are learned apart from directions, <c>w = g v / |v|</c>, the constraint holds for w. What it makes of w is taken apart
/// again: g receives the length, with its sign, and v the direction, with the length that v had. A unit whose weights all become 0 keeps
/// its direction, so that it can come back.
/// </remarks>
internal sealed class WeightProjection
{
    private readonly ParameterVector _parameters;
    private readonly (Parameter Weights, Parameter? Lengths, WeightConstraint Constraint)[] _weights;
    private readonly double[] _scratch;
    private readonly double[] _lengths;
    private readonly double[] _factors;
    private readonly bool[] _changed;
    private readonly float[] _product;

    /// <param name="parameters">Those of the network.</param>
    /// <param name="constraint">What all weights must satisfy.</param>
    public WeightProjection(ParameterVector parameters, WeightConstraint constraint)
        : this(parameters, [constraint])
    {
    }

    /// <param name="parameters">Those of the network.</param>
    /// <param name="constraints">What weights must satisfy, by <see cref="ParameterGroup.Penalty"/>; null: nothing.</param>
    public WeightProjection(ParameterVector parameters, WeightConstraint?[] constraints)
    {
        _parameters = parameters;
        _weights =
        [
            .. parameters.Layout.Parameters.Where(parameter => parameter.Decays && parameters.GroupOf(parameter) is { RateFactor: > 0 } group
                    && constraints[group.Penalty] is not null)
                .Select(weights => (weights, parameters.Layout.Parameters.SingleOrDefault(other => other.LengthsOf == weights),
                    constraints[parameters.GroupOf(weights).Penalty]!)),
        ];
        int widest = _weights.Select(pair => pair.Weights.Columns).DefaultIfEmpty().Max();
        _scratch = new double[2 * widest];
        _lengths = new double[widest];
        _factors = new double[widest];
        _changed = new bool[widest];
        _product = new float[_weights.Where(pair => pair.Lengths is not null).Select(pair => pair.Weights.Length).DefaultIfEmpty().Max()];
    }

    /// <summary>Projects all weights; what does not decay is no weight.</summary>
    public void Apply()
    {
        foreach ((Parameter weights, Parameter? lengths, WeightConstraint constraint) in _weights)
        {
            var matrix = new MatrixSpan(_parameters.Value(weights), weights.Rows, weights.Columns);
            if (lengths is null)
            {
                constraint.Project(matrix, _scratch);
            }
            else
            {
                ProjectProduct(constraint, matrix, _parameters.Value(lengths));
            }
        }
    }

    private void ProjectProduct(WeightConstraint constraint, MatrixSpan directions, Span<float> gains)
    {
        int units = gains.Length;
        var product = new MatrixSpan(_product.AsSpan(0, directions.Values.Length), directions.Rows, units);
        Span<double> lengths = _lengths.AsSpan(0, units), factors = _factors.AsSpan(0, units);
        ColumnScaling.Norms(directions, _scratch).CopyTo(lengths);
        for (int j = 0; j < units; j++)
        {
            factors[j] = lengths[j] > 0 ? gains[j] / lengths[j] : 0;
        }

        for (int i = 0; i < directions.Values.Length; i++)
        {
            product.Values[i] = (float)(directions.Values[i] * factors[i % units]);
        }

        constraint.Project(product, _scratch);
        Span<bool> changed = _changed.AsSpan(0, units);
        changed.Clear();
        for (int i = 0; i < directions.Values.Length; i++)
        {
            changed[i % units] |= product.Values[i] != (float)(directions.Values[i] * factors[i % units]);
        }

        // From w back to v and g. Units that were allowed keep their bits, and those that are not finite stay so.
        Span<double> norms = ColumnScaling.Norms(product, _scratch);
        for (int j = 0; j < units; j++)
        {
            double sign = gains[j] < 0 ? -1 : 1;
            changed[j] &= double.IsFinite(norms[j]);
            gains[j] = changed[j] ? (float)(sign * norms[j]) : gains[j];
            changed[j] &= norms[j] > 0;
            factors[j] = sign * lengths[j] / norms[j];
        }

        for (int i = 0; i < directions.Values.Length; i++)
        {
            if (changed[i % units])
            {
                directions.Values[i] = (float)(product.Values[i] * factors[i % units]);
            }
        }
    }
}
