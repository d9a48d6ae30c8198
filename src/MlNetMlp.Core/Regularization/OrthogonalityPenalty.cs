using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The penalty <c>lambda sum |G - I|</c> over the entries of <c>G = W^T W</c>, where a column of W [inputs, units] has the incoming weights of
/// a unit: it draws every unit's weights to the length 1, and those of any two units to a right angle.
/// </summary>
/// <remarks>
/// <para>
/// More units than inputs cannot all be orthogonal; there <c>G = W W^T</c>, over the rows of W, the outgoing weights of an input. Either
/// way G is the smaller of the two, and every pair counts twice.
/// </para>
/// <para>
/// The gradient, <c>2 lambda W sign(G - I)</c> or <c>2 lambda sign(G - I) W</c>, joins that of the loss, before clipping and before the optimizer. Near
/// the minimum it does not fade but changes its sign, so the weights hover about it by the size of a step: a falling learning rate lets them
/// settle.
/// </para>
/// <para>
/// It holds for the hidden layers, which may have strengths of their own. The output layer is left out: the lengths and angles of its units are the scale
/// and the likeness of the answers, which the targets decide. Biases and normalization gains have no part in it.
/// </para>
/// <para>
/// Cost: two products of inputs x units x min(inputs, units) for each matrix and mini-batch, where forward and backward pass take three of
/// inputs x units x rows.
/// </para>
/// <para>Andrew Brock, Theodore Lim, J. M. Ritchie and Nick Weston, "Neural Photo Editing with Introspective Adversarial Networks", 2017.</para>
/// </remarks>
internal sealed class OrthogonalityPenalty
{
    private readonly ParameterVector _parameters;
    private readonly ThreadTeam _team;
    private readonly Schedule[] _schedules;
    private readonly float[] _lambdas;
    private readonly double[] _sums;
    private readonly (Parameter Weights, int Penalty)[] _weights;
    private readonly AlignedBuffer _gram;
    private readonly AlignedBuffer _product;

    /// <param name="parameters">Those of the network.</param>
    /// <param name="lambda">Greater than 0.</param>
    /// <param name="team">The threads that share the products; the bits do not depend on their number.</param>
    public OrthogonalityPenalty(ParameterVector parameters, float lambda, ThreadTeam team)
        : this(parameters, [lambda], team)
    {
    }

    /// <param name="parameters">Those of the network.</param>
    /// <param name="schedules">lambda by <see cref="ParameterGroup.Penalty"/>; until <see cref="At"/> they are their base rates.</param>
    /// <param name="team">The threads that share the products; the bits do not depend on their number.</param>
    public OrthogonalityPenalty(ParameterVector parameters, Schedule[] schedules, ThreadTeam team)
    {
        _parameters = parameters;
        _schedules = schedules;
        _lambdas = Array.ConvertAll(schedules, schedule => schedule.BaseRate);
        _sums = new double[schedules.Length];
        _team = team;
        _weights =
        [
            .. parameters.Layout.Parameters.Where(parameter => parameter.Decays && !parameter.Part.IsOutput)
                .Select(parameter => (parameter, parameters.GroupOf(parameter).Penalty)).Where(weights => !schedules[weights.Penalty].IsZero),
        ];
        _gram = new AlignedBuffer(_weights.Select(pair => checked(Smaller(pair.Weights) * Smaller(pair.Weights))).DefaultIfEmpty().Max());
        _product = new AlignedBuffer(_weights.Select(pair => pair.Weights.Length).DefaultIfEmpty().Max());
    }

    /// <summary>The penalty, or null if its strengths are all 0.</summary>
    /// <param name="parameters">Those of the network.</param>
    /// <param name="schedules">lambda by <see cref="ParameterGroup.Penalty"/>.</param>
    /// <param name="team">The threads that share the products; the bits do not depend on their number.</param>
    public static OrthogonalityPenalty? Of(ParameterVector parameters, Schedule[] schedules, ThreadTeam team) =>
        Array.TrueForAll(schedules, schedule => schedule.IsZero) ? null : new(parameters, schedules, team);

    /// <summary>The penalty itself, to be added to the loss that is reported; its terms are added in double and in a fixed order.</summary>
    public double Value
    {
        get
        {
            Array.Clear(_sums);
            foreach ((Parameter weights, int penalty) in _weights)
            {
                _sums[penalty] += _lambdas[penalty] > 0 ? OrderedSum.OfMagnitudes(Distance(weights).Values) : 0;
            }

            return _lambdas.Zip(_sums, (lambda, sum) => lambda * sum).Sum();
        }
    }

    /// <summary>Takes the strengths of a moment of the training.</summary>
    public void At(in ScheduleMoment moment)
    {
        for (int i = 0; i < _schedules.Length; i++)
        {
            _lambdas[i] = _schedules[i].RateAt(moment);
        }
    }

    /// <summary>Adds the gradient of the penalty to those of the weights.</summary>
    public void AddGradient()
    {
        foreach ((Parameter weights, int penalty) in _weights)
        {
            float lambda = _lambdas[penalty];
            if (lambda == 0)
            {
                continue;
            }

            MatrixSpan signs = Distance(weights), product = _product.AsMatrix(weights.Rows, weights.Columns);
            VectorMath.Sign(signs.Values, signs.Values);
            GramMatrix.Multiply(Values(weights), signs, product, _team);
            Span<float> gradient = _parameters.Gradient(weights);
            TensorPrimitives.MultiplyAdd(product.Values, 2 * lambda, gradient, gradient);
        }
    }

    /// <summary><c>G - I</c>, valid until the next call.</summary>
    private MatrixSpan Distance(Parameter weights)
    {
        int size = Smaller(weights);
        MatrixSpan gram = _gram.AsMatrix(size, size), values = Values(weights);
        GramMatrix.Write(values, gram, _team);
        for (int i = 0; i < size; i++)
        {
            gram.Row(i)[i] -= 1;
        }

        return gram;
    }

    private MatrixSpan Values(Parameter weights) => new(_parameters.Value(weights), weights.Rows, weights.Columns);

    private static int Smaller(Parameter weights) => GramMatrix.SideOf(weights.Rows, weights.Columns);
}
