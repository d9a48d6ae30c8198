using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The values of features in some training rows, evenly spread over all, sorted; without missing and infinite ones.</summary>
internal sealed class FeatureSample
{
    private const int MostRows = 10_000;
    private const int LeastRows = 1000;

    /// <summary>Where there are very many features, fewer rows, 64 MiB at most.</summary>
    private const int MostValues = 1 << 24;

    private readonly float[][] _values;

    /// <summary>The rows that the values are of; null where these do not matter: all have one weight, and targets are not asked for.</summary>
    private readonly int[][]? _rows;

    private readonly float[] _weights;
    private readonly SampledTargets? _targets;

    private FeatureSample(float[][] values, int[][]? rows, float[] weights, SampledTargets? targets)
    {
        (_values, _rows, _weights, _targets) = (values, rows, weights, targets);
        for (int j = 0; j < values.Length; j++)
        {
            // Sorting pairs takes much longer.
            if (rows is null)
            {
                Array.Sort(values[j]);
            }
            else
            {
                Array.Sort(values[j], rows[j]);
            }
        }
    }

    /// <summary>Reads the sample.</summary>
    /// <param name="rows">The training rows; those without weight do not count.</param>
    /// <param name="features">The features, ascending; of others there are no values.</param>
    /// <param name="loss">What the targets are for, if <see cref="TreeEnds"/> is to know them; else null.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeatureSample Of(IRowSource rows, int[] features, Loss? loss, CancellationToken cancellationToken)
    {
        const int RowsAtOnce = 256;
        int[] numbers = NumbersOf(rows, features.Length);
        int count = numbers.Length;
        int[] kept = new int[rows.FeatureCount];
        float[][] values = [.. kept.Select(_ => (float[])[])];
        int[][] rowsOf = [.. kept.Select(_ => (int[])[])];
        Array.ForEach(features, j => (values[j], rowsOf[j]) = (new float[count], new int[count]));
        float[] weights = new float[count];
        float[]? targets = loss is null ? null : new float[checked(count * rows.TargetCount)];
        float[] row = new float[rows.FeatureCount];
        var batch = new RowBatch(rows);
        for (int first = 0; first < count; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            rows.GatherAll(numbers.AsSpan(first, Math.Min(RowsAtOnce, count - first)), batch);
            for (int i = 0; i < batch.Count; i++)
            {
                Read(batch, i, row);
                weights[first + i] = batch.Weights[i];
                foreach (int j in batch.Weights[i] > 0 ? features : [])
                {
                    if (float.IsFinite(row[j]))
                    {
                        values[j][kept[j]] = row[j];
                        rowsOf[j][kept[j]++] = first + i;
                    }
                }

                Forget(batch, i, row);
            }

            if (targets is not null)
            {
                batch.Targets.CopyTo(targets.AsSpan(first * rows.TargetCount));
            }
        }

        for (int j = 0; j < kept.Length; j++)
        {
            Array.Resize(ref values[j], kept[j]);
            Array.Resize(ref rowsOf[j], kept[j]);
        }

        bool rowsMatter = targets is not null || Array.Exists(weights, weight => weight != weights[0]);
        return new(values, rowsMatter ? rowsOf : null, weights, targets is null ? null : SampledTargets.Of(loss!, targets, weights));
    }

    /// <summary>The rows that a sample has, evenly spread over all, ascending.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="features">The number of features that are looked at.</param>
    /// <remarks>One of each of so many equal stretches, at random: every second row could be another kind of row.</remarks>
    public static int[] NumbersOf(IRowSource rows, int features)
    {
        int count = Math.Min(rows.Count, Math.Clamp(MostValues / Math.Max(1, features), LeastRows, MostRows));
        var random = new SeededRandom(count);
        int FirstOf(int stretch) => (int)((long)stretch * rows.Count / count);
        return [.. Enumerable.Range(0, count).Select(i => FirstOf(i) + random.Below(FirstOf(i + 1) - FirstOf(i), i))];
    }

    /// <summary>Writes a row whose features are all zero until then.</summary>
    private static void Read(RowBatch batch, int number, float[] row)
    {
        if (!batch.IsSparse)
        {
            batch.FeaturesOf(number).CopyTo(row);
            return;
        }

        ReadOnlySpan<int> indices = batch.SparseFeatures.Indices(number);
        for (int n = 0; n < indices.Length; n++)
        {
            row[indices[n]] = batch.SparseFeatures.Values(number)[n];
        }
    }

    /// <summary>Makes the features of a sparse row zero again.</summary>
    private static void Forget(RowBatch batch, int number, float[] row)
    {
        foreach (int j in batch.IsSparse ? batch.SparseFeatures.Indices(number) : [])
        {
            row[j] = 0;
        }
    }

    /// <summary>Whether some row of the sample has a value of the feature.</summary>
    public bool Has(int feature) => _values[feature].Length > 0;

    /// <summary>The quantiles number 0 to <paramref name="parts"/> of a feature: the least values that 0, 1, ... parts of the rows do not exceed.</summary>
    /// <param name="feature">One that has values.</param>
    /// <param name="parts">At least 1.</param>
    public float[] Quantiles(int feature, int parts)
    {
        float[] values = _values[feature];
        double total = Enumerable.Range(0, values.Length).Sum(i => (double)WeightOf(feature, i)), sum = WeightOf(feature, 0);
        float[] quantiles = new float[parts + 1];
        for (int part = 0, i = 0; part <= parts; part++)
        {
            while (sum < total * part / parts && i + 1 < values.Length)
            {
                sum += WeightOf(feature, ++i);
            }

            quantiles[part] = values[i];
        }

        quantiles[parts] = values[^1];
        return quantiles;
    }

    /// <summary>The ends of bins of equally many rows, ascending.</summary>
    /// <param name="feature">One that has values.</param>
    /// <param name="bins">The most bins but for those of frequent values, at least 1.</param>
    /// <returns>
    /// All different values if there are no more than one for each end. Else a value that has as many rows as a bin should have stands alone: it is an end,
    /// and so are its neighbours. The others are cut at quantiles.
    /// </returns>
    public float[] BinEnds(int feature, int bins)
    {
        (float[] values, float[] weights) = Different(feature);
        if (values.Length <= bins + 1)
        {
            return values;
        }

        double left = weights.Sum(weight => (double)weight);
        int binsLeft = bins;
        bool[] isFrequent = new bool[values.Length];
        for (bool found = true; found && binsLeft > 1;)
        {
            found = false;
            double enough = left / binsLeft;
            for (int i = 0; i < values.Length && binsLeft > 1; i++)
            {
                if (!isFrequent[i] && weights[i] >= enough)
                {
                    (isFrequent[i], found) = (true, true);
                    left -= weights[i];
                    binsLeft--;
                }
            }
        }

        var ends = new SortedSet<float> { values[0], values[^1] };
        double sum = 0;
        for (int i = 0, part = 1; i < values.Length; i++)
        {
            if (isFrequent[i])
            {
                ends.UnionWith(values[Math.Max(0, i - 1)..Math.Min(values.Length, i + 2)]);
                continue;
            }

            sum += weights[i];
            if (sum >= left * part / binsLeft)
            {
                ends.Add(values[i]);
                part = (int)(sum * binsLeft / left) + 1;
            }
        }

        return [.. ends];
    }

    /// <summary>The ends of bins in which the targets differ as little as may be, ascending: see <see cref="FeatureTree"/>.</summary>
    /// <param name="feature">One that has values.</param>
    /// <param name="bins">The most bins, at least 2.</param>
    /// <returns>
    /// All different values if there are no more than one for each end; <see cref="BinEnds"/> if the tree finds nothing to cut at; else least value, cuts and
    /// greatest value.
    /// </returns>
    public float[] TreeEnds(int feature, int bins)
    {
        float[] values = _values[feature];
        float[] different = Different(feature).Values;
        if (different.Length <= bins + 1)
        {
            return different;
        }

        float[] cuts = new FeatureTree(values, _rows![feature], _targets!).Cuts(bins);
        return cuts.Length == 0 ? BinEnds(feature, bins) : [values[0], .. cuts, values[^1]];
    }

    /// <summary>For some values of a feature the share of the rows that are below, and half of those that are there.</summary>
    /// <param name="feature">One that has values.</param>
    /// <param name="at">Some of its values, ascending.</param>
    public double[] MiddleRanks(int feature, float[] at)
    {
        (float[] values, float[] weights) = Different(feature);
        double below = 0, total = weights.Sum(weight => (double)weight);
        double[] ranks = new double[at.Length];
        for (int i = 0, next = 0; i < values.Length && next < at.Length; i++)
        {
            if (values[i] == at[next])
            {
                ranks[next++] = (below + weights[i] / 2.0) / total;
            }

            below += weights[i];
        }

        return ranks;
    }

    private float WeightOf(int feature, int i) => _weights[_rows is null ? 0 : _rows[feature][i]];

    /// <summary>The different values of a feature, ascending, and how much weight each has.</summary>
    private (float[] Values, float[] Weights) Different(int feature)
    {
        List<float> values = [], weights = [];
        for (int i = 0; i < _values[feature].Length; i++)
        {
            if (values.Count == 0 || _values[feature][i] > values[^1])
            {
                values.Add(_values[feature][i]);
                weights.Add(0);
            }

            weights[^1] += WeightOf(feature, i);
        }

        return ([.. values], [.. weights]);
    }
}
