using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The sum of an <see cref="IMarginFormula"/> over the classes that are not the true one.</summary>
/// <remarks>The type parameter lets the compiler inline the formula into the loop.</remarks>
internal static class MarginSum<TFormula>
    where TFormula : struct, IMarginFormula
{
    /// <inheritdoc cref="Loss.Gradient"/>
    public static double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i);
            Span<float> g = gradient.Row(i);
            int y = (int)targets.Values[i];
            z.CopyTo(g);
            g[y] = float.NegativeInfinity; // So that the true class has no excess.
            sum += weights[i] * OrderedSum.Of(new LossAgainst(z[y]), g);
            double ofTheOthers = OrderedSum.Of(new SlopeAgainst(z[y]), g);
            DoubleMath.Apply(new SlopeAgainst(z[y]), g, g);
            g[y] = (float)(0 - ofTheOthers);
            TensorPrimitives.Multiply(g, scale * weights[i], g);
        }

        return sum;
    }

    /// <summary>The loss of one row with the outputs <paramref name="z"/> and the class <paramref name="y"/>.</summary>
    public static double Of(ReadOnlySpan<float> z, int y) =>
        OrderedSum.Of(new LossAgainst(z[y]), z[..y]) + OrderedSum.Of(new LossAgainst(z[y]), z[(y + 1)..]);

    /// <summary>By how much other classes come closer to the true one than 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Excess(Vector512<double> z, double ofTheClass)
    {
        Vector512<double> excess = z - Vector512.Create(ofTheClass) + Vector512<double>.One;
        return Vector512.ConditionalSelect(Vector512.LessThan(excess, Vector512<double>.Zero), Vector512<double>.Zero, excess);
    }

    private readonly struct LossAgainst(double ofTheClass) : IDoubleFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => TFormula.Loss(Excess(x, ofTheClass));
    }

    private readonly struct SlopeAgainst(double ofTheClass) : IDoubleFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => TFormula.Slope(Excess(x, ofTheClass));
    }
}
