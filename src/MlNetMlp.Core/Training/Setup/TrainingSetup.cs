namespace MlNetMlp;

/// <summary>What one pass over the training rows, before the first epoch, finds out: checks, moments, the sum of the weights.</summary>
internal sealed class TrainingSetup
{
    private const int RowsAtOnce = 16;

    /// <param name="architecture">The architecture with the encoding of the features.</param>
    /// <param name="standardizer">What is done to the features.</param>
    /// <param name="targets">The units of the targets.</param>
    /// <param name="totalWeight">The sum of the weights of the training rows.</param>
    /// <param name="classes">See <see cref="Classes"/>.</param>
    public TrainingSetup(MlpArchitecture architecture, FeatureStandardizer standardizer, TargetUnits targets, double totalWeight, int[]? classes)
    {
        Architecture = architecture;
        Standardizer = standardizer;
        Targets = targets;
        TotalWeight = totalWeight;
        Classes = classes;
    }

    /// <summary>The architecture of the task with the encoding of the features that was learned from the rows.</summary>
    public MlpArchitecture Architecture { get; }

    public FeatureStandardizer Standardizer { get; }

    public TargetUnits Targets { get; }

    /// <summary>The sum of the weights of the training rows.</summary>
    public double TotalWeight { get; }

    /// <summary>The number of training rows with a positive weight.</summary>
    public int RowsWithWeight { get; init; }

    /// <summary>The sum of the weights of the validation rows; 0 if there are none.</summary>
    public double ValidationWeight { get; init; }

    /// <summary>What no feature of the training and validation rows is larger than in size once it is standardized.</summary>
    public double LargestFeature { get; init; }

    /// <summary>The outputs that the training starts at, if it is a new network: see <see cref="MlpTrainingOptions.OutputBiasFromTargets"/>.</summary>
    public float[]? StartingOutputs { get; init; }

    /// <summary>The class of each training row, none if it has no weight, if the options ask for balanced mini-batches; else null.</summary>
    public int[]? Classes { get; }

    /// <summary>
    /// Reads the training rows and, if there are any, the validation rows. A model that the training continues from keeps its own units: its
    /// weights depend on them.
    /// </summary>
    /// <param name="task">What is to be trained, its class weights in the weights of the rows.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <exception cref="ArgumentException">There are no rows, no positive weight, or a target that the loss does not know.</exception>
    /// <exception cref="InvalidFeatureException">The options refuse a feature value.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingSetup Of(TrainingTask task, CancellationToken cancellationToken)
    {
        TrainingSetup setup = OfTrainingRows(task, cancellationToken);
        if (task.Validation is null)
        {
            return setup;
        }

        var largest = new LargestFeatures(task.Validation.FeatureCount);
        double weight = Scan(task, task.Validation, setup.Standardizer, "validation", largest.Add, cancellationToken);
        return new(setup.Architecture, setup.Standardizer, setup.Targets, setup.TotalWeight, setup.Classes)
        {
            RowsWithWeight = setup.RowsWithWeight,
            StartingOutputs = setup.StartingOutputs,
            ValidationWeight = weight,
            LargestFeature = Math.Max(setup.LargestFeature, largest.Standardized(setup.Standardizer)),
        };
    }

    /// <summary>The same for some of the rows: standardized alike, so that networks of several samples can be averaged.</summary>
    public TrainingSetup ForMember(MemberRows rows)
    {
        int[]? classes = Classes is null ? null : new int[rows.Training.Count];
        for (int i = 0; i < classes?.Length; i++)
        {
            classes[i] = Classes![rows.Training.Numbers[i]];
        }

        return new(Architecture, Standardizer, Targets, rows.Weight, classes)
        {
            ValidationWeight = rows.HeldOut is null ? ValidationWeight : rows.HeldOutWeight,
            StartingOutputs = StartingOutputs,
        };
    }

    private static TrainingSetup OfTrainingRows(TrainingTask task, CancellationToken cancellationToken)
    {
        (IRowSource rows, Loss loss, MlpTrainingOptions options, MlpModel? initialModel) = (task.Rows, task.Loss, task.Options, task.InitialModel);
        ColumnMoments features = new(rows.FeatureCount, rows.IsSparse), targets = new(rows.TargetCount);
        MlpModel? known = task.KnownModel;
        var check = known?.Standardizer.With(options.MissingValues, options.InfiniteValues)
            ?? FeatureStandardizer.AsGiven(rows.FeatureCount, options.MissingValues, options.InfiniteValues);
        int[]? classes = options.ClassBalancedBatches ? new int[rows.Count] : null;
        var categories = new CategoryCounts(task.CategoricalGroups, rows.FeatureCount);
        var largest = new LargestFeatures(rows.FeatureCount);
        bool startsAtConstant = options is { OutputBiasFromTargets: true, ClassBalancedBatches: false } && initialModel is null;
        TargetSample? sample = startsAtConstant ? new(rows.Count, rows.TargetCount) : null;
        ValueLimits? limits = task.ClampsPredictions ? ValueLimits.Of(rows.TargetCount) : null;
        int row = 0, withWeight = 0;
        double totalWeight = Scan(task, rows, check, "training", (block, i) =>
        {
            ReadOnlySpan<float> y = block.TargetsOf(i);
            float weight = block.Weights[i];
            features.Add(block, i);
            categories.Add(block, i);
            largest.Add(block, i);
            targets.Add(y, weight);
            sample?.Add(y, weight);
            if (weight > 0)
            {
                limits?.Include(y);
            }

            withWeight += weight > 0 ? 1 : 0;
            if (classes is not null)
            {
                classes[row++] = weight > 0 ? ((ClassificationLoss)loss).ClassOf(y[0]) : ClassBalancedOrder.NoClass;
            }
        }, cancellationToken);

        if (initialModel is not null)
        {
            if (limits is not null && initialModel.Targets.Limits is { } kept)
            {
                limits.Include(kept.Lower);
                limits.Include(kept.Upper);
            }

            FeatureRanges? ranges = features.Ranges().Including(initialModel.Standardizer.Ranges);
            return new(Prepared(task, initialModel), check.With(ranges), initialModel.Targets.With(limits), totalWeight, classes)
            {
                RowsWithWeight = withWeight,
                LargestFeature = largest.Standardized(check),
            };
        }

        TargetUnits units = loss.TargetsAreValues ? Units(targets, task.StandardizesTargets).With(limits) : TargetUnits.AsGiven(task.Architecture.OutputSize);
        if (known is not null)
        {
            return new(Prepared(task, known), check.With(features.Ranges()), units, totalWeight, classes)
            {
                RowsWithWeight = withWeight,
                StartingOutputs = sample?.BestConstant(loss, units, task.Architecture.OutputSize),
                LargestFeature = largest.Standardized(check),
            };
        }

        float[] mean = features.Means();
        (float[] offset, float[] scale) = Scaling(features, options.FeatureScaling);
        CategoryMap? map = categories.Prepare(options, rows.Count, offset, scale, mean);
        TrainingChecks.CheckSparseRows(task, map);
        FeaturePreparation preparation = FeaturePreparation.Fit(rows, loss, options, features, largest, map, offset, scale, cancellationToken).Behind(map);
        MlpArchitecture learned = task.Architecture with { Categories = map, Encoding = preparation.Encoding, Numbers = preparation.Numbers };
        FeatureStandardizer standardizer = new FeatureStandardizer(offset, scale, mean, options.MissingValues, options.InfiniteValues)
            .KeepingMissing(learned.ShownMissing).With(preparation.Quantiles).With(features.Ranges());
        Whitening? whitening = options.FeatureScaling.Whitens ? WhiteningFit.Of(rows, options.FeatureScaling, standardizer, cancellationToken) : null;
        var setup = new TrainingSetup(learned with { Whitening = whitening }, standardizer, units, totalWeight, classes)
        {
            RowsWithWeight = withWeight,
            StartingOutputs = sample?.BestConstant(loss, units, task.Architecture.OutputSize),
            LargestFeature = largest.Standardized(standardizer),
        };
        if (!(setup.LargestFeature <= float.MaxValue))
        {
            // Not every row is learned from, but each of them is to be scored.
            CheckFeatures(rows, standardizer, cancellationToken);
        }

        return setup;
    }

    /// <summary>The architecture of the task with what a model makes of its features.</summary>
    private static MlpArchitecture Prepared(TrainingTask task, MlpModel model) => task.Architecture.WithPreparationOf(model.Architecture) with
    {
        Categories = model.Architecture.Categories?.With(task.Options.CategoricalEmbedding, task.Rows.Count),
    };

    private static (float[] Offset, float[] Scale) Scaling(ColumnMoments features, FeatureScaling scaling)
    {
        (float[] offset, float[] scale) = features.Standardization();
        if (!scaling.Scales)
        {
            return (new float[offset.Length], Ones(offset.Length));
        }

        if (scaling.OnlyCenters)
        {
            scale = Array.ConvertAll(scale, factor => factor == 0 ? 0f : 1);
            scaling.AverageChannels(offset);
        }

        return (offset, scale);
    }

    private static void CheckFeatures(IRowSource rows, FeatureStandardizer standardizer, CancellationToken cancellationToken)
    {
        var prepared = new RowBatch(rows);
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            CheckFeatures(standardizer, rows, block, prepared, first);
        }
    }

    /// <summary>The units of targets that are values: a constant one is scored exactly, whether the others are standardized or not.</summary>
    private static TargetUnits Units(ColumnMoments targets, bool standardize)
    {
        float[] offset = targets.Means(), scale = targets.Deviations();
        for (int k = 0; k < scale.Length; k++)
        {
            bool isConstant = targets.IsConstant(k);
            offset[k] = standardize || isConstant ? offset[k] : 0;
            scale[k] = isConstant ? 0 : standardize && scale[k] != 0 ? scale[k] : 1;
        }

        return new(offset, scale);
    }

    /// <summary>Checks every row and returns the sum of the weights.</summary>
    private static double Scan(
        TrainingTask task, IRowSource source, FeatureStandardizer check, string name, Action<RowBatch, int> visit, CancellationToken cancellationToken)
    {
        TrainingChecks.CheckCount(source, name);
        var prepared = new RowBatch(source);
        double total = 0;
        foreach ((int first, RowBatch block) in source.InBlocks(RowsAtOnce, cancellationToken))
        {
            CheckFeatures(check, source, block, prepared, first);
            for (int i = 0; i < block.Count; i++)
            {
                int row = RowOrigin.Of(source, first + i).Row;
                task.Loss.CheckTargets(block.TargetsOf(i), task.Architecture.OutputSize, row);
                TrainingChecks.CheckWeight(block.Weights[i], row, name);
                visit(block, i);
                total += block.Weights[i];
            }
        }

        TrainingChecks.CheckTotalWeight(total, name);
        return total;
    }

    private static void CheckFeatures(FeatureStandardizer check, IRowSource source, RowBatch block, RowBatch prepared, int first)
    {
        try
        {
            prepared.Begin(block.Count);
            check.Apply(block, prepared, 0);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(source, first + exception.Row);
        }
    }

    private static float[] Ones(int length)
    {
        float[] ones = new float[length];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
