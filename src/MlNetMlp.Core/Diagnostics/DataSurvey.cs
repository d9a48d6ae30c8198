namespace MlNetMlp;

/// <summary>What one pass over all training rows tells of them.</summary>
internal sealed class DataSurvey
{
    private const int RowsAtOnce = 64;

    private readonly long[] _missing;

    private DataSurvey(IRowSource rows, int classes)
    {
        Count = rows.Count;
        _missing = new long[rows.FeatureCount];
        ClassTotals = new double[classes];
    }

    public int Count { get; }

    /// <summary>The mean of each feature.</summary>
    public float[] FeatureMeans { get; private set; } = [];

    /// <summary>The standard deviation of each feature; 0 if it is constant.</summary>
    public float[] FeatureDeviations { get; private set; } = [];

    public float[] TargetMeans { get; private set; } = [];

    public float[] TargetDeviations { get; private set; } = [];

    /// <summary>The weight of the rows of each class; empty if there are no classes.</summary>
    public double[] ClassTotals { get; }

    /// <summary>The share of the rows in which a feature is missing.</summary>
    public double MissingShare(int feature) => (double)_missing[feature] / Count;

    /// <summary>Reads all rows once.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DataSurvey Of(IRowSource rows, Loss loss, int outputs, CancellationToken cancellationToken)
    {
        var classification = loss as ClassificationLoss;
        var survey = new DataSurvey(rows, classification?.ClassCount(outputs) ?? 0);
        ColumnMoments features = new(rows.FeatureCount), targets = new(rows.TargetCount);
        float[] x = new float[RowsAtOnce * rows.FeatureCount], y = new float[RowsAtOnce * rows.TargetCount], weights = new float[RowsAtOnce];
        int[] numbers = new int[RowsAtOnce];
        for (int first = 0; first < rows.Count; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(RowsAtOnce, rows.Count - first);
            for (int i = 0; i < count; i++)
            {
                numbers[i] = first + i;
            }

            rows.Gather(numbers.AsSpan(0, count), x.AsSpan(0, count * rows.FeatureCount), y.AsSpan(0, count * rows.TargetCount), weights.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> row = x.AsSpan(i * rows.FeatureCount, rows.FeatureCount), target = y.AsSpan(i * rows.TargetCount, rows.TargetCount);
                loss.CheckTargets(target, outputs, first + i);
                features.Add(row, weights[i]);
                targets.Add(target, weights[i]);
                survey.CountMissing(row);
                if (classification is not null)
                {
                    survey.ClassTotals[classification.ClassOf(target[0])] += weights[i];
                }
            }
        }

        (survey.FeatureMeans, survey.FeatureDeviations) = (features.Means(), features.Deviations());
        (survey.TargetMeans, survey.TargetDeviations) = (targets.Means(), targets.Deviations());
        return survey;
    }

    private void CountMissing(ReadOnlySpan<float> row)
    {
        for (int j = 0; j < row.Length; j++)
        {
            _missing[j] += float.IsFinite(row[j]) ? 0 : 1;
        }
    }
}
