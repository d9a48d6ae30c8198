using System.Collections.Concurrent;
using MlNetMlp.Diagnostics;

namespace MlNetMlp.Core.Tests;

/// <summary>Backward against central differences of an independent double-precision network; see <see cref="GradientCheck"/>.</summary>
public class GradientTests
{
    /// <summary>A network in single precision may stand on the other side of a kink that is nearer than this.</summary>
    private const double KinkDistance = 1e-4;

    private static readonly ConcurrentDictionary<string, GradientCheck> _checks = new();

    [Theory]
    [MemberData(nameof(GradientCase.Names), MemberType = typeof(GradientCase))]
    public void Backward_EveryParameterAndInput_EqualsCentralDifferences(string name)
    {
        GradientCheck check = Check(name);
        Assert.Empty(check.Failures());
    }

    [Theory]
    [MemberData(nameof(GradientCase.Names), MemberType = typeof(GradientCase))]
    public void Forward_EveryNetwork_EqualsTheReference(string name)
    {
        GradientCheck check = Check(name);
        double scale = Math.Max(1, check.Logits.Reference.Max(Math.Abs));
        Assert.Equal(check.Logits.Reference.Length, check.Logits.Network.Length);
        Assert.All(check.Logits.Network.Zip(check.Logits.Reference), pair => Assert.Equal(pair.Second, pair.First, 2e-5 * scale));
        Assert.Equal(check.Loss.Reference, check.Loss.Network, 2e-5 * scale * Math.Max(1, check.Loss.Reference));
    }

    [Theory]
    [InlineData("tanh, batch, dropout, softmax")]
    [InlineData("deep, squared")]
    [InlineData("connected, squared")]
    [InlineData("shared, softmax")]
    public void Failures_LargestEntryOfAParameterHalved_AreFound(string name)
    {
        GradientCheck check = Check(name);
        foreach ((string parameter, (double[] analytic, double[] _)) in check.Gradients)
        {
            int largest = Array.IndexOf(analytic, analytic.MaxBy(Math.Abs));
            double right = analytic[largest];
            analytic[largest] = right / 2;
            Assert.StartsWith($"{parameter}[{largest}]", Assert.Single(check.Failures()), StringComparison.Ordinal);
            analytic[largest] = right;
        }
    }

    private static GradientCheck Check(string name) => _checks.GetOrAdd(name, static name => Compute(GradientCase.Named(name)));

    private static GradientCheck Compute(GradientCase example)
    {
        for (int seed = 3; ; seed++)
        {
            GradientCheck check = GradientCheck.Of(example, seed);
            if (check.NearestKink > KinkDistance)
            {
                return check;
            }
        }
    }
}
