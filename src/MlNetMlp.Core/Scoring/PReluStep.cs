using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>Y = max(0, Z) + a min(0, Z)</c> with a slope a for each unit; see <see cref="Activation.PRelu"/>.</summary>
internal sealed class PReluStep(float[] slopes) : ScoringStep(slopes.Length, slopes.Length)
{
    /// <summary>a, [units].</summary>
    public ReadOnlySpan<float> Slopes => slopes;

    public override IReadOnlyList<float[]> Numbers => [slopes];

    public override double LargestOutput(double input) => input * Math.Max(1, Math.Abs(TensorPrimitives.MaxMagnitude(Slopes)));

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => Rectify(slopes, input, output);

    /// <summary>Computes Y [rows, units].</summary>
    public static void Rectify(ReadOnlySpan<float> slopes, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            ElementwiseMath.Apply(default(Formula), input.Row(i), slopes, output.Row(i));
        }
    }

    /// <summary>One of the two terms is always 0.</summary>
    private readonly struct Formula : IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z, TVector slope)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector zero = TLanes.Broadcast(0);
            return TLanes.MultiplyAdd(TLanes.Min(z, zero), slope, TLanes.Max(z, zero));
        }
    }
}
