using MlNetMlp.Search;

namespace MlNetMlp.Tests.Search;

/// <summary>Densities and samples, beside values that were computed with the error function of Python's standard library.</summary>
public sealed class ParzenEstimatorTests
{
    /// <summary>Around 0.2 and 0.3 the deviation 0.2, the least for three observations, around 0.9 the distance of 0.4 from 0.5, and the prior.</summary>
    private static readonly ParzenEstimator _estimator = new([0.9, 0.2, 0.3]);

    [Theory]
    [InlineData(0, 0.7967208596162177)]
    [InlineData(0.25, 1.45854630884155)]
    [InlineData(0.6, 0.8338220802640435)]
    [InlineData(1, 0.6432839641456894)]
    public void Density_IsThatOfTheMixture(double x, double expected) => Assert.Equal(expected, _estimator.Density(x, x), 1e-12);

    [Fact]
    public void Density_OfACell_IsItsMean()
    {
        Assert.Equal(0.8233781830098597, _estimator.Density(0.5, 0.75), 1e-12);
        Assert.Equal(1, _estimator.Density(0, 1), 1e-12);
    }

    [Fact]
    public void WithoutObservations_ThePriorIsLeft()
    {
        var prior = new ParzenEstimator([]);

        // The standard normal density from -0.5 to 0.5 has the probability 0.3829249225480262.
        Assert.Equal(0.3989422804014327 / 0.3829249225480262, prior.Density(0.5, 0.5), 1e-9);
        Assert.Equal(0.3520653267642995 / 0.3829249225480262, prior.Density(0, 0), 1e-9);
    }

    [Fact]
    public void ObservationAtThePrior_CountsTwice() => Assert.True(new ParzenEstimator([0.5]).Density(0.5, 0.5) > new ParzenEstimator([]).Density(0.5, 0.5));

    /// <summary>Kolmogorov and Smirnov, with the share below each sample from <see cref="ParzenEstimator.Density"/>.</summary>
    [Fact]
    public void Samples_HaveTheDensity()
    {
        const int Count = 5000;
        var random = new SearchRandom(1);
        double[] shares = [.. Enumerable.Range(0, Count).Select(i => _estimator.Sample(random.At(i))).Select(x => x * _estimator.Density(0, x)).Order()];

        double distance = shares.Select((share, i) => Math.Max(Math.Abs(share - ((double)i / Count)), Math.Abs(share - ((i + 1.0) / Count)))).Max();

        Assert.True(distance < 1.95 / Math.Sqrt(Count), $"The distance is {distance}.");
    }

    [Fact]
    public void Shares_CountEveryCategoryOnceMore() => Assert.Equal([1 / 6.0, 3 / 6.0, 2 / 6.0], TrialEvidence.Shares([1, 2, 1], 3));
}
