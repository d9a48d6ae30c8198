namespace MlNetMlp;

/// <summary>The values of features in some training rows, evenly spread over all, sorted; without missing and infinite ones.</summary>
internal sealed class FeatureSample
{
    private const int MostRows = 10_000;
    private const int LeastRows = 1000;

    /// <summary>Where there are very many features, fewer rows, 64 MiB at most.</summary>
    private const int MostValues = 1 << 24;

    private readonly float[][] _values;
    private readonly float[][] _weights;

    private FeatureSample(float[][] values, float[][] weights, bool[] isMissing) => (_values, _weights, IsMissing) = (values, weights, isMissing);

    /// <summary>Whether each feature is missing in some of the rows.</summary>
    public IReadOnlyList<bool> IsMissing { get; }

    /// <summary>Reads the sample.</summary>
    /// <param name="rows">The training rows; those without weight do not count.</param>
    /// <param name="features">The features, ascending; of others there are no values.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeatureSample Of(IRowSource rows, int[] features, CancellationToken cancellationToken)
    {
        const int RowsAtOnce = 256;
        int count = Math.Min(rows.Count, Math.Clamp(MostValues / Math.Max(1, features.Length), LeastRows, MostRows));
        int[] numbers = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows.Count / count))];
        int[] kept = new int[rows.FeatureCount];
        float[][] values = [.. kept.Select(_ => (float[])[])], weights = [.. kept.Select(_ => (float[])[])];
        Array.ForEach(features, j => (values[j], weights[j]) = (new float[count], new float[count]));
        bool[] isMissing = new bool[rows.FeatureCount];
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
                float weight = batch.Weights[i];
                foreach (int j in weight > 0 ? features : [])
                {
                    isMissing[j] |= !float.IsFinite(row[j]);
                    if (float.IsFinite(row[j]))
                    {
                        values[j][kept[j]] = row[j];
                        weights[j][kept[j]++] = weight;
                    }
                }

                Forget(batch, i, row);
            }
        }

        for (int j = 0; j < kept.Length; j++)
        {
            Array.Resize(ref values[j], kept[j]);
            Array.Resize(ref weights[j], kept[j]);
            Sort(values[j], weights[j]);
        }

        return new(values, weights, isMissing);
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

    /// <summary>Whether a feature is never anything but 0 or 1.</summary>
    public bool IsIndicator(int feature) => Array.TrueForAll(_values[feature], value => value is 0 or 1);

    /// <summary>The quantiles number 0 to <paramref name="parts"/> of a feature: the least values that 0, 1, ... parts of the rows do not exceed.</summary>
    /// <param name="feature">One that has values.</param>
    /// <param name="parts">At least 1.</param>
    public float[] Quantiles(int feature, int parts)
    {
        (float[] values, float[] weights) = (_values[feature], _weights[feature]);
        double total = weights.Sum(weight => (double)weight), sum = weights[0];
        float[] quantiles = new float[parts + 1];
        for (int part = 0, i = 0; part <= parts; part++)
        {
            while (sum < total * part / parts && i + 1 < values.Length)
            {
                sum += weights[++i];
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

            weights[^1] += _weights[feature][i];
        }

        return ([.. values], [.. weights]);
    }

    /// <summary>Sorting pairs takes much longer, and mostly all weights are the same.</summary>
    private static void Sort(float[] values, float[] weights)
    {
        if (Array.TrueForAll(weights, weight => weight == weights[0]))
        {
            Array.Sort(values);
        }
        else
        {
            Array.Sort(values, weights);
        }
    }
}
