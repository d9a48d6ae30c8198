namespace MlNetMlp;

/// <summary>What one pass over the training rows, before the first epoch, finds out: checks, moments, the sum of the weights.</summary>
internal sealed class TrainingSetup
{
    private const int RowsAtOnce = 16;

    private TrainingSetup(FeatureStandardizer standardizer, TargetUnits targets, double totalWeight, int[]? classes)
    {
        Standardizer = standardizer;
        Targets = targets;
        TotalWeight = totalWeight;
        Classes = classes;
    }

    public FeatureStandardizer Standardizer { get; }

    public TargetUnits Targets { get; }

    public double TotalWeight { get; }

    /// <summary>The class of each training row, none if it has no weight, if the options ask for balanced mini-batches; else null.</summary>
    public int[]? Classes { get; }

    /// <summary>Measures the training rows. A model that the training continues from keeps its own units: its weights depend on them.</summary>
    /// <exception cref="ArgumentException">There are no rows, no positive weight, or a target that the loss does not know.</exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    public static TrainingSetup Measure(IRowSource rows, int outputs, Loss loss, MlpTrainingOptions options, MlpModel? initialModel)
    {
        var features = new ColumnMoments(rows.FeatureCount);
        var targets = new ColumnMoments(rows.TargetCount);
        var check = initialModel?.Standardizer.With(options.MissingValues, options.InfiniteValues)
            ?? FeatureStandardizer.AsGiven(rows.FeatureCount, options.MissingValues, options.InfiniteValues);
        int[]? classes = options.ClassBalancedBatches ? new int[rows.Count] : null;
        int row = 0;
        double totalWeight = Scan(rows, outputs, loss, check, "training", (x, y, weight) =>
        {
            features.Add(x, weight);
            targets.Add(y, weight);
            if (classes is not null)
            {
                classes[row++] = weight > 0 ? ((ClassificationLoss)loss).ClassOf(y[0]) : ClassBalancedOrder.NoClass;
            }
        });

        if (initialModel is not null)
        {
            return new(check, initialModel.Targets, totalWeight, classes);
        }

        float[] mean = features.Means();
        float[] offset = options.StandardizeFeatures ? mean : new float[mean.Length];
        float[] scale = options.StandardizeFeatures ? Inverse(features.Deviations()) : Ones(mean.Length);
        TargetUnits units = loss.TargetsAreValues && options.StandardizeTargets
            ? new TargetUnits(targets.Means(), [.. targets.Deviations().Select(deviation => deviation == 0 ? 1 : deviation)])
            : TargetUnits.AsGiven(outputs);
        return new(new FeatureStandardizer(offset, scale, mean, options.MissingValues, options.InfiniteValues), units, totalWeight, classes);
    }

    /// <summary>The same for a sample of the rows: standardized alike, so that networks of several samples can be averaged.</summary>
    public TrainingSetup ForSample(BootstrapRows sample)
    {
        int[]? classes = Classes is null ? null : new int[sample.Count];
        for (int i = 0; i < classes?.Length; i++)
        {
            classes[i] = Classes![sample.Drawn[i]];
        }

        return new(Standardizer, Targets, sample.TotalWeight, classes);
    }

    /// <summary>Checks the rows of a validation set and returns the sum of their weights.</summary>
    public double MeasureValidation(IRowSource rows, int outputs, Loss loss) => Scan(rows, outputs, loss, Standardizer, "validation", (_, _, _) => { });

    private delegate void RowVisitor(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight);

    private static double Scan(IRowSource source, int outputs, Loss loss, FeatureStandardizer check, string name, RowVisitor visit)
    {
        if (source.Count == 0)
        {
            throw new ArgumentException($"There are no {name} rows; at least 1 is needed.");
        }

        int d = source.FeatureCount, k = source.TargetCount;
        float[] features = new float[RowsAtOnce * d], prepared = new float[d], targets = new float[RowsAtOnce * k], weights = new float[RowsAtOnce];
        Span<int> numbers = stackalloc int[RowsAtOnce];
        double total = 0;
        for (int first = 0; first < source.Count; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, source.Count - first);
            for (int i = 0; i < count; i++)
            {
                numbers[i] = first + i;
            }

            source.Gather(numbers[..count], features.AsSpan(0, count * d), targets.AsSpan(0, count * k), weights.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> x = features.AsSpan(i * d, d), y = targets.AsSpan(i * k, k);
                CheckFeatures(check, x, prepared, first + i);
                loss.CheckTargets(y, outputs, first + i);
                if (!(weights[i] >= 0 && float.IsFinite(weights[i])))
                {
                    throw new ArgumentException(FormattableString.Invariant($"Row {first + i} of the {name} rows has the weight {weights[i]}; finite numbers from 0 are allowed."));
                }

                visit(x, y, weights[i]);
                total += weights[i];
            }
        }

        return total > 0 ? total : throw new ArgumentException($"All {name} rows have the weight 0; at least one must have a positive weight.");
    }

    private static void CheckFeatures(FeatureStandardizer check, ReadOnlySpan<float> features, Span<float> prepared, int row)
    {
        try
        {
            check.Apply(features, prepared, 1);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(row);
        }
    }

    /// <summary>A column without any spread is multiplied by zero: whatever value it takes later cannot reach weights that never learned from it.</summary>
    private static float[] Inverse(float[] deviations) => [.. deviations.Select(deviation => deviation == 0 ? 0 : 1 / deviation)];

    private static float[] Ones(int length)
    {
        float[] ones = new float[length];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
