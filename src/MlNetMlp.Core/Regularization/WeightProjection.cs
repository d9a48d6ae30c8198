using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A <see cref="WeightConstraint"/> at work on the parameters of one network, with the memory that it needs.</summary>
internal sealed class WeightProjection
{
    private readonly ParameterVector _parameters;
    private readonly WeightConstraint _constraint;
    private readonly Parameter[] _weights;
    private readonly double[] _scratch;

    public WeightProjection(ParameterVector parameters, WeightConstraint constraint)
    {
        _parameters = parameters;
        _constraint = constraint;
        _weights = [.. parameters.Layout.Parameters.Where(parameter => parameter.Decays)];
        _scratch = new double[2 * _weights.Select(parameter => parameter.Columns).DefaultIfEmpty().Max()];
    }

    /// <summary>Projects all weights; what does not decay is no weight.</summary>
    public void Apply()
    {
        foreach (Parameter weights in _weights)
        {
            _constraint.Project(new MatrixSpan(_parameters.Value(weights), weights.Rows, weights.Columns), _scratch);
        }
    }
}
