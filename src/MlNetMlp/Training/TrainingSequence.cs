using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>One <c>Fit</c>, step by step.</summary>
internal sealed partial class TrainingSequence(IHost host, MlpTask task, MlpTrainerOptions options)
{
    private readonly TrainerColumns _columns = new(options, task);

    /// <summary>The options with all that <see cref="Effort"/> chooses, once the number of rows is known.</summary>
    private MlpTrainerOptions Chosen
    {
        get => field ?? options;
        set;
    }

    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">The validation rows, or null.</param>
    /// <param name="initial">The model to continue from, or null.</param>
    /// <param name="layer">The number of the last hidden layer that the network must have.</param>
    public MlpPredictionTransformer Fit(IDataView trainData, IDataView? validationData, MlpModelParameters? initial, int layer = 0)
    {
        _columns.Check(trainData.Schema, nameof(trainData));
        DataViewSchema.Column label = _columns.Label(trainData.Schema), features = _columns.Features(trainData.Schema);
        var featureType = (VectorDataViewType)features.Type;
        int outputs = task.OutputCount(label);
        CheckLoss(label, outputs);
        options.Augmentation?.CheckFeatureCount(featureType.Size);
        LabelNames? names = task.OutputNames(label);
        bool isVector = task == MlpTask.Multiclass || label.Type is VectorDataViewType;
        if (validationData is not null)
        {
            CheckSameColumns(trainData.Schema, validationData.Schema);
            CheckTakesValidation();
        }

        if (initial is not null)
        {
            CheckInitial(initial, featureType, outputs, isVector, names);
        }

        // Drawn in any case, so that whatever comes after in a program does not depend on a file that may be there.
        int drawn = options.Seed ?? DrawSeed();
        options.Checkpoint?.CheckFree();
        CheckpointSummary? saved = options.Checkpoint?.Find();
        int seed = options.Seed ?? saved?.Seed ?? drawn;
        MlpArchitecture architecture = options.Architecture(featureType.Size, outputs);
        NetworkSize.Check(architecture, options);
        using IChannel channel = host.Start("Training");
        using var reader = new RowReader(task, _columns, options, channel);
        CategoricalGroup[] groups = Groups(features, channel);
        SplitRows rows = ReadRows(
            reader, trainData, validationData, seed, initial, needsTwoClasses: initial is null, IsSparse(architecture, initial, groups), groups);
        (IRowSource training, IRowSource? validation) = (rows.Training, rows.Validation);
        architecture = Chosen.Architecture(featureType.Size, outputs);
        if (architecture.HiddenLayers.Count < layer)
        {
            throw new ArgumentOutOfRangeException(nameof(layer), layer, FormattableString.Invariant(
                $"For these rows the effort {options.Effort} chooses the network {architecture} with {architecture.HiddenLayers.Count} hidden layers; ") +
                $"set {nameof(options.HiddenLayers)} to have others.");
        }

        channel.Info(MessageSensitivity.Schema,
            $"Training {architecture}{(Chosen.EnsembleOfNetworks is { } ensemble ? $", {ensemble}," : "")} on {training.Count} rows" + (validation is null
                ? "." : $", validating on {validation.Count}."));

        string[] effort = [.. EffortNote.Lines(options, Chosen, rows.Read.Rows.Count, training.IsSparse)];
        Array.ForEach(effort, line => channel.Info(MessageSensitivity.None, line));

        if (training.IsSparse)
        {
            channel.Info(MessageSensitivity.None,
                "Most features are zero: the rows are kept, and learned from, without their zeros. " +
                $"{nameof(MlpTrainerOptions.SparseFeatures)} = false prevents it.");
        }

        if (saved is not null)
        {
            string member = saved.Members > 1 ? $" of member {saved.Member} of {saved.Members}" : "";
            channel.Info(MessageSensitivity.None,
                $"Continuing after epoch {saved.Epoch} of {saved.NumberOfEpochs}{member} from the checkpoint '{options.Checkpoint!.Path}'.");
        }

        bool holdsOut = Chosen.Ensemble?.HoldsOut == true;
        using var log = new EpochLog(host, channel, options.Metric?.Name ?? options.TaskLoss.MetricName, validation is not null || holdsOut, options.Progress);
        MlpTrainingResult result;
        try
        {
            result = MlpTrainer.Train(new TrainingTask(architecture, options.TaskLoss, training)
            {
                Validation = validation,
                CategoricalGroups = groups,
                RowGroups = Chosen.Ensemble?.KeepsGroups == true ? rows.Read.Roles?.Groups : null,
                Options = Chosen with { Seed = seed },
                InitialModel = initial?.Network,
                ScoringPasses = options.MonteCarloDropout,
                Progress = log,
                AfterEpoch = options.AfterEpoch,
                Cluster = options.Cluster,
                CancellationToken = options.CancellationToken,
            });
        }
        catch (InvalidFeatureException exception)
        {
            throw rows.Refusal(exception, features);
        }
        catch (TrainingDivergedException exception) when (exception.InnerException is InvalidFeatureException feature)
        {
            throw exception.With(feature, $"The feature is {SlotNames.Describe(features, feature.Feature)} of column '{features.Name}'.");
        }

        if (result.Model.Targets.ConstantCount is > 0 and var constants)
        {
            string which = outputs == 1 ? "All labels" : $"The labels in {constants} of {outputs} slots";
            channel.Warning(
                MessageSensitivity.Schema,
                $"{which} of column '{label.Name}' are the same in all training rows: the scores are exactly that, whatever the features.");
        }

        if (result.Model.Architecture.Categories is { } categories)
        {
            channel.Info(MessageSensitivity.Schema, $"The network knows {categories}; the ranges of column '{features.Name}' are {groups.Length}.");
        }

        string[] end = [.. result.Sentences()];
        Array.ForEach([.. result.Model.Summary().Features, .. end], line => channel.Info(MessageSensitivity.None, line));
        string trained = string.Create(CultureInfo.InvariantCulture,
            $"Trained by {nameof(MlNetMlp)} {typeof(TrainingSequence).Assembly.GetName().Version!.ToString(3)} on {training.Count} rows, ") +
            (validation is null ? "" : string.Create(CultureInfo.InvariantCulture, $"validated on {validation.Count}, ")) +
            string.Create(CultureInfo.InvariantCulture, $"with the seed {seed}.");
        var parameters = new MlpModelParameters(task, result.Model, isVector, names, result, options.MonteCarloDropout)
        {
            TrainingNotes = [trained, .. effort, .. end],
        };
        return new MlpPredictionTransformer(host, parameters, options.FeatureColumnName, featureType);
    }

    /// <summary>The groups of features that are one-hot codes of categories.</summary>
    private static CategoricalGroup[] Groups(DataViewSchema.Column features, IChannel channel)
    {
        CategoricalGroup[] groups = CategoricalSlots.Of(features, out string? problem);
        if (problem is not null)
        {
            channel.Warning(MessageSensitivity.Schema,
                $"The annotation {AnnotationKinds.CategoricalSlotRanges} of column '{features.Name}' is ignored: {problem}.");
        }

        return groups;
    }

    /// <summary>Refuses validation rows where there are others, before any row is read.</summary>
    private void CheckTakesValidation()
    {
        if (options.Ensemble?.HoldsOut == true)
        {
            throw new ArgumentException(
                $"{nameof(options.Ensemble)} is {options.Ensemble}: each network is validated on training rows that it does not learn from, so that no " +
                "validation set can be given.", "validationData");
        }

        if (options.ValidationColumnName is { } name)
        {
            throw new ArgumentException(
                $"{nameof(options.ValidationColumnName)} is '{name}', which chooses the rows to validate on from the training rows: no validation set can be " +
                "given.",
                "validationData");
        }
    }

    /// <summary>
    /// The options with all that the effort chooses. An ensemble that was not set continues as what it is, and takes validation rows that are there.
    /// </summary>
    private MlpTrainerOptions Choose(int rows, bool isSparse, CategoricalGroup[] groups, MlpModel? initial, bool hasValidation)
    {
        MlpTrainerOptions chosen = EffortTable.Choose(options, rows, isSparse, task.HasClasses, groups, initial ?? options.TransferFrom);
        if (options.Effort == Effort.Plain || options.Given.Contains(nameof(options.Ensemble)))
        {
            return chosen;
        }

        Ensemble? ensemble = initial is null ? chosen.Ensemble : Ensemble.Continuing(initial, chosen.Ensemble);
        return chosen with { Ensemble = hasValidation || options.ValidationFraction > 0 ? ensemble?.WithoutHeldOut : ensemble };
    }

    /// <summary>Some losses of regression need several values in a label.</summary>
    private void CheckLoss(DataViewSchema.Column label, int outputs)
    {
        if (outputs < 2 && options.TaskLoss is (KullbackLeiblerDivergence or CosineProximity))
        {
            throw new ArgumentException(
                $"The option {nameof(MlpRegressionTrainer.Options.Loss)} does not fit the label column '{label.Name}': {options.TaskLoss} needs labels of at " +
                $"least 2 values. {nameof(SquaredError)}, {nameof(AbsoluteError)} and {nameof(HuberLoss)} allow any number.");
        }
    }

    private SplitRows ReadRows(
        RowReader reader, IDataView trainData, IDataView? validationData, int seed, MlpModelParameters? initial, bool needsTwoClasses, bool? isSparse,
        CategoricalGroup[] groups)
    {
        TrainingRows training = reader.Read(trainData, "training", isDivided: validationData is null, isSparse);
        bool staysSparse = training.Rows.IsSparse && CategoriesOf(initial?.Network ?? options.TransferFrom, training.Rows, groups)?.IsDense != true;
        Chosen = Choose(training.Rows.Count, staysSparse, groups, initial?.Network, validationData is not null);
        Chosen.CheckTogether();
        if (needsTwoClasses && training.Classes is { } classes && classes.TrueForAll(@class => @class == classes[0]))
        {
            throw new InvalidOperationException(
                $"All {classes.Count} training rows are of one class, '{ClassName(trainData.Schema, classes[0])}'; at least two " +
                $"classes are needed in column '{options.LabelColumnName}'.");
        }

        if (validationData is not null)
        {
            TrainingRows given = reader.Read(validationData, "validation", isDivided: false, training.Rows.IsSparse);
            return new SplitRows(training.Rows, given.Rows, training, given);
        }

        if (ValidationSplit.Of(training, Chosen, seed) is not var (kept, aside))
        {
            return new SplitRows(training.Rows, null, training, null);
        }

        if (needsTwoClasses && training.Classes is { } all && Array.TrueForAll(kept, row => all[row] == all[kept[0]]))
        {
            throw new InvalidOperationException(
                $"All {kept.Length} rows that are left to learn from are of one class, '{ClassName(trainData.Schema, all[kept[0]])}': the {aside.Length} " +
                "rows that are set aside for validation have all others.");
        }

        return new SplitRows(new RowSubset(training.Rows, kept), new RowSubset(training.Rows, aside), training, null);
    }

    /// <summary>What is known of <see cref="MlpTrainerOptions.SparseFeatures"/> before any row; null: the rows will decide.</summary>
    private bool? IsSparse(MlpArchitecture architecture, MlpModelParameters? initial, CategoricalGroup[] groups)
    {
        CategoryMap? categories = (initial?.Network ?? options.TransferFrom) is { } known ? known.Architecture.Categories
            : CategoryMap.Of(architecture.InputSize, groups, EffortTable.EmbeddingOf(options, groups), rows: 0);
        bool isDense = options.Cluster is not null || options.Shards > 1 || initial is { Network.KeepsZeros: false }
            || TrainingChecks.ProblemWithSparseRows(architecture, options, categories?.IsDense == true) is not null;
        return options.SparseFeatures ?? (isDense ? false : null);
    }

    /// <summary>What the training will make of the categories of sparse rows.</summary>
    private CategoryMap? CategoriesOf(MlpModel? known, IRowSource rows, CategoricalGroup[] groups)
    {
        if (known is not null)
        {
            return known.Architecture.Categories;
        }

        if (EffortTable.EmbeddingOf(options, groups) is not { } embedding)
        {
            return null;
        }

        var counts = new CategoryCounts(groups, rows.FeatureCount);
        counts.AddAll(rows, options.CancellationToken);
        return CategoryMap.Of(rows.FeatureCount, counts.OneHot, embedding, rows.Count);
    }

    private string ClassName(DataViewSchema schema, int index) => task == MlpTask.Binary
        ? index == 1 ? "true" : "false"
        : task.OutputNames(_columns.Label(schema))?.Texts[index] ?? $"key {index + 1}";

    /// <summary>Validation rows must mean the same as training rows do.</summary>
    private void CheckSameColumns(DataViewSchema trainData, DataViewSchema validationData)
    {
        _columns.Check(validationData, nameof(validationData), isTraining: false);
        DataViewSchema.Column label = _columns.Label(trainData), other = _columns.Label(validationData);
        int size = ((VectorDataViewType)_columns.Features(trainData).Type).Size, otherSize = ((VectorDataViewType)_columns.Features(validationData).Type).Size;
        if (size != otherSize)
        {
            throw new ArgumentOutOfRangeException(nameof(validationData),
                $"The feature column '{options.FeatureColumnName}' has {otherSize} slots in the validation data and {size} in the training data.");
        }

        if (task.OutputCount(label) != task.OutputCount(other) || !label.Type.RawType.Equals(other.Type.RawType))
        {
            throw new ArgumentOutOfRangeException(nameof(validationData),
                $"The label column '{label.Name}' is {other.Type} in the validation data and {label.Type} in the training data; " +
                "transform both with the same fitted pipeline.");
        }

        if (task == MlpTask.Multiclass && task.OutputNames(label) is { } names && task.OutputNames(other) is { } otherNames && !names.Equals(otherNames))
        {
            throw new ArgumentOutOfRangeException(nameof(validationData),
                $"The keys of the label column '{label.Name}' stand for other values in the validation data than in the training data; " +
                "transform both with the same fitted MapValueToKey.");
        }
    }

    private void CheckInitial(MlpModelParameters modelParameters, VectorDataViewType featureType, int outputs, bool isVector, LabelNames? names)
    {
        if (modelParameters.Task != task)
        {
            throw new ArgumentException($"The model to continue from is for {modelParameters.Task.Name}; this trainer is for {task.Name}.",
                nameof(modelParameters));
        }

        if (modelParameters.Network.FeatureCount != featureType.Size)
        {
            throw new ArgumentException(
                $"The model to continue from has {modelParameters.Network.FeatureCount} features; the column " +
                $"'{options.FeatureColumnName}' has {featureType.Size}.", nameof(modelParameters));
        }

        if (modelParameters.Network.OutputCount != outputs || modelParameters.IsVector != isVector)
        {
            throw new ArgumentException(
                $"The model to continue from has {modelParameters.Network.OutputCount} outputs; the label column '{options.LabelColumnName}' needs {outputs}.",
                    nameof(modelParameters));
        }

        if (task == MlpTask.Multiclass && modelParameters.LabelNames is { } known && names is not null && !known.Equals(names))
        {
            throw new ArgumentException(
                $"The keys of the label column '{options.LabelColumnName}' stand for other classes than those of the model to continue " +
                "from; use the same fitted MapValueToKey.", nameof(modelParameters));
        }

        bool isSparse = modelParameters.Network.KeepsZeros && options.SparseFeatures == true;
        MlpTrainerOptions chosen = Choose(1, isSparse, [], modelParameters.Network, hasValidation: false);
        TrainingChecks.CheckInitialModel(
            modelParameters.Network, chosen.Architecture(featureType.Size, outputs), options.TaskLoss, chosen, nameof(modelParameters));
    }

    /// <summary>The host's randomness is not made for several threads, and trainers may be fitted from several.</summary>
    private int DrawSeed()
    {
        lock (host)
        {
            return host.Rand.Next();
        }
    }
}
