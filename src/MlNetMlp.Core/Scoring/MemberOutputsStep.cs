using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The outputs of the members of a shared ensemble, each with weights of its own for its block of rows; see <see cref="MemberOutputsLayer"/>.
/// </summary>
/// <param name="members">The outputs of each member.</param>
internal sealed class MemberOutputsStep(ScoringStep[] members) : ScoringStep(members[0].InputSize, members[0].OutputSize)
{
    public override double LargestOutput(double input) => members.Max(member => member.LargestOutput(input));

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        int rows = input.Rows / members.Length;
        for (int m = 0; m < members.Length; m++)
        {
            members[m].Apply(input.Slice(m * rows, rows), output.Slice(m * rows, rows));
        }
    }
}
