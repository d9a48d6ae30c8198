using System.Numerics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = max(0, Z) + a min(0, Z)</c> with a slope a [1, units] learned for each unit; see <see cref="Activation.PRelu"/>.</summary>
/// <remarks>
/// Backward, with D = dL/dY: <c>dL/da = sum over rows of D min(0, Z)</c>, <c>dL/dZ = D</c> where Z is positive, else <c>a D</c>. It goes by
/// the sign of Z: with a negative slope, Y is positive on both sides.
/// </remarks>
internal sealed class PReluLayer : Layer
{
    private readonly Parameter _slopes;

    public PReluLayer(NetworkPart part, int units, float initialSlope, ParameterLayout layout)
        : base(units, units) => _slopes = layout.Add(new($"{part}.Slopes", 1, units) { Part = part, InitialValue = initialSlope });

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) =>
        PReluStep.Rectify(pass.Parameters.Value(_slopes), input, output);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ReadOnlySpan<float> slopes = pass.Parameters.Value(_slopes);
        Span<float> slopeGradient = pass.Parameters.Gradient(_slopes);
        slopeGradient.Clear();
        for (int i = 0; i < input.Rows; i++)
        {
            AddSlopeGradient(input.Row(i), outputGradient.Row(i), slopeGradient);
            if (inputGradient.Rows > 0)
            {
                WriteInputGradient(input.Row(i), slopes, outputGradient.Row(i), inputGradient.Row(i));
            }
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] slopes = parameters.Value(_slopes).ToArray();
        plan.Add(_ => new PReluStep(slopes));
    }

    private static void AddSlopeGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> gradient, Span<float> sum)
    {
        int whole = z.Length - z.Length % Vector<float>.Count;
        ReadOnlySpan<Vector<float>> zs = MemoryMarshal.Cast<float, Vector<float>>(z), gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (int j = 0; j < zs.Length; j++)
        {
            sums[j] += gradients[j] * Vector.Min(zs[j], Vector<float>.Zero);
        }

        for (int j = whole; j < z.Length; j++)
        {
            sum[j] += gradient[j] * Math.Min(z[j], 0);
        }
    }

    private static void WriteInputGradient(ReadOnlySpan<float> z, ReadOnlySpan<float> slopes, ReadOnlySpan<float> gradient, Span<float> result)
    {
        int whole = z.Length - z.Length % Vector<float>.Count;
        ReadOnlySpan<Vector<float>> zs = MemoryMarshal.Cast<float, Vector<float>>(z), gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        ReadOnlySpan<Vector<float>> factors = MemoryMarshal.Cast<float, Vector<float>>(slopes);
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(result);
        for (int j = 0; j < zs.Length; j++)
        {
            results[j] = gradients[j] * Vector.ConditionalSelect(Vector.GreaterThan(zs[j], Vector<float>.Zero), Vector<float>.One, factors[j]);
        }

        for (int j = whole; j < z.Length; j++)
        {
            result[j] = gradient[j] * (z[j] > 0 ? 1 : slopes[j]);
        }
    }
}
