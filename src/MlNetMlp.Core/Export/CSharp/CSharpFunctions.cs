namespace MlNetMlp.Interop;

/// <summary>The functions that exported classes are made of. Each does in plain loops, operation by operation, what the kernels do in vectors.</summary>
internal static class CSharpFunctions
{
    private static readonly Dictionary<string, (string[] Needs, string Text)> _all = new(StringComparer.Ordinal)
    {
        ["Affine"] = ([], """
            // y = x W + b. Each sum is one chain of fused multiply-adds.
            private static void Affine(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
            {
                y.Clear();
                for (int i = 0; i < x.Length; i++)
                {
                    ReadOnlySpan<float> row = weights.Slice(i * y.Length, y.Length);
                    float value = x[i];
                    for (int j = 0; j < row.Length; j++)
                    {
                        y[j] = global::System.MathF.FusedMultiplyAdd(value, row[j], y[j]);
                    }
                }

                for (int j = 0; j < biases.Length; j++)
                {
                    y[j] += biases[j];
                }
            }
            """),
        ["Add"] = ([], """
            private static void Add(Span<float> y, ReadOnlySpan<float> x)
            {
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] += x[i];
                }
            }
            """),
        ["Relu"] = ([], Elementwise("Relu", "", "global::System.MathF.Max(z, 0)")),
        ["LeakyRelu"] = ([], Elementwise("LeakyRelu", ", float slope", "global::System.MathF.Max(z, z * slope)")),
        ["Elu"] = (["Expm1"], Elementwise("Elu", ", float scale, float negativeScale",
            "global::System.MathF.Max(z, 0) * scale + Expm1(global::System.MathF.Min(z, 0)) * negativeScale")),
        ["Tanh"] = (["TanhOf"], Elementwise("Tanh", "", "TanhOf(z)")),
        ["Sigmoid"] = (["SigmoidOf"], Elementwise("Sigmoid", "", "SigmoidOf(z)")),
        ["Gelu"] = (["Cumulative"], Elementwise("Gelu", "", "global::System.MathF.Max(z, -1e4f) * (float)Cumulative(z)")),
        ["Silu"] = (["SigmoidOf"], Elementwise("Silu", "", "global::System.MathF.Max(z, -1e4f) * SigmoidOf(z)")),
        ["Mish"] = (["TanhOf", "Softplus"], Elementwise("Mish", "", "global::System.MathF.Max(z, -1e4f) * TanhOf(Softplus(z))")),
        ["HardThreshold"] = ([], Elementwise("HardThreshold", "", "z > 0 ? 1 : z <= 0 ? 0 : z")),
        ["PRelu"] = ([], """
            private static void PRelu(ReadOnlySpan<float> x, ReadOnlySpan<float> slopes, Span<float> y)
            {
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = global::System.MathF.Min(x[i], 0) * slopes[i] + global::System.MathF.Max(x[i], 0);
                }
            }
            """),
        ["Maxout"] = ([], """
            // The largest of the sums of each unit; the first sums of all units stand in front, then the second ones, and so on.
            private static void Maxout(ReadOnlySpan<float> x, Span<float> y)
            {
                x[..y.Length].CopyTo(y);
                for (int i = y.Length; i < x.Length; i++)
                {
                    y[i % y.Length] = global::System.MathF.Max(y[i % y.Length], x[i]);
                }
            }
            """),
        ["LayerNormalization"] = (["Sum", "SumOfSquares"], """
            private static void LayerNormalization(ReadOnlySpan<float> x, float epsilon, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift, Span<float> y)
            {
                float mean = (float)(Sum(x) / x.Length);
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = x[i] - mean;
                }

                float inverse = (float)(1 / global::System.Math.Sqrt(SumOfSquares(y) / y.Length + epsilon));
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = y[i] * inverse * gain[i] + shift[i];
                }
            }
            """),
        ["UnitLength"] = (["SumOfSquares"], """
            private static void UnitLength(ReadOnlySpan<float> x, float epsilon, Span<float> y)
            {
                float inverse = (float)(1 / global::System.Math.Sqrt(SumOfSquares(x) + epsilon));
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = x[i] * inverse;
                }
            }
            """),
        ["Softmax"] = (["Exp"], """
            private static void Softmax(Span<float> y)
            {
                float maximum = y[0];
                foreach (float value in y)
                {
                    maximum = global::System.MathF.Max(maximum, value);
                }

                double sum = 0;
                foreach (ref float value in y)
                {
                    value = Exp(value - maximum);
                    sum += value;
                }

                float inverse = (float)(1 / sum);
                foreach (ref float value in y)
                {
                    value *= inverse;
                }
            }
            """),
        ["Mean"] = ([], """
            private static void Mean(ReadOnlySpan<float> all, Span<float> scores)
            {
                for (int j = 0; j < scores.Length; j++)
                {
                    double sum = 0;
                    for (int i = j; i < all.Length; i += scores.Length)
                    {
                        sum += all[i];
                    }

                    scores[j] = (float)(sum / (all.Length / scores.Length));
                }
            }
            """),
        ["MeanLogOdds"] = ([], """
            // The log-odds of the mean probability: ln(sum of p) - ln(sum of (1 - p)), without overflow.
            private static float MeanLogOdds(ReadOnlySpan<float> z) => (float)(LogProbabilitySum(z, 1) - LogProbabilitySum(z, -1));

            private static double LogProbabilitySum(ReadOnlySpan<float> z, int sign)
            {
                double greatest = double.NegativeInfinity, sum = 0;
                foreach (float value in z)
                {
                    greatest = global::System.Math.Max(greatest, LogProbability(sign * (double)value));
                }

                foreach (float value in z)
                {
                    sum += global::System.Math.Exp(LogProbability(sign * (double)value) - greatest);
                }

                return greatest + global::System.Math.Log(sum);
            }

            private static double LogProbability(double z)
            {
                double x = global::System.Math.Exp(-global::System.Math.Abs(z)), u = 1 + x;
                return global::System.Math.Min(z, 0) - (u == 1 ? x : x * global::System.Math.Log(u) / (u - 1));
            }
            """),
        ["Sum"] = (["Total"], """
            private static double Sum(ReadOnlySpan<float> x)
            {
                Span<double> parts = stackalloc double[16];
                parts.Clear();
                for (int i = 0; i < x.Length; i++)
                {
                    parts[i % 16] += x[i];
                }

                return Total(parts);
            }
            """),
        ["SumOfSquares"] = (["Total"], """
            private static double SumOfSquares(ReadOnlySpan<float> x)
            {
                Span<double> parts = stackalloc double[16];
                parts.Clear();
                for (int i = 0; i < x.Length; i++)
                {
                    parts[i % 16] += (double)x[i] * x[i];
                }

                return Total(parts);
            }
            """),
        ["Total"] = ([], """
            private static double Total(ReadOnlySpan<double> parts)
            {
                double sum = 0;
                foreach (double part in parts)
                {
                    sum += part;
                }

                return sum;
            }
            """),
        ["Exp"] = (["Reduce", "Scale"], """
            private static float Exp(float x)
            {
                float fraction = Reduce(x, out int power);
                return Scale(1 + fraction, power);
            }
            """),
        ["Expm1"] = (["Expm1Of"], """
            private static float Expm1(float x) => global::System.MathF.CopySign(Expm1Of(x), x);
            """),
        ["Expm1Of"] = (["Reduce", "Scale"], """
            private static float Expm1Of(float x)
            {
                float fraction = Reduce(x, out int power);
                if (power > 25)
                {
                    return Scale(1 + fraction, power);
                }

                float scale = Scale(1, power);
                return global::System.MathF.FusedMultiplyAdd(scale, fraction, scale - 1);
            }
            """),
        ["TanhOf"] = (["Expm1Of"], """
            private static float TanhOf(float x)
            {
                float magnitude = global::System.MathF.Min(global::System.MathF.Abs(x), 10), t = Expm1Of(magnitude + magnitude);
                return global::System.MathF.CopySign(t / (t + 2), x);
            }
            """),
        ["SigmoidOf"] = (["Exp"], """
            private static float SigmoidOf(float x)
            {
                float e = Exp(0 - global::System.MathF.Abs(x));
                return (x < 0 ? e : 1) / (1 + e);
            }
            """),
        ["Softplus"] = (["Exp"], """
            // max(x, 0) + ln(1 + e^-|x|), the logarithm by the series of the inverse hyperbolic tangent.
            private static float Softplus(float x)
            {
                float e = Exp(0 - global::System.MathF.Abs(x)), s = e / (e + 2), square = s * s, sum = 2f / 15;
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 13);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 11);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 9);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 7);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 5);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 2f / 3);
                return global::System.MathF.Max(x, 0) + global::System.MathF.FusedMultiplyAdd(sum * square, s, s + s);
            }
            """),
        ["Reduce"] = ([], """
            // x = power ln 2 + r; returns e^r - 1 by its power series.
            private static float Reduce(float x, out int power)
            {
                x = global::System.MathF.Max(global::System.MathF.Min(x, 89), -104);
                float n = global::System.MathF.Round(x * 1.44269504f);
                power = (int)n;
                float r = global::System.MathF.FusedMultiplyAdd(n, -0.693145752f, x);
                r = global::System.MathF.FusedMultiplyAdd(n, -1.42860677e-6f, r);
                float sum = 1f / 5040;
                sum = global::System.MathF.FusedMultiplyAdd(sum, r, 1f / 720);
                sum = global::System.MathF.FusedMultiplyAdd(sum, r, 1f / 120);
                sum = global::System.MathF.FusedMultiplyAdd(sum, r, 1f / 24);
                sum = global::System.MathF.FusedMultiplyAdd(sum, r, 1f / 6);
                sum = global::System.MathF.FusedMultiplyAdd(sum, r, 1f / 2);
                return global::System.MathF.FusedMultiplyAdd(sum * r, r, r);
            }
            """),
        ["Scale"] = ([], """
            // x 2^power, in two halves, because 2^-149 and 2^128 are no normal numbers.
            private static float Scale(float x, int power)
            {
                int half = power >> 1;
                return x * global::System.BitConverter.Int32BitsToSingle((half + 127) << 23) * global::System.BitConverter.Int32BitsToSingle((power - half + 127) << 23);
            }
            """),
        ["Cumulative"] = ([], """
            // The probability of a value of at most z under the normal distribution.
            private static double Cumulative(double z)
            {
                double x = global::System.Math.Abs(z) * 0.70710678118654752;
                double t = 1 / (1 + 0.5 * x);
                double fit = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807
                    + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
                double tail = 0.5 * t * global::System.Math.Exp(fit - x * x);
                return z > 0 ? 1 - tail : tail;
            }
            """),
    };

    /// <summary>The names of all functions.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>([.. _all.Keys, "LogProbabilitySum", "LogProbability"], StringComparer.Ordinal);

    /// <summary>The texts of functions and of all that they call, in a fixed order.</summary>
    public static IEnumerable<string> Texts(IEnumerable<string> names)
    {
        HashSet<string> needed = [];
        var open = new Stack<string>(names);
        while (open.TryPop(out string? name))
        {
            if (needed.Add(name))
            {
                Array.ForEach(_all[name].Needs, open.Push);
            }
        }

        return _all.Where(pair => needed.Contains(pair.Key)).Select(pair => pair.Value.Text);
    }

    private static string Elementwise(string name, string parameters, string formula) => $$"""
        private static void {{name}}(Span<float> y{{parameters}})
        {
            for (int i = 0; i < y.Length; i++)
            {
                float z = y[i];
                y[i] = {{formula}};
            }
        }
        """;
}
