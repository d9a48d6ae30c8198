using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Random orders in which rows that follow each other come from few places of their source: a shuffle buffer of bounded size.</summary>
/// <remarks>
/// <para>
/// The rows are cut into chunks of consecutive rows, each a small part of the window, and the chunks come in random order. A window of as many
/// chunks as it has room for then slides over them, one chunk a step, and each row chooses at random in which of the steps that see it
/// it comes. The rows of a step come in random order. So the first step begins with a full window, and from then on one chunk leaves and one
/// enters every time about as many rows as it holds have come: a source that reads chunks from a disk is asked for them evenly.
/// </para>
/// <para>A window of all rows has one step: a plain permutation, every order as likely as any other.</para>
/// </remarks>
internal static class WindowedShuffle
{
    /// <summary>Enough for every step to have rows from all over the source, and few enough for a chunk to be worth a read.</summary>
    private const int ChunksInWindow = 64;

    /// <summary>Puts the numbers from 0 to the number of rows - 1, each once, into a random order.</summary>
    /// <param name="rows">Receives the order.</param>
    /// <param name="window">The most rows that may be at hand at the same time, at least 1.</param>
    /// <param name="random">The random numbers of this order alone.</param>
    public static void Fill(Span<int> rows, int window, SeededRandom random) => Fill(rows, window, ChunkRows(window), random);

    /// <inheritdoc cref="Fill(Span{int}, int, SeededRandom)"/>
    /// <param name="rows">Receives the order.</param>
    /// <param name="window">The most rows that may be at hand at the same time, at least 1.</param>
    /// <param name="chunkRows">The rows of a chunk, at least 1; the window has room for one chunk in any case.</param>
    /// <param name="random">The random numbers of this order alone.</param>
    public static void Fill(Span<int> rows, int window, int chunkRows, SeededRandom random)
    {
        if (window >= rows.Length)
        {
            RowNumbers.Fill(rows);
            random.Shuffle(rows);
            return;
        }

        int visible = Math.Max(1, window / chunkRows);
        int[] chunks = new int[(rows.Length - 1) / chunkRows + 1];
        RowNumbers.Fill(chunks);
        random.At(Address.Chunks).Shuffle(chunks);
        int[] ends = Place(rows, chunks, chunkRows, visible, random.At(Address.Steps));
        int start = 0;
        for (int step = 0; step < ends.Length; step++)
        {
            random.At(Address.Places).At(step).Shuffle(rows[start..ends[step]]);
            start = ends[step];
        }
    }

    /// <summary>The rows of a chunk of this window.</summary>
    public static int ChunkRows(long window) => (int)Math.Max(1, window / ChunksInWindow);

    /// <summary>Sorts the rows by the steps in which they come; returns where each step ends.</summary>
    private static int[] Place(Span<int> rows, int[] chunks, int chunkRows, int visible, SeededRandom random)
    {
        int steps = chunks.Length - visible + 1;
        int[] next = new int[steps + 1];
        for (int position = 0; position < chunks.Length; position++)
        {
            (int first, int end) = Chunk(chunks[position], rows.Length);
            for (int row = first; row < end; row++)
            {
                next[Step(position, row) + 1]++;
            }
        }

        for (int step = 1; step <= steps; step++)
        {
            next[step] += next[step - 1];
        }

        // The steps are drawn again, for that is cheaper than to remember them.
        for (int position = 0; position < chunks.Length; position++)
        {
            (int first, int end) = Chunk(chunks[position], rows.Length);
            for (int row = first; row < end; row++)
            {
                rows[next[Step(position, row)]++] = row;
            }
        }

        return next[..steps];

        (int First, int End) Chunk(int number, int count) => (number * chunkRows, (int)Math.Min(count, (number + 1L) * chunkRows));

        // Step s sees the chunks at the positions s to s + visible - 1; the first and the last step take what would come before and after them.
        int Step(int position, int row) => Math.Clamp(position - random.Below(visible, row), 0, steps - 1);
    }

    private static class Address
    {
        public const int Chunks = 0;
        public const int Steps = 1;
        public const int Places = 2;
    }
}
