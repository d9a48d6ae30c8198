using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The outputs of the members of a shared ensemble: member m has weights of its own for the m-th of k blocks of rows.</summary>
/// <param name="members">The outputs of each member.</param>
internal sealed class MemberOutputsLayer(DenseLayer[] members) : Layer(members[0].InputSize, members[0].OutputSize)
{
    /// <summary>The outputs of each member.</summary>
    public override IEnumerable<Layer> Parts => members;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        int rows = input.Rows / members.Length;
        for (int m = 0; m < members.Length; m++)
        {
            members[m].Forward(pass, input.Slice(m * rows, rows), output.Slice(m * rows, rows));
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        int rows = input.Rows / members.Length;
        for (int m = 0; m < members.Length; m++)
        {
            MatrixSpan below = inputGradient.Rows > 0 ? inputGradient.Slice(m * rows, rows) : default;
            members[m].Backward(pass, input.Slice(m * rows, rows), output.Slice(m * rows, rows), outputGradient.Slice(m * rows, rows), below);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        var plans = new ScoringPlan[members.Length];
        for (int m = 0; m < plans.Length; m++)
        {
            plans[m] = new ScoringPlan();
            members[m].AppendTo(plans[m], parameters);
        }

        plan.AddMembers(plans);
    }
}
