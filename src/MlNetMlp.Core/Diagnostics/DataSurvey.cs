namespace MlNetMlp.Diagnostics;

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
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            for (int i = 0; i < block.Count; i++)
            {
                ReadOnlySpan<float> row = block.FeaturesOf(i), target = block.TargetsOf(i);
                float weight = block.Weights[i];
                loss.CheckTargets(target, outputs, first + i);
                features.Add(row, weight);
                targets.Add(target, weight);
                survey.CountMissing(row);
                if (classification is not null)
                {
                    survey.ClassTotals[classification.ClassOf(target[0])] += weight;
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
