using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>Draws some of many.</summary>
internal static class RowSample
{
    /// <summary>At most <paramref name="wanted"/> different numbers from 0 to <paramref name="count"/> - 1, ascending.</summary>
    public static int[] Draw(int count, int wanted, SeededRandom random)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        if (wanted >= count)
        {
            return numbers;
        }

        random.Shuffle(numbers);
        Array.Resize(ref numbers, wanted);
        Array.Sort(numbers);
        return numbers;
    }
}
