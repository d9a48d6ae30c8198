namespace MlNetMlp;

/// <summary>
/// Cuts the axis of one feature where that leaves the least squared distance of the targets from their mean within each piece, one cut after the other,
/// each time in the piece where a cut gains most: a regression tree, or for classes one by Gini impurity.
/// </summary>
/// <remarks>
/// With weighted sums s_k of the targets and W of the weights over the rows of a piece, a cut gains <c>sum_k s_k^2 / W</c> of both sides less that of the
/// whole. Both sides have at least 64 rows. Of cuts that gain the same the first counts. (Breiman, Friedman, Olshen and Stone, Classification and Regression
/// Trees, 1984; grown best first.)
/// </remarks>
/// <param name="values">The values of the feature, ascending.</param>
/// <param name="rows">The row of each value.</param>
/// <param name="targets">The targets of the rows.</param>
internal sealed class FeatureTree(float[] values, int[] rows, SampledTargets targets)
{
    private const int LeastRows = 64;

    /// <summary>A gain of less, relative to the whole, is rounding.</summary>
    private const double LeastGain = 1e-9;

    private readonly double[] _left = new double[targets.Outputs];
    private readonly double[] _right = new double[targets.Outputs];

    /// <summary>The places of the cuts, ascending, each between two values; none if no cut gains anything.</summary>
    /// <param name="pieces">The most pieces.</param>
    public float[] Cuts(int pieces)
    {
        var cuts = new SortedSet<float>();
        var open = new List<Piece> { BestOf(0, values.Length) };
        while (cuts.Count + 1 < pieces && open.MaxBy(piece => piece.Gain) is { Gain: > 0 } piece)
        {
            open.Remove(piece);
            open.Add(BestOf(piece.First, piece.Cut));
            open.Add(BestOf(piece.Cut, piece.End));
            float lower = values[piece.Cut - 1], upper = values[piece.Cut];
            cuts.Add((float)(((double)lower + upper) / 2));
        }

        return [.. cuts];
    }

    /// <summary>The best cut of the values from number <paramref name="first"/> to before <paramref name="end"/>.</summary>
    private Piece BestOf(int first, int end)
    {
        double leftWeight = 0, leftSquares = 0, rightWeight = 0, rightSquares = 0;
        Array.Clear(_left);
        Array.Clear(_right);
        for (int i = first; i < end; i++)
        {
            targets.Add(rows[i], 1, _right, ref rightWeight, ref rightSquares);
        }

        double whole = rightSquares / rightWeight;
        var best = new Piece(first, end, 0, 0);
        for (int cut = first + 1; cut <= end - LeastRows; cut++)
        {
            targets.Add(rows[cut - 1], 1, _left, ref leftWeight, ref leftSquares);
            targets.Add(rows[cut - 1], -1, _right, ref rightWeight, ref rightSquares);
            double gain = (leftSquares / leftWeight) + (rightSquares / rightWeight) - whole;
            if (cut - first >= LeastRows && values[cut] > values[cut - 1] && gain > best.Gain && gain > LeastGain * (leftWeight + rightWeight))
            {
                best = new(first, end, cut, gain);
            }
        }

        return best;
    }

    /// <summary>The values from number First to before End, which are best cut before number Cut; a gain of 0: nowhere.</summary>
    private sealed record Piece(int First, int End, int Cut, double Gain);
}
