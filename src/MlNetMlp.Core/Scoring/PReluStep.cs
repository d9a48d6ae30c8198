using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = max(0, Z) + a min(0, Z)</c> with a slope a for each unit; see <see cref="Activation.PRelu"/>.</summary>
internal sealed class PReluStep(float[] slopes) : ScoringStep(slopes.Length, slopes.Length)
{
    /// <summary>The number of values that one step works on: they stay in the first cache level and on the stack.</summary>
    private const int Chunk = 256;

    /// <summary>a, [units].</summary>
    public ReadOnlySpan<float> Slopes => slopes;

    public override IReadOnlyList<float[]> Numbers => [slopes];

    public override double LargestOutput(double input) => input * Math.Max(1, Math.Abs(TensorPrimitives.MaxMagnitude(Slopes)));

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => Rectify(slopes, input, output);

    /// <summary>Computes Y [rows, units]; the bits of an element do not depend on where it stands, for one of the two terms is always 0.</summary>
    public static void Rectify(ReadOnlySpan<float> slopes, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        Span<float> scratch = stackalloc float[Math.Min(slopes.Length, Chunk)];
        for (int i = 0; i < input.Rows; i++)
        {
            for (int start = 0; start < slopes.Length; start += scratch.Length)
            {
                int length = Math.Min(scratch.Length, slopes.Length - start);
                ReadOnlySpan<float> z = input.Row(i).Slice(start, length);
                Span<float> negative = scratch[..length], y = output.Row(i).Slice(start, length);
                TensorPrimitives.Min(z, 0f, negative);
                TensorPrimitives.Max(z, 0f, y);
                TensorPrimitives.MultiplyAdd(negative, slopes.Slice(start, length), y, y);
            }
        }
    }
}
