using System.Globalization;
using MlNetMlp.Networks;

namespace MlNetMlp;

/// <summary>Everything that refuses a training run because its parts do not go together.</summary>
internal static class TrainingChecks
{
    /// <summary>Refuses what does not fit together, before any row is read.</summary>
    /// <exception cref="ArgumentException">See the messages.</exception>
    public static void Check(TrainingTask task)
    {
        MlpTrainingOptions options = task.Options;
        CheckOptions(options, task.Architecture);
        task.Loss.CheckOutputCount(task.Architecture.OutputSize);
        CheckShape(task, task.Rows, "training");
        CheckBatchSize(options, task.Rows.Count);
        CheckShards(task);
        CheckCluster(options, task.Cluster);
        NetworkSize.Check(task.Architecture, options, task.BatchSize);
        if (task.Validation is not null)
        {
            CheckShape(task, task.Validation, "validation");
        }

        bool holdsOut = options.Ensemble?.HoldsOut == true;
        Refuse(holdsOut && task.Validation is not null,
            $"{nameof(options.Ensemble)} is {options.Ensemble}: each network is validated on training rows that it does not learn from. " +
            "No validation rows may be given beside; Ensemble.Seeds and Ensemble.Bagging(members) take them.");
        Refuse(holdsOut && task.Rows.Count < options.Ensemble!.FewestRows,
            FormattableString.Invariant($"{nameof(options.Ensemble)} is {options.Ensemble}, but there are {task.Rows.Count} training rows; ") +
            FormattableString.Invariant($"at least {options.Ensemble?.FewestRows} are needed."));
        Refuse(options.EarlyStopping is { Monitor: MonitoredQuantity.Metric } && task.Validation is null && !holdsOut,
            $"{nameof(EarlyStopping)}.{nameof(EarlyStopping.Monitor)} is {nameof(MonitoredQuantity.Metric)}, but there are no validation rows to " +
            $"evaluate; it must be {nameof(MonitoredQuantity.Loss)}, or rows must be given or set aside.");
        if (options.FeatureScaling.Problem(task.Architecture.InputSize) is { } unscalable)
        {
            throw new ArgumentException(unscalable);
        }

        string? problem = CategoricalGroup.Problem(task.CategoricalGroups, task.Architecture.InputSize);
        Refuse(problem is not null, $"{nameof(task.CategoricalGroups)} cannot be those of {task.Architecture.InputSize} features: {problem}.");
        CheckSparseRows(task, task.KnownModel is { } model ? model.Architecture.Categories
            : CategoryMap.Of(
                task.Architecture.InputSize, [.. task.CategoricalGroups],
                options.FeatureScaling.Whitens ? null : options.CategoricalEmbedding, task.Rows.Count));
        Refuse(task.RowGroups is not null && task.RowGroups.Count != task.Rows.Count && options.Ensemble?.KeepsGroups == true, FormattableString.Invariant(
            $"{nameof(task.RowGroups)} has the groups of {task.RowGroups?.Count} rows; there are {task.Rows.Count}."));
        options.Augmentation?.CheckFeatureCount(task.Architecture.InputSize);
        Refuse(options.ClassBalancedBatches && task.Loss is not ClassificationLoss,
            $"{nameof(options.ClassBalancedBatches)} is true, but {task.Loss} knows no classes; it must be false.");
        int asked = options.Ensemble?.SharedMembers ?? 1, members = task.Architecture.SharedMembers;
        Refuse(asked > 1 && asked != members, FormattableString.Invariant(
            $"{nameof(options.Ensemble)} is {options.Ensemble}, but {nameof(MlpArchitecture.SharedMembers)} of the architecture is {members}; ") +
            "it must be 1 or the same.");
        Refuse(options.Ensemble is { } ensemble && options.NumberOfEpochs < ensemble.FewestEpochs, FormattableString.Invariant(
            $"{nameof(options.Ensemble)} is {options.Ensemble}, which need an epoch each, but {nameof(options.NumberOfEpochs)} is ") +
            FormattableString.Invariant($"{options.NumberOfEpochs}; it must be at least {options.Ensemble?.FewestEpochs}."));
        Refuse(task.InitialModel is not null && options.TransferFrom is not null,
            $"{nameof(options.TransferFrom)} is {options.TransferFrom}, but the training continues from a model with its outputs; one of them must be null.");
        if (options.TransferFrom is { } source)
        {
            CheckTransfer(source, task.Architecture);
        }

        if (task.InitialModel is not null)
        {
            CheckInitialModel(task.InitialModel, task.Architecture, task.Loss, task.Options);
        }
    }

    /// <summary>Refuses a training that is to choose members, but has nothing to choose them by.</summary>
    /// <exception cref="ArgumentException">See <see cref="Ensemble.PrunedTo"/>; there are no validation rows.</exception>
    public static void CheckPruning(TrainingTask task)
    {
        Ensemble? ensemble = task.Options.Ensemble;
        Refuse(ensemble is { KeptSharedMembers: not null, HoldsOut: false } && task.Validation is null,
            $"{nameof(task.Options.Ensemble)} is {ensemble}, but there are no validation rows to choose members by; rows must be given or set aside " +
            $"(ValidationFraction in a trainer of ML.NET), or {nameof(Ensemble.PrunedTo)} left out.");
    }

    /// <summary>Refuses options that do not go together, or not with the hidden layers.</summary>
    /// <exception cref="ArgumentException">
    /// An optimizer that needs all rows for a step, together with <see cref="MlpTrainingOptions.GradientClipping"/>,
    /// <see cref="MlpTrainingOptions.WeightAveraging"/>, <see cref="MlpTrainingOptions.RateFactors"/>, <see cref="MlpTrainingOptions.DecayFactors"/>,
    /// <see cref="MlpTrainingOptions.Constraint"/>, <see cref="MlpTrainingOptions.OrthogonalityRegularization"/>,
    /// <see cref="MlpTrainingOptions.ClassBalancedBatches"/>, <see cref="MlpTrainingOptions.Augmentation"/>,
    /// <see cref="HiddenLayer.ActivityRegularization"/>, <see cref="HiddenLayer.Sparsity"/>, a penalty that is no number, or
    /// <see cref="BatchRenormalization"/>. A <see cref="FeatureScaling.WhitenPca"/> or
    /// <see cref="FeatureScaling.WhitenZca"/> together with <see cref="MlpTrainingOptions.NumericEmbedding"/> or
    /// <see cref="MlpTrainingOptions.MissingIndicators"/>. A <see cref="MlpTrainingOptions.BatchSize"/> of 1 together
    /// with a normalization over the rows of a mini-batch.
    /// </exception>
    public static void CheckOptions(MlpTrainingOptions options, MlpArchitecture architecture)
    {
        Refuse(options.BatchSize == 1 && architecture.NormalizesOverRows,
            $"BatchSize is 1, but {OverRows(architecture)}; BatchSize must be null or at least 2, or Normalization one of single rows, such as " +
            $"{nameof(LayerNormalization)}.");
        Refuse(options.FeatureScaling.Whitens && options.NumericEmbedding is not null,
            $"FeatureScaling is {options.FeatureScaling}, which mixes features; NumericEmbedding must be null with it, but is {options.NumericEmbedding}.");
        Refuse(options.FeatureScaling.Whitens && options.MissingIndicators,
            $"FeatureScaling is {options.FeatureScaling}, which mixes features; MissingIndicators must be false with it.");
        CheckShards(options, architecture);
        if (!options.Optimizer.NeedsAllRows)
        {
            return;
        }

        // A line search needs the slopes of the very function that is minimised.
        string optimizer = options.Optimizer.GetType().Name;
        Refuse(options.GradientClipping is not null,
            $"GradientClipping is set; with {optimizer} it must be null. The line search keeps steps from growing too long.");
        Refuse(options.RateFactors != new RateFactors(),
            $"RateFactors is {options.RateFactors}; with {optimizer}, which finds its steps without a rate, it must be left out.");
        Refuse(options.DecayFactors != new DecayFactors(),
            $"DecayFactors is {options.DecayFactors}; with {optimizer}, which has no weight decay, it must be left out.");
        Refuse(options.WeightAveraging is not null,
            $"WeightAveraging is {options.WeightAveraging}; with {optimizer}, whose steps are few and each better than the one before, it must be null.");
        Refuse(options.Constraint is not null, $"Constraint is {options.Constraint?.GetType().Name}; with {optimizer} it must be null.");
        Refuse(options.OutputConstraint is not null,
            $"OutputConstraint is {options.OutputConstraint?.GetType().Name}; with {optimizer} it must be null.");
        Refuse(!options.OrthogonalityRegularization.IsZero,
            $"OrthogonalityRegularization is {options.OrthogonalityRegularization.StrengthText}; with {optimizer} it must be 0, for its kinks would end the " +
            "line search.");
        CheckIsNumber(nameof(options.L1Regularization), options.L1Regularization, optimizer);
        CheckIsNumber(nameof(options.L2Regularization), options.L2Regularization, optimizer);
        CheckIsNumber(nameof(options.OutputL1Regularization), options.OutputL1Regularization, optimizer);
        CheckIsNumber(nameof(options.OutputL2Regularization), options.OutputL2Regularization, optimizer);
        Refuse(options.ClassBalancedBatches,
            $"ClassBalancedBatches is true; with {optimizer}, which looks at all rows at once, it must be false. ClassWeights.Balanced serves " +
            "the same end.");
        Refuse(options.Augmentation is not null,
            $"Augmentation is set; with {optimizer}, which needs the same rows in every iteration, it must be null.");
        for (int i = 0; i < architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer layer = architecture.HiddenLayers[i];
            string ofLayer = FormattableString.Invariant($" of hidden layer {i + 1}");
            Refuse(!layer.ActivityRegularization.IsZero,
                $"ActivityRegularization{ofLayer} is {layer.ActivityRegularization.StrengthText}; with {optimizer} it must be 0, for its kinks " +
                $"would end the line search.");
            Refuse(layer.Sparsity is not null,
                $"Sparsity{ofLayer} is {layer.Sparsity}; with {optimizer} it must be null, for it goes by the rates of mini-batches.");
            Refuse(layer.Constraint is not null, $"Constraint{ofLayer} is {layer.Constraint?.GetType().Name}; with {optimizer} it must be null.");
            Refuse(layer.OrthogonalityRegularization is { IsZero: false },
                $"OrthogonalityRegularization{ofLayer} is {layer.OrthogonalityRegularization?.StrengthText}; with {optimizer} it must be null or 0, for its " +
                "kinks would end the line search.");
            CheckIsNumber(nameof(layer.L1Regularization) + ofLayer, layer.L1Regularization, optimizer);
            CheckIsNumber(nameof(layer.L2Regularization) + ofLayer, layer.L2Regularization, optimizer);
            Refuse(layer.Normalization?.HasExactGradient == false,
                $"Normalization of hidden layer {i + 1} is BatchRenormalization, whose gradient is not the slope that the line search of " +
                $"{optimizer} needs; BatchNormalization is one for whole batches.");
        }
    }

    /// <summary>Refuses sparse rows for what needs dense ones.</summary>
    /// <param name="task">The training.</param>
    /// <param name="categories">What is made of categories.</param>
    /// <exception cref="ArgumentException">See <see cref="ProblemWithSparseRows"/>.</exception>
    public static void CheckSparseRows(TrainingTask task, CategoryMap? categories)
    {
        if (task.Rows.IsSparse && ProblemWithSparseRows(task.Architecture, task.Options, categories?.IsDense == true) is { } problem)
        {
            throw new ArgumentException(problem);
        }
    }

    /// <summary>What of an architecture and of options does not go with sparse rows, and why, in one sentence; null: nothing.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="becomeDense">Whether categories leave few columns, or may do so: then only augmentation and scaling can need dense rows.</param>
    /// <remarks>
    /// <see cref="MlpArchitecture.SharedMembers"/>, <see cref="MlpArchitecture.InputNoise"/>, a <see cref="MlpTrainingOptions.FeatureScaling"/> that
    /// moves zeros or mixes features, <see cref="MlpTrainingOptions.NumericEmbedding"/>,
    /// <see cref="MlpTrainingOptions.MissingIndicators"/>, <see cref="MlpTrainingOptions.Augmentation"/>,
    /// <see cref="MlpTrainingOptions.OrthogonalityRegularization"/>, and in the first hidden layer <see cref="HiddenLayer.Residual"/>,
    /// <see cref="HiddenLayer.DropConnect"/>, <see cref="WeightNormalization"/> and <see cref="CosineNormalization"/>: each of them would
    /// give every weight of the first layer, or every feature, something to do in every step.
    /// </remarks>
    public static string? ProblemWithSparseRows(MlpArchitecture architecture, MlpTrainingOptions options, bool becomeDense = false)
    {
        if (options.Augmentation is not null)
        {
            return "Augmentation is set; with sparse rows it must be null, for it changes dense rows.";
        }

        if (!options.FeatureScaling.TakesSparse)
        {
            return $"FeatureScaling is {options.FeatureScaling}; with sparse rows it must be another, for it would leave few features zero.";
        }

        if (becomeDense)
        {
            return null;
        }

        HiddenLayer? first = architecture.HiddenLayers.Count > 0 ? architecture.HiddenLayers[0] : null;
        return architecture.SharedMembers > 1
            ? FormattableString.Invariant($"SharedMembers is {architecture.SharedMembers} (Ensemble.Shared); with sparse rows it must be 1, for ") +
                "the scales of the inputs need the gradients of all of them."
            : architecture.InputNoise > 0
            ? FormattableString.Invariant($"InputNoise is {architecture.InputNoise}; with sparse rows it must be 0, for it would leave no feature zero.")
            : options.NumericEmbedding is not null
                ? $"NumericEmbedding is {options.NumericEmbedding}; with sparse rows it must be null, for it would leave few features zero."
            : options.MissingIndicators ? "MissingIndicators is true; with sparse rows it must be false, for it needs dense ones."
            : !options.OrthogonalityRegularization.IsZero
                ? $"OrthogonalityRegularization is {options.OrthogonalityRegularization.StrengthText}; with sparse rows it must be 0, for its gradient " +
                    "concerns all weights."
            : first is null ? null
            : first.OrthogonalityRegularization is { IsZero: false }
                ? $"OrthogonalityRegularization of the first hidden layer is {first.OrthogonalityRegularization.StrengthText}; with sparse rows it must be " +
                    "null or 0, for its gradient concerns all weights."
            : first.Residual
                ? "Residual of the first hidden layer is true; with sparse rows it must be false, for the inputs would have to be added as dense ones."
            : first.DropConnect > 0 ? FormattableString.Invariant(
                $"DropConnect of the first hidden layer is {first.DropConnect}; with sparse rows it must be 0, for it draws all weights.")
            : first.Normalization?.NeedsAllWeights == true
                ? $"Normalization of the first hidden layer is {first.Normalization.GetType().Name}; with sparse rows it must be " +
                    "another, for this one computes the lengths of all weights."
            : null;
    }

    /// <summary>Refuses sparse rows for what examines dense ones.</summary>
    /// <exception cref="ArgumentException">The training rows are sparse.</exception>
    public static void RefuseSparseRows(TrainingTask task) =>
        Refuse(task.Rows.IsSparse, "The rows are sparse; only dense ones, such as InMemoryRows, can be examined.");

    /// <summary>Refuses a source without rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">What they are for, for example <c>training</c>.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static void CheckCount(IRowSource rows, string name) =>
        Refuse(rows.Count == 0, $"There are no {name} rows; at least 1 is needed.");

    /// <summary>Refuses the weight of a row that is not a finite number of at least 0.</summary>
    /// <exception cref="ArgumentException">It is negative, infinite or NaN.</exception>
    public static void CheckWeight(float weight, int row, string name)
    {
        if (!(weight >= 0 && float.IsFinite(weight)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Row {row} (from 0) of the {name} rows has the weight {weight}; finite numbers from 0 are allowed."));
        }
    }

    /// <summary>Refuses rows that all have the weight 0.</summary>
    /// <exception cref="ArgumentException">The sum of their weights is 0.</exception>
    public static void CheckTotalWeight(double total, string name) =>
        Refuse(!(total > 0), $"All {name} rows have the weight 0; at least one must have a positive weight.");

    /// <summary>Refuses training rows that a normalization over rows makes nothing of.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="count">The number of training rows.</param>
    /// <param name="withWeight">How many of them have a positive weight.</param>
    /// <exception cref="ArgumentException">There are less than two.</exception>
    public static void CheckRowsToNormalize(MlpArchitecture architecture, int count, int withWeight) =>
        Refuse(withWeight < 2 && architecture.NormalizesOverRows,
            $"Only {withWeight} of {count} training rows has a positive weight, but {OverRows(architecture)}; at least 2 rows are needed, or " +
            $"Normalization must be one of single rows, such as {nameof(LayerNormalization)}.");

    /// <summary>Says which layer needs several rows, and what for.</summary>
    private static string OverRows(MlpArchitecture architecture)
    {
        (int i, HiddenLayer layer) = architecture.HiddenLayers.Index().FirstOrDefault(pair => pair.Item.Normalization?.IsOverRows == true);
        return $"Normalization of hidden layer {i + 1} is {layer?.Normalization?.GetType().Name}, which takes mean and deviation over the rows of a mini-batch";
    }

    private static void CheckShape(TrainingTask task, IRowSource rows, string name)
    {
        int targets = task.Loss.TargetCount(task.Architecture.OutputSize);
        Refuse(rows.FeatureCount != task.Architecture.InputSize || rows.TargetCount != targets,
            $"The {name} rows have {rows.FeatureCount} features and {rows.TargetCount} targets, but the network {task} needs " +
            $"{task.Architecture.InputSize} and {targets}.");
    }

    private static void CheckBatchSize(MlpTrainingOptions options, int rows) => Refuse(options.Optimizer.NeedsAllRows && options.BatchSize < rows,
        $"BatchSize is {options.BatchSize}, but {options.Optimizer.GetType().Name} looks at all {rows} training rows at once; it must be null " +
        $"or at least {rows}.");

    /// <summary>Refuses what looks at more than the rows of a shard.</summary>
    private static void CheckShards(MlpTrainingOptions options, MlpArchitecture architecture)
    {
        Refuse(options.LocalSteps > 1 && options.GradientPrecision != GradientPrecision.Full, FormattableString.Invariant(
            $"GradientPrecision is {options.GradientPrecision}, but with {options.LocalSteps} {nameof(options.LocalSteps)} no gradients are exchanged; ") +
            $"it must be {GradientPrecision.Full}, or {nameof(options.LocalSteps)} 1.");
        if (options.Shards == 1)
        {
            Refuse(options.LocalSteps > 1, FormattableString.Invariant(
                $"{nameof(options.LocalSteps)} is {options.LocalSteps}, but there is one shard, which exchanges nothing; it must be 1, or Shards greater."));
            Refuse(options.GradientPrecision != GradientPrecision.Full,
                $"GradientPrecision is {options.GradientPrecision}, but there is one shard, which exchanges nothing; it must be {GradientPrecision.Full}, " +
                "or Shards greater.");
            return;
        }

        string shards = FormattableString.Invariant($"with {options.Shards} {nameof(options.Shards)}");
        Refuse(architecture.NormalizesOverRows,
            $"{OverRows(architecture)}; {shards} Normalization must be one of single rows, such as {nameof(LayerNormalization)}.");
        Refuse(options.Optimizer.NeedsAllRows,
            $"Optimizer is {options.Optimizer.GetType().Name}, which needs all rows for a step; {shards} it must be one of mini-batches.");
        Refuse(options.ClassBalancedBatches, $"ClassBalancedBatches is true, which needs the classes of all rows; {shards} it must be false.");
        for (int i = 0; i < architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer layer = architecture.HiddenLayers[i];
            Refuse(!layer.ActivityRegularization.IsZero, FormattableString.Invariant(
                $"ActivityRegularization of hidden layer {i + 1} is {layer.ActivityRegularization.StrengthText}; {shards} it must be 0."));
            Refuse(layer.Sparsity is not null, FormattableString.Invariant($"Sparsity of hidden layer {i + 1} is {layer.Sparsity}; {shards} it must be null."));
        }
    }

    /// <summary>Refuses what cannot be computed where the rows are on several machines.</summary>
    /// <exception cref="ArgumentException">There are such machines, and <see cref="MlpTrainingOptions.Metric"/> is set.</exception>
    public static void CheckCluster(MlpTrainingOptions options, ITrainingCluster? cluster) => Refuse(options.Metric is not null && cluster is not null,
        $"Metric is {options.Metric}, a function of all rows at once, but with Cluster they are on several machines; one of them must be null.");

    private static void CheckShards(TrainingTask task)
    {
        (int shards, int rows, int batchSize) = (task.Options.Shards, task.Rows.Count, task.BatchSize);
        Refuse(shards > 1 && task.Rows.IsSparse, FormattableString.Invariant(
            $"The rows are sparse; with {shards} {nameof(task.Options.Shards)} they must be dense (SparseFeatures = false in a trainer of ML.NET)."));
        Refuse(rows > 0 && shards > rows, FormattableString.Invariant($"{nameof(task.Options.Shards)} is {shards}, but there are {rows} training rows."));
        Refuse(rows > batchSize && batchSize % shards != 0, FormattableString.Invariant(
            $"BatchSize is {batchSize}, but {nameof(task.Options.Shards)} is {shards}, and every shard gives a mini-batch as many rows; BatchSize must be a ") +
            FormattableString.Invariant($"multiple of {shards}, for example {(batchSize + shards - 1) / shards * shards}."));
    }

    /// <summary>Refuses a model to continue from whose parameters would mean something else.</summary>
    /// <param name="model">The model.</param>
    /// <param name="architecture">The network that is asked for.</param>
    /// <param name="loss">The loss that is asked for.</param>
    /// <param name="options">The options of the training.</param>
    /// <param name="parameter">The name of the argument that the model came as, or null.</param>
    /// <exception cref="ArgumentException">It does not fit; the message names the option.</exception>
    public static void CheckInitialModel(
        MlpModel model, MlpArchitecture architecture, Loss loss, MlpTrainingOptions options, string? parameter = null)
    {
        Ensemble? ensemble = options.EnsembleOfNetworks;
        int networks = model.Networks.Count;
        Refuse(!(ensemble?.CanContinueFrom(networks) ?? networks == 1),
            $"The training continues from a model of {networks} networks, but {nameof(MlpTrainingOptions.Ensemble)} asks for " +
            $"{ensemble?.Members ?? 1}; it must be as many, for each of them is trained further.", parameter);
        string? difference = Difference(model, architecture, loss);
        Refuse(difference is not null,
            $"The model that the training continues from does not fit: {difference}. What the parameters belong to has to stay as it was; dropout, noise, " +
            "penalties, initial weights and biases, how batch statistics are collected, and the settings of the loss may change.", parameter);
        Refuse(!options.FeatureScaling.Scales && (model.Standardizer.Offset.ContainsAnyExcept(0f) || model.Standardizer.Scale.ContainsAnyExcept(1f)),
            "FeatureScaling is None, but the model that the training continues from scales its features, and keeps doing so; leave it out.",
            parameter);
        Refuse(loss.TargetsAreValues && !loss.StandardizesTargets && model.Targets.ScoringScale.ContainsAnyExcept(1f, 0f),
            "StandardizeTargets is false, but the model that the training continues from learned standardized targets, and keeps doing so; leave it true.",
            parameter);
    }

    /// <summary>Refuses a network whose hidden layers are not those that are asked for.</summary>
    private static void CheckTransfer(MlpModel model, MlpArchitecture architecture)
    {
        const string Name = nameof(MlpTrainingOptions.TransferFrom);
        Refuse(model.FeatureCount != architecture.InputSize,
            $"{Name} has {model.FeatureCount} features, but the rows have {architecture.InputSize}; they must be the same, in the same order.");
        string? difference = HiddenDifference(model.Architecture, architecture);
        Refuse(difference is not null,
            $"{Name} does not fit: {difference}. Hidden layers must be the same, for their parameters are copied; dropout, noise and penalties may differ.");
    }

    /// <summary>The first thing that parameters belong to and that differs from those of the model, in words; null: nothing.</summary>
    private static string? Difference(MlpModel model, MlpArchitecture asked, Loss loss)
    {
        MlpArchitecture had = model.Architecture;
        if (had.HiddenLayers.Count != asked.HiddenLayers.Count || had.InputSize != asked.InputSize || had.OutputSize != asked.OutputSize)
        {
            return $"it is a network {had}, and the options ask for {asked}";
        }

        return HiddenDifference(had, asked) ?? (model.Loss.GetType() == loss.GetType() && model.Loss.CustomName == loss.CustomName ? null
            : $"it was trained with {model.Loss}, and the options ask for {loss}");
    }

    /// <summary>The same of hidden layers, and of members that share them.</summary>
    private static string? HiddenDifference(MlpArchitecture had, MlpArchitecture asked)
    {
        if (had.HiddenLayers.Count != asked.HiddenLayers.Count)
        {
            return FormattableString.Invariant($"it has {had.HiddenLayers.Count} hidden layers, and the options ask for {asked.HiddenLayers.Count}");
        }

        if (had.SharedMembers != asked.SharedMembers)
        {
            return FormattableString.Invariant(
                $"it has {had.SharedMembers} shared members, and the options ask for {asked.SharedMembers} ({nameof(Ensemble)}.{nameof(Ensemble.Shared)})");
        }

        for (int i = 0; i < had.HiddenLayers.Count; i++)
        {
            HiddenLayer before = had.HiddenLayers[i], now = asked.HiddenLayers[i];
            (string Option, object? Before, object? Now)[] options =
            [
                (nameof(HiddenLayer.Units), before.Units, now.Units),
                (nameof(HiddenLayer.Activation), Learned(before.Activation), Learned(now.Activation)),
                (nameof(HiddenLayer.Normalization), before.Normalization?.Learned, now.Normalization?.Learned),
                (nameof(HiddenLayer.Residual), before.Residual, now.Residual),
            ];
            if (Array.Find(options, option => !Equals(option.Before, option.Now)) is { Option: { } name } different)
            {
                return FormattableString.Invariant(
                    $"{name} of hidden layer {i + 1} is {different.Before ?? "null"} in it, and {different.Now ?? "null"} in the options");
            }
        }

        return null;
    }

    /// <summary>The activation without what only matters to a new network.</summary>
    private static Activation Learned(Activation activation) => activation is PReluActivation ? Activation.PRelu() : activation;

    /// <summary>A line search needs the same function in every iteration.</summary>
    private static void CheckIsNumber(string option, Schedule? strength, string optimizer) => Refuse(strength is { IsConstant: false },
        $"{option} is {strength}; with {optimizer}, which needs the same function in every iteration, it must be a number.");

    private static void Refuse(bool isWrong, string message, string? parameter = null)
    {
        if (isWrong)
        {
            throw new ArgumentException(message, parameter);
        }
    }
}
