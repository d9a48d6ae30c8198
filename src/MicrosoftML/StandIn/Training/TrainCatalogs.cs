namespace Microsoft.ML;

/// <summary>What the catalogs of the machine learning tasks have in common.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private readonly HostEnvironment _environment;
    private protected TrainCatalogBase(HostEnvironment environment) => _environment = environment;
    IHostEnvironment IInternalCatalog.Environment => _environment;

    /// <summary>Trains on all folds but one, and evaluates on that one, for each fold.</summary>
    private protected IReadOnlyList<CrossValidationResult<TMetrics>> CrossValidate<TMetrics>(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string samplingKeyColumnName, int? seed,
        Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        Check.Value(estimator, nameof(estimator));
        var folds = new DataOperationsCatalog(_environment).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return [.. folds.Select((fold, i) =>
        {
            var model = estimator.Fit(fold.TrainSet);
            var scored = model is IScopedTransformer chain
                ? chain.Transform(fold.TestSet, TransformerScope.Everything)
                : model.Transform(fold.TestSet);
            return new CrossValidationResult<TMetrics>(model, evaluate(scored), scored, i);
        })];
    }

    /// <summary>The model, the scored rows and the metrics of one fold.</summary>
    public sealed class CrossValidationResult<T> where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scored, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scored;
            Fold = fold;
        }
    }

    /// <summary>What the trainers' catalogs have in common; the trainers are extension methods.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;
        IHostEnvironment IInternalCatalog.Environment => Owner._environment;
        internal TrainCatalogBase Owner { get; }
    }
}

/// <summary>Two classes.</summary>
public sealed class BinaryClassificationCatalog : TrainCatalogBase
{
    internal BinaryClassificationCatalog(HostEnvironment environment) : base(environment)
        => Trainers = new BinaryClassificationTrainers(this);

    public BinaryClassificationTrainers Trainers { get; }

    public CalibratedBinaryClassificationMetrics Evaluate(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string predictedLabelColumnName = "PredictedLabel")
        => new(ScoredRows.Binary(
            data, labelColumnName, scoreColumnName, Check.NonEmpty(probabilityColumnName, nameof(probabilityColumnName)), predictedLabelColumnName));

    public BinaryClassificationMetrics EvaluateNonCalibrated(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
        => new(ScoredRows.Binary(data, labelColumnName, scoreColumnName, null, predictedLabelColumnName));

    public IReadOnlyList<CrossValidationResult<BinaryClassificationMetrics>> CrossValidateNonCalibrated(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(
            data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => EvaluateNonCalibrated(scored, labelColumnName));

    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    /// <summary>The trainers of this task.</summary>
    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers(BinaryClassificationCatalog catalog) : base(catalog) { }
    }
}

/// <summary>Many classes.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(HostEnvironment environment) : base(environment)
        => Trainers = new MulticlassClassificationTrainers(this);

    public MulticlassClassificationTrainers Trainers { get; }

    public MulticlassClassificationMetrics Evaluate(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        Check.Param(topKPredictionCount >= 0, nameof(topKPredictionCount), "The number of predictions cannot be negative");
        var rows = ScoredRows.Multiclass(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
        var score = data.Schema[scoreColumnName];
        string[] names = score.HasSlotNames()
            ? [.. score.SlotNames().Select(name => name.ToString())]
            : [.. Enumerable.Range(0, score.Type.ValueCount()).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new(rows, names, topKPredictionCount);
    }

    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    /// <summary>The trainers of this task.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog) : base(catalog) { }
    }
}

/// <summary>Numbers.</summary>
public sealed class RegressionCatalog : TrainCatalogBase
{
    internal RegressionCatalog(HostEnvironment environment) : base(environment) => Trainers = new RegressionTrainers(this);
    public RegressionTrainers Trainers { get; }

    public RegressionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
        => new(ScoredRows.Regression(data, labelColumnName, scoreColumnName));

    public IReadOnlyList<CrossValidationResult<RegressionMetrics>> CrossValidate(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    /// <summary>The trainers of this task.</summary>
    public sealed class RegressionTrainers : CatalogInstantiatorBase
    {
        internal RegressionTrainers(RegressionCatalog catalog) : base(catalog) { }
    }
}
