using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Losses that go over a row by vectors, at every number of outputs up to 70, against their definitions in double precision.</summary>
public class LossWidthTests
{
    /// <summary>2^-24, half the distance of 1 to the next float: the error of one rounding.</summary>
    private const double Rounding = 1.0 / (1 << 24);

    private static readonly KullbackLeiblerDivergence _divergence = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_HingeOfAnyNumberOfClasses_IsThatOfTheDefinition(bool squared)
    {
        Loss loss = squared ? new SquaredMulticlassHinge() : new MulticlassHinge();
        for (int classes = 2; classes <= 70; classes++)
        {
            for (int y = 0; y < classes; y += Math.Max(1, classes / 5))
            {
                float[] z = Logits(classes), gradient = new float[classes];
                double[] slopes = [.. z.Select((value, j) => j == y ? 0 : Slope(loss, (double)value - z[y] + 1))];
                slopes[y] = -slopes.Sum();
                double expected = ReferenceLoss.Of(loss, [.. z.Select(value => (double)value)], [y]);

                double sum = loss.Gradient(new(z, 1, classes), new([y], 1, 1), [1], 1, new MatrixSpan(gradient, 1, classes));

                Assert.Equal(expected, sum, 1e-14 * expected);
                Assert.Equal(expected, loss.LossSum(new(z, 1, classes), new([y], 1, 1), [1]), 1e-14 * expected);
                Assert.All(gradient.Zip(slopes), pair => Assert.Equal(pair.Second, pair.First, Rounding * Math.Abs(pair.Second)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Each), MemberType = typeof(Kernels))]
    public void Gradient_DivergenceOfAnyNumberOfShares_IsThatOfTheDefinition(string kernel)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        for (int shares = 2; shares <= 70; shares++)
        {
            float[] z = Logits(shares), gradient = new float[shares];
            float[] t = [.. Enumerable.Range(0, shares).Select(k => k % 3 == 1 ? 0 : 2f * (k + 1) / (shares * (shares + 1)))];
            float[] factors = [.. Enumerable.Range(0, shares).Select(k => 1 + (k % 7) / 4f)];
            foreach (float[]? given in (float[]?[])[null, factors])
            {
                KullbackLeiblerDivergence loss = given is null ? _divergence : _divergence.With(given);
                double[] p = ReferenceLoss.Softmax([.. z.Select(value => (double)value)]);
                double[] weighted = [.. t.Select((share, k) => (double)share * (given?[k] ?? 1))];
                double expected = weighted.Select((share, k) => share > 0 ? share * Math.Log(t[k] / p[k]) : 0).Sum();
                double size = weighted.Select((share, k) => share > 0 ? Math.Abs(share * Math.Log(t[k] / p[k])) : 0).Sum();

                double sum = loss.Gradient(new(z, 1, shares), new(t, 1, shares), [1], 1, new MatrixSpan(gradient, 1, shares));

                // The logarithm of the sum of exponentials comes from floats in training, from doubles elsewhere.
                Assert.Equal(expected, sum, 1e-6 * size);
                Assert.Equal(expected, loss.LossSum(new(z, 1, shares), new(t, 1, shares), [1]), 1e-14 * size);
                for (int k = 0; k < shares; k++)
                {
                    // Six roundings of the probability, of which exp has two and the sums none that count, and three of the share.
                    double tolerance = Rounding * (6 * p[k] * weighted.Sum() + 3 * weighted[k]);
                    Assert.Equal(p[k] * weighted.Sum() - weighted[k], gradient[k], tolerance);
                }
            }
        }
    }

    private static double Slope(Loss loss, double excess) => excess <= 0 ? 0 : loss is MulticlassHinge ? 1 : 2 * excess;

    private static float[] Logits(int count)
    {
        float[] logits = new float[count];
        new SeededRandom(count).FillNormal(logits, 0, 1);
        return logits;
    }
}
