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

    /// <summary>The sum of the weights of the training rows.</summary>
    public double TotalWeight { get; }

    /// <summary>The sum of the weights of the validation rows; 0 if there are none.</summary>
    public double ValidationWeight { get; private init; }

    /// <summary>The class of each training row, none if it has no weight, if the options ask for balanced mini-batches; else null.</summary>
    public int[]? Classes { get; }

    /// <summary>
    /// Reads the training rows and, if there are any, the validation rows. A model that the training continues from keeps its own units: its
    /// weights depend on them.
    /// </summary>
    /// <param name="task">What is to be trained, its class weights in the weights of the rows.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <exception cref="ArgumentException">There are no rows, no positive weight, or a target that the loss does not know.</exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingSetup Of(TrainingTask task, CancellationToken cancellationToken)
    {
        TrainingSetup setup = OfTrainingRows(task, cancellationToken);
        return task.Validation is null ? setup : new(setup.Standardizer, setup.Targets, setup.TotalWeight, setup.Classes)
        {
            ValidationWeight = Scan(task, task.Validation, setup.Standardizer, "validation", (_, _) => { }, cancellationToken),
        };
    }

    /// <summary>The same for a sample of the rows: standardized alike, so that networks of several samples can be averaged.</summary>
    public TrainingSetup ForSample(BootstrapRows sample)
    {
        int[]? classes = Classes is null ? null : new int[sample.Count];
        for (int i = 0; i < classes?.Length; i++)
        {
            classes[i] = Classes![sample.Drawn[i]];
        }

        return new(Standardizer, Targets, sample.TotalWeight, classes) { ValidationWeight = ValidationWeight };
    }

    private static TrainingSetup OfTrainingRows(TrainingTask task, CancellationToken cancellationToken)
    {
        (IRowSource rows, Loss loss, MlpTrainingOptions options, MlpModel? initialModel) = (task.Rows, task.Loss, task.Options, task.InitialModel);
        bool isSparse = rows.AsSparse() is not null;
        ColumnMoments? features = isSparse ? null : new(rows.FeatureCount);
        SparseMoments? sparseFeatures = isSparse ? new(rows.FeatureCount) : null;
        var targets = new ColumnMoments(rows.TargetCount);
        var check = initialModel?.Standardizer.With(options.MissingValues, options.InfiniteValues)
            ?? FeatureStandardizer.AsGiven(rows.FeatureCount, options.MissingValues, options.InfiniteValues);
        int[]? classes = options.ClassBalancedBatches ? new int[rows.Count] : null;
        int row = 0;
        double totalWeight = Scan(task, rows, check, "training", (block, i) =>
        {
            ReadOnlySpan<float> y = block.TargetsOf(i);
            float weight = block.Weights[i];
            features?.Add(block.FeaturesOf(i), weight);
            sparseFeatures?.Add(block.Sparse!.Indices(i), block.Sparse.Values(i), weight);
            targets.Add(y, weight);
            if (classes is not null)
            {
                classes[row++] = weight > 0 ? ((ClassificationLoss)loss).ClassOf(y[0]) : ClassBalancedOrder.NoClass;
            }
        }, cancellationToken);

        if (initialModel is not null)
        {
            return new(check, initialModel.Targets, totalWeight, classes);
        }

        float[] mean = features?.Means() ?? sparseFeatures!.Means();
        (float[] offset, float[] scale) = !options.StandardizeFeatures ? (new float[mean.Length], Ones(mean.Length))
            : features is not null ? (mean, Inverse(features.Deviations()))
            : sparseFeatures!.Standardization();
        TargetUnits units = loss.TargetsAreValues && options.StandardizeTargets
            ? new TargetUnits(targets.Means(), [.. targets.Deviations().Select(deviation => deviation == 0 ? 1 : deviation)])
            : TargetUnits.AsGiven(task.Architecture.OutputSize);
        return new(new FeatureStandardizer(offset, scale, mean, options.MissingValues, options.InfiniteValues), units, totalWeight, classes);
    }

    /// <summary>Checks every row and returns the sum of the weights.</summary>
    private static double Scan(
        TrainingTask task, IRowSource source, FeatureStandardizer check, string name, Action<RowBlock, int> visit, CancellationToken cancellationToken)
    {
        TrainingChecks.CheckCount(source, name);
        var block = new RowBlock(source, RowsAtOnce, cancellationToken);
        float[] prepared = block.Sparse is null ? new float[RowsAtOnce * source.FeatureCount] : [];
        SparseFeatures? preparedSparse = block.Sparse is null ? null : new(source.FeatureCount);
        double total = 0;
        for (int first = 0; block.Read(first); first += block.Rows)
        {
            CheckFeatures(check, block, prepared, preparedSparse, first);
            for (int i = 0; i < block.Rows; i++)
            {
                task.Loss.CheckTargets(block.TargetsOf(i), task.Architecture.OutputSize, first + i);
                TrainingChecks.CheckWeight(block.Weights[i], first + i, name);
                visit(block, i);
                total += block.Weights[i];
            }
        }

        TrainingChecks.CheckTotalWeight(total, name);
        return total;
    }

    private static void CheckFeatures(FeatureStandardizer check, RowBlock block, Span<float> prepared, SparseFeatures? preparedSparse, int first)
    {
        try
        {
            if (preparedSparse is null)
            {
                check.Apply(block.Features, prepared, block.Rows);
                return;
            }

            preparedSparse.Clear();
            check.Apply(block.Sparse!, preparedSparse);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(first + exception.Row);
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
