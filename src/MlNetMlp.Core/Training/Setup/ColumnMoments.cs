namespace MlNetMlp;

/// <summary>Mean and variance of columns, one row at a time, in double precision, without the values that are not finite.</summary>
/// <remarks>Welford, Note on a Method for Calculating Corrected Sums of Squares and Products, 1962, with weights as in West, 1979.</remarks>
internal sealed class ColumnMoments(int columns)
{
    private readonly double[] _weight = new double[columns];
    private readonly double[] _mean = new double[columns];
    private readonly double[] _squares = new double[columns];

    public void Add(ReadOnlySpan<float> row, float weight)
    {
        if (weight == 0)
        {
            return;
        }

        for (int j = 0; j < row.Length; j++)
        {
            float value = row[j];
            if (!float.IsFinite(value))
            {
                continue;
            }

            double distance = value - _mean[j];
            _weight[j] += weight;
            _mean[j] += distance * weight / _weight[j];
            _squares[j] += weight * distance * (value - _mean[j]);
        }
    }

    /// <summary>The mean of each column; 0 where no value was finite.</summary>
    public float[] Means() => [.. _mean.Select(mean => (float)mean)];

    /// <summary>The root of the variance of each column; 0 where it is constant, or too small beside 1 to be inverted.</summary>
    public float[] Deviations()
    {
        var deviations = new float[columns];
        for (int j = 0; j < columns; j++)
        {
            // A constant column gives exactly 0: the product of two floats is exact in double, so the first mean is the value itself and
            // no later row has any distance from it.
            float deviation = _weight[j] > 0 ? (float)Math.Sqrt(_squares[j] / _weight[j]) : 0;
            deviations[j] = float.IsFinite(1 / deviation) && float.IsFinite(deviation) ? deviation : 0;
        }

        return deviations;
    }
}
