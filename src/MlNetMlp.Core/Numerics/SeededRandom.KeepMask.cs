namespace MlNetMlp.Numerics;

internal readonly partial struct SeededRandom
{
    /// <summary>
    /// Element <c>i</c> becomes <c>1 / keepProbability</c> where <c>Single(firstIndex + i)</c> is less than
    /// <paramref name="keepProbability"/>, and 0 elsewhere.
    /// </summary>
    /// <param name="values">The mask of inverted dropout; its mean is 1.</param>
    /// <param name="keepProbability">Greater than 0 and at most 1.</param>
    /// <param name="firstIndex">The index of the first element, so that a part of a mask can be made alone.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepProbability"/> is out of range.</exception>
    public void FillKeepMask(Span<float> values, float keepProbability, long firstIndex = 0)
    {
        if (!(keepProbability > 0 && keepProbability <= 1))
            Throw.KeepProbability(keepProbability);
        float kept = 1 / keepProbability;
        for (int i = 0; i < values.Length; i++)
            values[i] = Single(firstIndex + i) < keepProbability ? kept : 0;
    }
}
