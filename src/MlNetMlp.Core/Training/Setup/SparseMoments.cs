namespace MlNetMlp;

/// <summary>What the standardization of sparse rows needs of every feature: moments of the values that are not zero, and how often it is zero.</summary>
/// <remarks>
/// Mean and squares as in <see cref="ColumnMoments"/>; the zeros, which are never seen, join at the end. Values that are not finite are
/// left out.
/// </remarks>
internal sealed class SparseMoments(int features)
{
    private readonly double[] _weight = new double[features];
    private readonly double[] _mean = new double[features];
    private readonly double[] _squares = new double[features];
    private readonly double[] _missing = new double[features];
    private readonly int[] _seen = new int[features];
    private double _total;
    private int _rows;

    /// <summary>Takes in a row: the features that are not zero.</summary>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, float weight)
    {
        if (weight == 0)
        {
            return;
        }

        _total += weight;
        _rows++;
        for (int n = 0; n < indices.Length; n++)
        {
            int j = indices[n];
            _seen[j]++;
            if (!float.IsFinite(values[n]))
            {
                _missing[j] += weight;
                continue;
            }

            double distance = values[n] - _mean[j];
            _weight[j] += weight;
            _mean[j] += distance * weight / _weight[j];
            _squares[j] += weight * distance * (values[n] - _mean[j]);
        }
    }

    /// <summary>The mean of each feature, its zeros included; 0 where no value was finite.</summary>
    public float[] Means() => [.. Enumerable.Range(0, features).Select(j => (float)Mean(j))];

    /// <summary>The map that leaves what is mostly zero so; see <see cref="SparseRows"/>.</summary>
    public (float[] Offset, float[] Scale) Standardization()
    {
        float[] offset = new float[features], scale = new float[features];
        for (int j = 0; j < features; j++)
        {
            double zeros = Zeros(j), all = _weight[j] + zeros;
            bool isCentred = _weight[j] > zeros;
            double square = !(_weight[j] > 0) ? 0
                : isCentred ? (_squares[j] + _mean[j] * _mean[j] * _weight[j] * zeros / all) / all
                : _squares[j] / _weight[j] + _mean[j] * _mean[j];
            float size = (float)Math.Sqrt(square);

            // As for dense rows: what has no size cannot be scaled, and what no row had never reaches weights that did not learn from it.
            scale[j] = float.IsFinite(size) && float.IsFinite(1 / size) ? 1 / size : 0;
            offset[j] = isCentred ? (float)Mean(j) : 0;
        }

        return (offset, scale);
    }

    private double Mean(int j) => _weight[j] > 0 ? _mean[j] * _weight[j] / (_weight[j] + Zeros(j)) : 0;

    /// <summary>The weight of the rows in which the feature is zero; exactly 0 if there is none, for the sums round differently.</summary>
    private double Zeros(int j) => _seen[j] == _rows ? 0 : _total - _weight[j] - _missing[j];
}
