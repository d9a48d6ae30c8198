using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Mean, variance and range of columns, one row at a time, in double precision, without the values that are not finite.</summary>
/// <remarks>
/// Welford, Note on a Method for Calculating Corrected Sums of Squares and Products, 1962, with weights as in West, 1979. Of sparse rows the
/// values that are not zero are added up, and how often there are any; the zeros, which are never seen, join at the end.
/// </remarks>
/// <param name="columns">The number of columns.</param>
/// <param name="isSparse">Whether the rows come without their zeros.</param>
internal sealed class ColumnMoments(int columns, bool isSparse = false)
{
    private readonly double[] _weight = new double[MomentSums.Room(columns)];
    private readonly double[] _mean = new double[MomentSums.Room(columns)];
    private readonly double[] _squares = new double[MomentSums.Room(columns)];
    private readonly float[] _least = Filled(MomentSums.Room(columns), float.PositiveInfinity);
    private readonly float[] _greatest = Filled(MomentSums.Room(columns), float.NegativeInfinity);
    private readonly bool[] _isMissing = new bool[columns];
    private readonly bool[] _isNumber = new bool[columns];

    /// <summary>Of sparse rows alone: the weight and the number of those in which a column is not zero, its invalid values included.</summary>
    private readonly double[] _missing = new double[isSparse ? columns : 0];
    private readonly int[] _seen = new int[isSparse ? columns : 0];
    private double _total;
    private int _rows;
    private int _numbers;

    /// <summary>Takes in the features of a row of a batch.</summary>
    public void Add(RowBatch batch, int row)
    {
        if (isSparse)
        {
            Add(batch.SparseFeatures.Indices(row), batch.SparseFeatures.Values(row), batch.Weights[row]);
        }
        else
        {
            Add(batch.FeaturesOf(row), batch.Weights[row]);
        }
    }

    /// <summary>Takes in a row of which all columns are given.</summary>
    public void Add(ReadOnlySpan<float> row, float weight)
    {
        if (weight == 0)
        {
            return;
        }

        if (RowOps.AllFinite(row))
        {
            AddFinite(row, weight);
            return;
        }

        for (int j = 0; j < row.Length; j++)
        {
            if (float.IsFinite(row[j]))
            {
                Add(j, row[j], weight);
            }
            else
            {
                _isMissing[j] = true;
            }
        }
    }

    /// <summary>Whether a column is missing in some rows, and has a value in others.</summary>
    public bool IsSometimesMissing(int column) => _isMissing[column] && (_weight[column] > 0 || (isSparse && Zeros(column) > 0));

    /// <summary>Whether a column is never anything but 0 or 1, where it is not missing.</summary>
    public bool IsIndicator(int column) => !_isNumber[column];

    /// <summary>The least and the greatest value of each column; one without any value has no limits.</summary>
    public FeatureRanges Ranges()
    {
        float[] lower = _least[..columns], upper = _greatest[..columns];
        for (int j = 0; j < columns; j++)
        {
            if (isSparse && Zeros(j) > 0)
            {
                (lower[j], upper[j]) = (Math.Min(lower[j], 0), Math.Max(upper[j], 0));
            }
            else if (!(lower[j] <= upper[j]))
            {
                (lower[j], upper[j]) = (float.MinValue, float.MaxValue);
            }
        }

        return new(lower, upper);
    }

    /// <summary>The mean of each column; 0 where no value was finite.</summary>
    public float[] Means() => [.. Enumerable.Range(0, columns).Select(j => (float)Mean(j))];

    /// <summary>The root of the variance of each column of dense rows; 0 where it is constant, or too small beside 1 to be inverted.</summary>
    /// <remarks>
    /// Of a constant column exactly 0: the product of two floats is exact in double, so the first mean is the value itself and no later row has any
    /// distance from it.
    /// </remarks>
    public float[] Deviations() => [.. Enumerable.Range(0, columns).Select(j => Invertible(_weight[j] > 0 ? _squares[j] / _weight[j] : 0))];

    /// <summary>Whether a column of dense rows has the same value in all of them, which then is its mean, to the last bit.</summary>
    public bool IsConstant(int column) => _weight[column] > 0 && _squares[column] == 0;

    /// <summary>
    /// The map <c>(x - offset) scale</c> to mean 0 and variance 1; of sparse rows the one that leaves what is mostly zero so, see <see cref="SparseRows"/>.
    /// </summary>
    /// <remarks>
    /// A column without any spread is multiplied by zero: whatever value it takes later cannot reach weights that never learned from it.
    /// </remarks>
    public (float[] Offset, float[] Scale) Standardization()
    {
        float[] offset = Means(), size = isSparse ? new float[columns] : Deviations();
        for (int j = 0; j < _seen.Length; j++)
        {
            double zeros = Zeros(j), all = _weight[j] + zeros;
            bool isCentred = _weight[j] > zeros;
            size[j] = Invertible(!(_weight[j] > 0) ? 0
                : isCentred ? (_squares[j] + _mean[j] * _mean[j] * _weight[j] * zeros / all) / all
                : _squares[j] / _weight[j] + _mean[j] * _mean[j]);
            offset[j] = isCentred ? offset[j] : 0;
        }

        return (offset, [.. size.Select(value => value == 0 ? 0 : 1 / value)]);
    }

    /// <summary>Takes in a row without its zeros.</summary>
    private void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, float weight)
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
            if (float.IsFinite(values[n]))
            {
                Add(j, values[n], weight);
            }
            else
            {
                _isMissing[j] = true;
                _missing[j] += weight;
            }
        }
    }

    /// <summary>All columns at once, each as in <see cref="Add(int, float, float)"/>.</summary>
    private void AddFinite(ReadOnlySpan<float> row, float weight)
    {
        for (int j = 0; j < row.Length && _numbers < columns; j++)
        {
            NoteNumber(j, row[j]);
        }

        MomentSums.Add(row, weight, _weight, _mean, _squares, _least, _greatest);
    }

    private void NoteNumber(int column, float value)
    {
        if (!_isNumber[column] && value is not (0 or 1))
        {
            _isNumber[column] = true;
            _numbers++;
        }
    }

    private void Add(int column, float value, float weight)
    {
        NoteNumber(column, value);
        _least[column] = Math.Min(_least[column], value);
        _greatest[column] = Math.Max(_greatest[column], value);
        double distance = value - _mean[column];
        _weight[column] += weight;
        _mean[column] += distance * weight / _weight[column];
        _squares[column] += weight * distance * (value - _mean[column]);
    }

    private static float[] Filled(int count, float value)
    {
        float[] values = new float[count];
        values.AsSpan().Fill(value);
        return values;
    }

    private static float Invertible(double variance)
    {
        float root = (float)Math.Sqrt(variance);
        return float.IsFinite(root) && float.IsFinite(1 / root) ? root : 0;
    }

    private double Mean(int j) => !isSparse ? _mean[j] : _weight[j] > 0 ? _mean[j] * _weight[j] / (_weight[j] + Zeros(j)) : 0;

    /// <summary>The weight of the rows in which the column is zero; exactly 0 if there is none, for the sums round differently.</summary>
    private double Zeros(int j) => _seen[j] == _rows ? 0 : _total - _weight[j] - _missing[j];
}
