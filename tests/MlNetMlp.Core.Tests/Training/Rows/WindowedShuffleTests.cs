using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class WindowedShuffleTests
{
    /// <summary>Rows, window, and the rows of a chunk: a 64th of the window.</summary>
    public static TheoryData<int, int, int> Cases => new()
    {
        { 100_000, 6_400, 100 }, { 99_999, 6_401, 100 }, { 6_500, 6_400, 100 }, { 6_401, 6_400, 100 }, { 1_000, 127, 1 }, { 1_000, 63, 1 },
            { 50, 1, 1 }, { 50, 2, 1 }, { 2, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fill_AnyWindow_HasEveryRowOnceAndNoMoreAtHand(int count, int window, int chunkRows)
    {
        int[] order = Order(count, window, seed: 3);
        Assert.Equal(Enumerable.Range(0, count), order.Order());

        // A chunk has to be at hand from the first to the last of its rows.
        int[] first = new int[count], last = new int[count];
        first.AsSpan().Fill(-1);
        for (int place = 0; place < count; place++)
        {
            int chunk = order[place] / chunkRows;
            first[chunk] = first[chunk] < 0 ? place : first[chunk];
            last[chunk] = place;
        }

        int[] change = new int[count + 1];
        for (int chunk = 0; chunk <= (count - 1) / chunkRows; chunk++)
        {
            change[first[chunk]]++;
            change[last[chunk] + 1]--;
        }

        int atHand = 0, most = 0;
        foreach (int step in change)
        {
            most = Math.Max(most, atHand += step);
        }

        Assert.InRange(most * chunkRows, 1, window);
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1000, int.MaxValue)]
    [InlineData(1, 1)]
    public void Fill_WindowOfAllRows_IsThePlainPermutation(int count, int window)
    {
        int[] expected = [.. Enumerable.Range(0, count)];
        new SeededRandom(3).Shuffle(expected);
        Assert.Equal(expected, Order(count, window, seed: 3));
    }

    [Fact]
    public void Fill_AnyStretch_HasRowsOfManyChunks()
    {
        // A hundred rows drawn from 64 chunks are of 51 of them on average: 64 (1 - (63/64)^100); fewer at the two ends, which favour some.
        int[][] stretches = [.. Order(100_000, 6_400, seed: 3).Chunk(100)];
        int[] chunks = [.. stretches.Select(stretch => stretch.Select(row => row / 100).Distinct().Count())];
        Assert.InRange(chunks.Average(), 48, 52);
        Assert.InRange(chunks.Min(), 30, 64);
    }

    [Fact]
    public void Fill_ManySeeds_PutsARowAnywhere()
    {
        // The mean of 400 places that are uniform in [0, 1000) has the standard deviation 1000 / sqrt(12 * 400) = 14.
        int[] places = [.. Enumerable.Range(0, 400).Select(seed => Array.IndexOf(Order(1000, 128, seed), 7))];
        Assert.InRange(places.Average(), 500 - 4 * 14.4, 500 + 4 * 14.4);
        Assert.InRange(places.Count(place => place < 100), 40 - 24, 40 + 24);
        Assert.InRange(places.Count(place => place >= 900), 40 - 24, 40 + 24);
    }

    [Fact]
    public void Start_Windowed_IsAFunctionOfSeedAndEpoch()
    {
        int[] third = Epoch(seed: 1, epoch: 3);
        Assert.Equal(third, Epoch(seed: 1, epoch: 3, before: 5));
        Assert.NotEqual(third, Epoch(seed: 1, epoch: 4));
        Assert.NotEqual(third, Epoch(seed: 2, epoch: 3));

        static int[] Epoch(int seed, int epoch, int before = 0)
        {
            EpochOrder order = EpochOrder.Create(500, null, shuffle: true, new SeededRandom(seed), window: 128);
            order.Start(before);
            order.Start(epoch);
            return order.Rows(0, 500).ToArray();
        }
    }

    [Fact]
    public void Start_WindowedWithoutShuffle_IsTheOrderOfTheNumbers()
    {
        EpochOrder order = EpochOrder.Create(500, null, shuffle: false, new SeededRandom(1), window: 128);
        order.Start(2);
        Assert.Equal(Enumerable.Range(0, 500), order.Rows(0, 500).ToArray());
    }

    [Fact]
    public void Start_WindowedAndBalanced_TakesTurnsAndEveryRowOfAClassOncePerPass()
    {
        int[] classes = [.. Enumerable.Range(0, 2000).Select(row => row % 7 == 0 ? 2 : row % 2)];
        EpochOrder order = EpochOrder.Create(classes.Length, classes, shuffle: true, new SeededRandom(1), window: 300);
        int[] places = [.. Enumerable.Range(0, 6).SelectMany(epoch => Rows(epoch))];
        Assert.All(places.Chunk(3).SkipLast(1), turn => Assert.Equal([0, 1, 2], turn.Select(row => classes[row])));
        for (int c = 0; c < 3; c++)
        {
            int members = classes.Count(other => other == c);
            int[][] passes = [.. places.Where(row => classes[row] == c).Chunk(members)];
            Assert.All(passes, pass => Assert.Equal(pass.Length, pass.Distinct().Count()));
            Assert.Equal(passes.Length, passes.Select(pass => string.Join(' ', pass)).Distinct().Count());
        }

        int[] Rows(int epoch)
        {
            order.Start(epoch);
            return order.Rows(0, classes.Length).ToArray();
        }
    }

    private static int[] Order(int count, int window, int seed)
    {
        int[] order = new int[count];
        WindowedShuffle.Fill(order, window, new SeededRandom(seed));
        return order;
    }
}
