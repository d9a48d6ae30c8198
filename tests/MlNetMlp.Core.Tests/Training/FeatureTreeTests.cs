namespace MlNetMlp.Core.Tests;

/// <summary>The cuts of a tree against those of a second one that tries every cut and computes every impurity anew, from its definition.</summary>
public sealed class FeatureTreeTests
{
    private const int Rows = 900;

    private static readonly Random _random = new(5);
    private static readonly float[] _values = [.. Enumerable.Range(0, Rows).Select(_ => MathF.Round(_random.NextSingle() * 300)).Order()];
    private static readonly int[] _rows = [.. Enumerable.Range(0, Rows).OrderBy(_ => _random.Next())];
    private static readonly float[] _noise = [.. Enumerable.Range(0, 2 * Rows).Select(_ => _random.NextSingle())];
    private static readonly float[] _weights = [.. Enumerable.Range(0, Rows).Select(i => i % 10 == 0 ? 0 : 0.5f + _random.NextSingle())];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    public void Cuts_OfNumbers_LeaveTheLeastSquares(int pieces)
    {
        float[] targets = new float[2 * Rows];
        for (int i = 0; i < Rows; i++)
        {
            // The second target is as large as it likes: each counts in its own units.
            targets[2 * _rows[i]] = MathF.Sin(_values[i] / 40) + _noise[i];
            targets[(2 * _rows[i]) + 1] = 5000 * (MathF.Abs(_values[i] - 150) + (100 * _noise[Rows + i]));
        }

        double[] deviations = [.. Enumerable.Range(0, 2).Select(k => Math.Sqrt(Squares(Enumerable.Range(0, Rows), row => targets[(2 * row) + k])
            / _weights.Sum(weight => (double)weight)))];
        float[] expected = Reference(pieces, rows => Enumerable.Range(0, 2).Sum(k => Squares(rows, row => targets[(2 * row) + k] / deviations[k])));
        Assert.Equal(expected, new FeatureTree(_values, _rows, SampledTargets.Of(new SquaredError(), targets, _weights)).Cuts(pieces));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    public void Cuts_OfClasses_LeaveTheLeastGiniImpurity(int pieces)
    {
        float[] targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            targets[_rows[i]] = (int)((_values[i] / 60) + (2 * _noise[i])) % 4;
        }

        float[] expected = Reference(pieces, rows => rows.Sum(row => (double)_weights[row])
            - rows.GroupBy(row => targets[row]).Sum(own => Math.Pow(own.Sum(row => (double)_weights[row]), 2)) / rows.Sum(row => (double)_weights[row]));
        Assert.Equal(expected, new FeatureTree(_values, _rows, SampledTargets.Of(new SoftmaxCrossEntropy(), targets, _weights)).Cuts(pieces));
    }

    private static double Squares(IEnumerable<int> rows, Func<int, double> value)
    {
        double mean = rows.Sum(row => _weights[row] * value(row)) / rows.Sum(row => (double)_weights[row]);
        return rows.Sum(row => _weights[row] * Math.Pow(value(row) - mean, 2));
    }

    private static float[] Reference(int pieces, Func<int[], double> impurity)
    {
        List<int> bounds = [0, Rows];
        while (bounds.Count <= pieces)
        {
            (double Gain, int Cut) best = (1e-6, -1);
            foreach ((int first, int end) in bounds.Zip(bounds.Skip(1)))
            {
                double whole = impurity(_rows[first..end]);
                for (int cut = first + 64; cut <= end - 64; cut++)
                {
                    double gain = _values[cut] > _values[cut - 1] ? whole - impurity(_rows[first..cut]) - impurity(_rows[cut..end]) : 0;
                    best = gain > best.Gain ? (gain, cut) : best;
                }
            }

            if (best.Cut < 0)
            {
                break;
            }

            bounds.Add(best.Cut);
            bounds.Sort();
        }

        return [.. bounds.Where(bound => bound is > 0 and < Rows).Select(bound => (_values[bound - 1] + _values[bound]) / 2)];
    }
}
