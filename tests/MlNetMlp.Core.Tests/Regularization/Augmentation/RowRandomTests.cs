namespace MlNetMlp.Core.Tests;

public class RowRandomTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Numbers_SameIndex_AreTheSameAgain()
    {
        RowRandom random = new(3), again = new(3);
        Assert.Equal(random.Uniform(7), again.Uniform(7));
        Assert.Equal(random.Normal(7), again.Normal(7));
        Assert.Equal(random.Below(1000, 7), again.Below(1000, 7));
        Assert.Equal(random.At(5).Uniform(7), again.At(5).Uniform(7));
        Assert.Equal(random.At(5), again.At(5));
        Assert.NotEqual(random.Uniform(7), random.At(5).Uniform(7));
        Assert.NotEqual(random.Uniform(7), new RowRandom(4).Uniform(7));
        Assert.Throws<ArgumentOutOfRangeException>("bound", () => random.Below(0, 1));
    }

    [Fact]
    public void Numbers_OtherIndex_AreIndependentAlsoOfOtherKinds()
    {
        // Means of 0 and variances of 1, so products of independent numbers have the mean 0 and the deviation 1.
        var random = new RowRandom(3);
        Func<long, double>[] kinds =
        [
            i => Math.Sqrt(12) * (random.Uniform(i) - 0.5), i => Math.Sqrt(3) / 5 * random.Uniform(-5, 5, i), i => random.Normal(i),
            i => (random.Below(7, i) - 3) / 2.0, i => Math.Sqrt(12) * (random.At(i).Uniform(0) - 0.5),
        ];
        Assert.All(kinds, kind => Assert.Equal(0, Enumerable.Range(0, Draws).Average(i => kind(i)), 4 / Math.Sqrt(Draws)));
        Assert.All(kinds, kind => Assert.Equal(1, Enumerable.Range(0, Draws).Average(i => kind(i) * kind(i)), 4 * Math.Sqrt(2.0 / Draws)));
        Assert.All(
            from one in kinds from other in kinds select (one, other),
            pair => Assert.Equal(0, Enumerable.Range(0, Draws / 2).Average(i => pair.one(2 * i) * pair.other(2 * i + 1)), 4 / Math.Sqrt(Draws / 2)));
    }
}
