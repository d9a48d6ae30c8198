using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How much each row of a mini-batch counts in its mean and variance: <c>w / sum of all w</c>, so that a row of weight 2 counts as two rows, and one of
/// weight 0 as none.
/// </summary>
/// <param name="maximumRows">The largest mini-batch.</param>
internal sealed class RowShares(int maximumRows)
{
    /// <summary>Weights that are nearer to those of a single row leave nothing to tell a variance by.</summary>
    private const double LeastRowsBesideOne = 1e-6;

    private readonly float[] _shares = new float[maximumRows];

    /// <summary>Whether all rows count the same.</summary>
    public bool AreEqual { get; private set; }

    /// <summary>Whether two rows at least have weight: else there is no variance.</summary>
    public bool HaveVariance { get; private set; }

    /// <summary>The sum of the weights as the rows were given.</summary>
    public double Weight { get; private set; }

    /// <summary>
    /// The number n of rows that the weights amount to, for the factor <c>n / (n - 1)</c> of an unbiased variance: their sum; or, where that is more,
    /// <c>(sum w)^2 / sum w^2</c>, which does not depend on the unit of weights that were never meant to count rows. (Kish, Survey Sampling, 1965.)
    /// </summary>
    public double Rows { get; private set; }

    /// <summary>The share of a row; all of them come to 1, or to 0 if no row has any weight.</summary>
    public float this[int row] => _shares[row];

    /// <summary>The shares of all rows.</summary>
    public ReadOnlySpan<float> Values => _shares;

    /// <summary>Takes the weights of the rows of a pass.</summary>
    public void Take(in Pass pass, int rows)
    {
        double sum = 0, squares = 0;
        AreEqual = true;
        for (int i = 0; i < rows; i++)
        {
            float weight = pass.WeightOf(i);
            sum += weight;
            squares += (double)weight * weight;
            AreEqual &= weight == pass.WeightOf(0);
        }

        double effective = sum > 0 ? AreEqual ? rows : sum * sum / squares : 0;
        HaveVariance = effective > 1 + LeastRowsBesideOne;
        Weight = sum / pass.WeightOfOne;
        Rows = Math.Max(Weight, effective);
        for (int i = 0; i < rows; i++)
        {
            _shares[i] = !(sum > 0) ? 0 : AreEqual ? 1f / rows : (float)(pass.WeightOf(i) / sum);
        }
    }
}
