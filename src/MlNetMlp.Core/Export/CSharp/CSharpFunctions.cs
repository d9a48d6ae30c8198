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
        ["Multiply"] = ([], """
            private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> scales, Span<float> y)
            {
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = x[i] * scales[i];
                }
            }
            """),
        ["Relu"] = ([], Elementwise("Relu", "", "global::System.MathF.Max(z, 0)")),
        ["LeakyRelu"] = ([], Elementwise("LeakyRelu", ", float slope", "global::System.MathF.Max(z, z * slope)")),
        ["Elu"] = (["Expm1"], Elementwise("Elu", ", float scale, float negativeScale",
            "z < 0 ? Expm1(global::System.MathF.Max(z, -104)) * negativeScale : z * scale")),
        ["Tanh"] = (["TanhOf"], Elementwise("Tanh", "", "TanhOf(z)")),
        ["Sigmoid"] = (["SigmoidOf"], Elementwise("Sigmoid", "", "SigmoidOf(z)")),
        ["Gelu"] = (["GeluOf"], Elementwise("Gelu", "", "GeluOf(z)")),
        ["Silu"] = (["SiluOf"], Elementwise("Silu", "", "SiluOf(z)")),
        ["Mish"] = (["MishOf"], Elementwise("Mish", "", "MishOf(z)")),
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
        ["EncodedAffine"] = (["Clipped"], """
            // What each feature adds to the sums: its value, its full bins and its share of the next one; or that it is missing.
            private static void EncodedAffine(ReadOnlySpan<float> x, bool isClipped, ReadOnlySpan<float> sources, ReadOnlySpan<float> lowerEnds, ReadOnlySpan<float> inverseWidths, ReadOnlySpan<float> missing, ReadOnlySpan<float> scales, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
            {
                y.Clear();
                for (int j = 0, end = 0; j < x.Length; j++)
                {
                    int first = end, column = float.IsNaN(x[j]) ? x.Length + sources.Length + missing.IndexOf(j) : j;
                    float value = float.IsNaN(x[j]) ? 1 : isClipped ? Clipped(x[j]) : x[j], scale = scales.IsEmpty ? 1 : scales[j];
                    while (end < sources.Length && sources[end] == j)
                    {
                        end++;
                    }

                    bool hasBins = first < end && !float.IsNaN(x[j]);
                    int bin = first;
                    while (hasBins && bin + 1 < end && lowerEnds[bin + 1] < x[j])
                    {
                        bin++;
                    }

                    float share = hasBins ? global::System.Math.Clamp((x[j] - lowerEnds[bin]) * inverseWidths[bin], 0, 1) : 0;
                    for (int i = 0; i < y.Length; i++)
                    {
                        float sum = value * weights[column * y.Length + i];
                        if (hasBins)
                        {
                            float below = 0;
                            for (int full = first; full < bin; full++)
                            {
                                below += weights[(x.Length + full) * y.Length + i];
                            }

                            sum = global::System.MathF.FusedMultiplyAdd(value, weights[j * y.Length + i], below);
                            sum = global::System.MathF.FusedMultiplyAdd(share, weights[(x.Length + bin) * y.Length + i], sum);
                        }

                        y[i] = global::System.MathF.FusedMultiplyAdd(scale, sum, y[i]);
                    }
                }

                for (int i = 0; i < y.Length; i++)
                {
                    y[i] += biases[i];
                }
            }
            """),
        ["Categorize"] = ([], """
            // What is not embedded; 1 - sum x for every group that is not; for every group that is the sum of x v, with the vectors v of its slots, and of
            // (1 - sum x) w with that of other categories.
            private static void Categorize(ReadOnlySpan<float> x, ReadOnlySpan<float> first, ReadOnlySpan<float> last, ReadOnlySpan<float> isEmbedded, ReadOnlySpan<float> vectors, int width, Span<float> y)
            {
                for (int g = 0, from = 0; g <= first.Length; g++)
                {
                    if (g == first.Length || isEmbedded[g] > 0)
                    {
                        int end = g < first.Length ? (int)first[g] : x.Length;
                        x[from..end].CopyTo(y);
                        y = y[(end - from)..];
                        from = g < first.Length ? (int)last[g] + 1 : end;
                    }
                }

                for (int step = 0; step < 2; step++)
                {
                    for (int g = 0; g < first.Length; g++)
                    {
                        if (isEmbedded[g] != step)
                        {
                            continue;
                        }

                        ReadOnlySpan<float> slots = x[(int)first[g]..((int)last[g] + 1)];
                        Span<float> vector = y[..(step == 1 ? width : 1)];
                        y = y[vector.Length..];
                        vector.Clear();
                        float other = 1;
                        for (int j = 0; j <= slots.Length; j++)
                        {
                            float factor = j < slots.Length ? slots[j] : other;
                            other -= j < slots.Length ? factor : 0;
                            for (int c = 0; step == 1 && c < width && factor != 0; c++)
                            {
                                vector[c] += factor * vectors[j * width + c];
                            }
                        }

                        vectors = step == 1 ? vectors[((slots.Length + 1) * width)..] : vectors;
                        vector[0] = step == 1 ? vector[0] : other;
                    }
                }
            }
            """),
        ["Encode"] = (["Clipped"], """
            private static void Encode(ReadOnlySpan<float> x, bool isClipped, ReadOnlySpan<float> sources, ReadOnlySpan<float> lowerEnds, ReadOnlySpan<float> inverseWidths, ReadOnlySpan<float> missing, Span<float> y)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = isClipped ? Clipped(x[i]) : x[i];
                }

                Span<float> shares = y.Slice(x.Length, sources.Length);
                for (int i = 0; i < shares.Length; i++)
                {
                    float share = (x[(int)sources[i]] - lowerEnds[i]) * inverseWidths[i];
                    shares[i] = share > 0 ? global::System.MathF.Min(share, 1) : 0;
                }

                Span<float> indicators = y[(x.Length + sources.Length)..];
                for (int i = 0; i < indicators.Length; i++)
                {
                    int feature = (int)missing[i];
                    indicators[i] = float.IsNaN(x[feature]) ? 1 : 0;
                    y[feature] = float.IsNaN(x[feature]) ? 0 : y[feature];
                }
            }
            """),
        ["Clipped"] = ([], """
            private static float Clipped(float x)
            {
                float third = global::System.Math.Clamp(x * (1f / 3), -1e6f, 1e6f);
                return third * 3 / global::System.MathF.Sqrt(global::System.MathF.FusedMultiplyAdd(third, third, 1));
            }
            """),
        ["Periodic"] = (["CosineOfTurns"], """
            // Beside x the waves of some of its numbers, mixed for each number.
            private static void Periodic(ReadOnlySpan<float> x, bool rectifies, ReadOnlySpan<float> numbers, ReadOnlySpan<float> frequencies, ReadOnlySpan<float> phases, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
            {
                x.CopyTo(y);
                Span<float> sums = y[x.Length..];
                biases.CopyTo(sums);
                int waves = frequencies.Length / numbers.Length, width = biases.Length / numbers.Length;
                for (int i = 0; i < frequencies.Length; i++)
                {
                    float wave = CosineOfTurns(global::System.MathF.FusedMultiplyAdd(x[(int)numbers[i / waves]], frequencies[i], phases[i]));
                    for (int d = 0; d < width; d++)
                    {
                        ref float sum = ref sums[i / waves * width + d];
                        sum = global::System.MathF.FusedMultiplyAdd(wave, weights[i * width + d], sum);
                    }
                }

                for (int i = 0; rectifies && i < sums.Length; i++)
                {
                    sums[i] = global::System.MathF.Max(sums[i], 0);
                }
            }
            """),
        ["CosineOfTurns"] = ([], """
            // cos(2 pi t) by the power series of the sine of the angle to the nearest quarter of a turn.
            private static float CosineOfTurns(float t)
            {
                float quarter = 0.25f - global::System.MathF.Abs(t - global::System.MathF.Round(t)), square = quarter * quarter, sum = 3.81995258f;
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, -15.0946426f);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 42.0586939f);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, -76.7058598f);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 81.6052493f);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, -41.3417022f);
                sum = global::System.MathF.FusedMultiplyAdd(sum, square, 6.28318531f);
                return sum * quarter;
            }
            """),
        ["MapToQuantiles"] = ([], """
            // Linear between the knots of each mapped feature, constant beyond them.
            private static void MapToQuantiles(Span<float> x, ReadOnlySpan<float> features, ReadOnlySpan<float> counts, ReadOnlySpan<float> knots, ReadOnlySpan<float> quantiles)
            {
                for (int n = 0, first = 0; n < features.Length; first += (int)counts[n++])
                {
                    ref float value = ref x[(int)features[n]];
                    int end = first + (int)counts[n], upper = first;
                    while (upper < end && knots[upper] < value)
                    {
                        upper++;
                    }

                    if (!float.IsNaN(value))
                    {
                        value = upper == first || upper == end || knots[upper] == value
                            ? quantiles[global::System.Math.Min(upper, end - 1)]
                            : global::System.MathF.FusedMultiplyAdd((value - knots[upper - 1]) / (knots[upper] - knots[upper - 1]), quantiles[upper] - quantiles[upper - 1], quantiles[upper - 1]);
                    }
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
        ["Softmax"] = (["Exp", "Sum"], """
            private static void Softmax(Span<float> y)
            {
                float maximum = y[0];
                foreach (float value in y)
                {
                    maximum = global::System.MathF.Max(maximum, value);
                }

                foreach (ref float value in y)
                {
                    value = Exp(value - maximum);
                }

                float inverse = (float)(1 / Sum(y));
                foreach (ref float value in y)
                {
                    value *= inverse;
                }
            }
            """),
        ["Exponentials"] = (["Exp"], $$"""
            private static void Exponentials(Span<float> y)
            {
                foreach (ref float value in y)
                {
                    value = Exp(global::System.MathF.Min(value, {{CSharpNames.Literal(CustomRegressionLoss.LargestExponent)}}));
                }
            }
            """),
        ["Clamp"] = ([], """
            private static void Clamp(Span<float> scores, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper)
            {
                for (int i = 0; i < scores.Length; i++)
                {
                    scores[i] = global::System.Math.Clamp(scores[i], lower[i], upper[i]);
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
        ["Exp"] = (["Split", "Scale"], """
            private static float Exp(float x)
            {
                float fraction = Split(global::System.MathF.Max(global::System.MathF.Min(x, 89), -104), 0, out int power);
                return Scale(1 + fraction, power);
            }
            """),
        ["Expm1"] = (["Split", "Scale"], """
            private static float Expm1(float x)
            {
                float fraction = Split(x, 0, out int power), scale = Scale(1, power);
                return global::System.MathF.FusedMultiplyAdd(scale, fraction, scale - 1);
            }
            """),
        ["TanhOf"] = (["Expm1"], """
            private static float TanhOf(float x)
            {
                float magnitude = global::System.MathF.Min(global::System.MathF.Abs(x), 10), t = Expm1(magnitude + magnitude);
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
        ["GeluOf"] = (["Split", "Scale"], """
            private static float GeluOf(float z)
            {
                float x = global::System.MathF.Min(global::System.MathF.Abs(z), 14.6f), half = x * -0.5f, exponent = half * x;
                float fraction = Split(exponent, global::System.MathF.FusedMultiplyAdd(half, x, 0 - exponent), out int power);
                float above = 0.00413799379f;
                above = global::System.MathF.FusedMultiplyAdd(above, x, 0.0407791212f);
                above = global::System.MathF.FusedMultiplyAdd(above, x, 0.1836676f);
                above = global::System.MathF.FusedMultiplyAdd(above, x, 0.438878149f);
                above = global::System.MathF.FusedMultiplyAdd(above, x, 0.5f);
                float below = 0.0103722969f;
                below = global::System.MathF.FusedMultiplyAdd(below, x, 0.10222435f);
                below = global::System.MathF.FusedMultiplyAdd(below, x, 0.470612407f);
                below = global::System.MathF.FusedMultiplyAdd(below, x, 1.2042985f);
                below = global::System.MathF.FusedMultiplyAdd(below, x, 1.6756413f);
                below = global::System.MathF.FusedMultiplyAdd(below, x, 1);
                float product = x * (above / below), part = Scale(global::System.MathF.FusedMultiplyAdd(product, fraction, product), power);
                return z < 0 ? 0 - part : z - part;
            }
            """),
        ["SiluOf"] = (["Split", "Scale"], """
            private static float SiluOf(float z)
            {
                float x = global::System.MathF.Min(global::System.MathF.Abs(z), 110), mantissa = 1 + Split(0 - x, 0, out int power);
                float inverse = 1 / (1 + Scale(mantissa, power)), part = Scale(x * (mantissa * inverse), power);
                return z < 0 ? 0 - part : z - part;
            }
            """),
        ["MishOf"] = (["Split", "Scale"], """
            private static float MishOf(float z)
            {
                float x = global::System.MathF.Min(global::System.MathF.Abs(z), 110), mantissa = 1 + Split(0 - x, 0, out int power);
                float e = Scale(mantissa, power), twice = e + e, above = z < 0 ? e + 2 : twice + 1;
                float below = z < 0 ? global::System.MathF.FusedMultiplyAdd(e, above, 2) : global::System.MathF.FusedMultiplyAdd(twice, e, above);
                float factor = (z < 0 ? mantissa : 1) * (1 / below);
                return Scale(factor * above * (z < 0 ? 0 - x : z), z < 0 ? power : 0);
            }
            """),
        ["Split"] = ([], """
            // x + low = power ln 2 + r; returns e^r - 1 by its power series.
            private static float Split(float x, float low, out int power)
            {
                float n = global::System.MathF.Round(x * 1.44269504f);
                power = (int)n;
                float r = global::System.MathF.FusedMultiplyAdd(n, -0.693145752f, x);
                r = global::System.MathF.FusedMultiplyAdd(n, -1.42860677e-6f, r) + low;
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
