using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Steps that shards have made on their own since they last had the same memory.</summary>
/// <param name="Count">K, the number of steps of each, at least 1.</param>
/// <param name="Shards">S, the number of shards, at least 2.</param>
/// <param name="SquareShare">The <see cref="StepContext.SquareShare"/> of these steps.</param>
internal readonly record struct LocalSteps(int Count, int Shards, float SquareShare)
{
    /// <summary>Elements that four passes go over in turns: few enough to stay in a cache.</summary>
    private const int AtOnce = 4096;

    /// <summary>
    /// Corrects running means of squares, averaged over the shards, to what the gradients of all shards together would have left.
    /// </summary>
    /// <remarks>
    /// The square of a shard's gradient has S times the noise of that of all shards: <c>V = g^2 + n</c> in place of <c>g^2 + n / S</c>. The square of the mean
    /// over shards and k steps has less of it: <c>G^2 = g^2 + n / (S k)</c>. So <c>w V + (1 - w) G^2</c> with <c>w = (k - 1) / (S k - 1)</c> is what is
    /// wanted. V and G are what the running means took in since the steps began, k is the number of equal weights that is as noisy as the weights of G. (Two
    /// sizes of batches tell signal from noise: Sam McCandlish, Jared Kaplan and Dario Amodei, An Empirical Model of Large-Batch Training, 2018, appendix A.)
    /// </remarks>
    /// <param name="beta1">How much of the mean is kept in a step.</param>
    /// <param name="beta2">How much of the mean of squares is kept in a step.</param>
    /// <param name="meanBefore">The running means of gradients before the steps.</param>
    /// <param name="squareBefore">The running means of squares before the steps.</param>
    /// <param name="mean">The running means of gradients now, averaged over the shards.</param>
    /// <param name="square">The running means of squares now, averaged over the shards; receives the corrected ones.</param>
    /// <returns>
    /// The share of squares that counts in the next local steps, so that these do not bring in what has just been taken out: the sum of the corrected squares
    /// divided by that of V, from 1 / S to 1.
    /// </returns>
    public float CorrectSquares(
        float beta1, float beta2, ReadOnlySpan<float> meanBefore, ReadOnlySpan<float> squareBefore, ReadOnlySpan<float> mean, Span<float> square)
    {
        double kept1 = Math.Pow(beta1, Count), kept2 = Math.Pow(beta2, Count);
        double k = (1 - kept1) * (1 + beta1) / ((1 - beta1) * (1 + kept1));
        double w = Math.Max(0, k - 1) / (Shards * k - 1);

        // V is what is found, divided by the share; as w is at most 1 / S, and the share at least that, no term of the new square is negative.
        var takenIn = new TakenIn(kept2);
        double share = w / SquareShare;
        var newTerms = new NewTerms(share, kept1, (1 - kept2) * (1 - w) / ((1 - kept1) * (1 - kept1)));
        var withOldTerm = new WithOldTerm(kept2 * (1 - share));
        double found = 0, corrected = 0;
        for (int first = 0; first < square.Length; first += AtOnce)
        {
            int count = Math.Min(AtOnce, square.Length - first);
            ReadOnlySpan<float> oldMean = meanBefore.Slice(first, count), oldSquare = squareBefore.Slice(first, count), newMean = mean.Slice(first, count);
            Span<float> newSquare = square.Slice(first, count);
            found += OrderedSum.Of(takenIn, newSquare, oldSquare, oldSquare);
            DoubleMath.Apply(newTerms, newSquare, newMean, oldMean, newSquare);
            DoubleMath.Apply(withOldTerm, newSquare, oldSquare, oldSquare, newSquare);
            corrected += OrderedSum.Of(takenIn, newSquare, oldSquare, oldSquare);
        }

        return found > 0 ? (float)Math.Clamp(corrected / found * SquareShare, 1.0 / Shards, 1) : SquareShare;
    }

    /// <summary>What a running mean has taken in, times a constant: <c>max(0, now - kept before)</c>.</summary>
    private readonly struct TakenIn(double kept) : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> now, Vector512<double> before, Vector512<double> same) =>
            Vector512.Max(Vector512<double>.Zero, now - before * kept);
    }

    /// <summary>
    /// A share of a mean of squares, and the square of what the mean has taken in: <c>share now + factor (mean - kept before)^2</c>. Zero stays: where an
    /// optimizer keeps no squares (Muon, of its matrices), there is nothing to correct.
    /// </summary>
    private readonly struct NewTerms(double share, double kept, double factor) : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> now, Vector512<double> mean, Vector512<double> before)
        {
            Vector512<double> taken = mean - before * kept;
            return Vector512.ConditionalSelect(Vector512.Equals(now, Vector512<double>.Zero), now, now * share + taken * taken * factor);
        }
    }

    /// <summary>Adds what is kept of the mean of squares before: <c>square + kept before</c>.</summary>
    private readonly struct WithOldTerm(double kept) : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> square, Vector512<double> before, Vector512<double> same) => square + before * kept;
    }
}
