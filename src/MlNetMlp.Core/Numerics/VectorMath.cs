namespace MlNetMlp.Numerics;

/// <summary>Elementary functions of every element of a span.</summary>
internal static class VectorMath
{
    public static void Exp(ReadOnlySpan<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)Math.Exp(x[i]);
    }

    public static void Expm1(ReadOnlySpan<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        for (int i = 0; i < x.Length; i++)
            y[i] = Math.Abs(x[i]) < 1e-4f ? x[i] + (0.5f * x[i] * x[i]) : (float)(Math.Exp(x[i]) - 1);
    }

    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)Math.Tanh(x[i]);
    }

    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)(1 / (1 + Math.Exp(-x[i])));
    }

    /// <summary><c>ln(1 + e^x)</c>.</summary>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)(Math.Max(x[i], 0) + Math.Log(1 + Math.Exp(-Math.Abs(x[i]))));
    }
}
