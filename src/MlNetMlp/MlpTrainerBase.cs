using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MlNetMlp.Diagnostics;

namespace MlNetMlp;

/// <summary>What the three trainers do: check the columns, read the rows once, set validation rows aside, train, and wrap the model.</summary>
/// <remarks>
/// The data view is read from first to last row, only the columns that are needed, once for each <c>Fit</c>; it need not be cached,
/// shuffled or of known length. A trainer has no state of its own except its source of seeds and may be fitted from several threads.
/// </remarks>
public abstract class MlpTrainerBase : ITrainerEstimator<MlpPredictionTransformer, MlpModelParameters>
{
    private readonly IHost _host;
    private readonly MlpTrainerOptions _options;
    private readonly MlpTask _task;

    private protected MlpTrainerBase(IHostEnvironment env, MlpTrainerOptions options, MlpTask task)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.CheckTogether();
        _host = env.Register(GetType().Name);
        _options = options;
        _task = task;
        Info = Hosting.TrainerInfo(needsNormalization: !options.FeatureScaling.Scales);
    }

    /// <summary>
    /// What the trainer asks of its data: no cache, no normalization unless <see cref="MlpTrainingOptions.FeatureScaling"/> is
    /// <see cref="FeatureScaling.None"/>.
    /// </summary>
    public TrainerInfo Info { get; }

    /// <summary>The name of the feature column.</summary>
    internal string FeatureColumnName => _options.FeatureColumnName;

    /// <summary>The most hidden layers that a network of this trainer can have, whatever its effort chooses.</summary>
    internal int MostHiddenLayers => _options.Effort == Effort.Plain || _options.Given.Contains(nameof(_options.HiddenLayers)) ? _options.HiddenLayers.Count
        : _options.TransferFrom?.Architecture.HiddenLayers.Count ?? EffortTable.MostHiddenLayers;

    /// <summary>Trains a model.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>A transformer that adds the output columns.</returns>
    /// <remarks>Exceptions of the data view itself are passed on unchanged; nothing of the training is left behind then, except for a checkpoint.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is nothing to learn from: no rows, no labels, one class only, weights that are negative or all zero; or a value is one
    /// that the options refuse or that single precision cannot hold once it is standardized; or a vector has another length than its
    /// column's type says. The message names the row, the column, the slot and the value.
    /// </exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to a training run with other options or rows.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint, or the temporary file for rows on disk, cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">
    /// See <see cref="MlpTrainingOptions.ThrowOnCancellation"/>; or the execution of the <see cref="MLContext"/> was cancelled, as AutoML
    /// does when its time is over, which always throws.
    /// </exception>
    public MlpPredictionTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains a model and chooses its best epoch on other rows.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">
    /// Rows that are only evaluated, after every epoch, to choose the best one and to stop early. Their columns have the same types, and
    /// a key label the same values, as in <paramref name="trainData"/>. Classes that no training row has may occur.
    /// </param>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public MlpPredictionTransformer Fit(IDataView trainData, IDataView validationData) => Fit(trainData, validationData, null);

    /// <summary>Trains a model further on new rows, without the rows that it has already learned from.</summary>
    /// <param name="trainData">The new training rows; all of them may be of one class.</param>
    /// <param name="modelParameters">The model to continue from. Its standardization is kept; its layers must be those of the options.</param>
    /// <exception cref="ArgumentException">The model is for another task, or has other features, classes or layers.</exception>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public MlpPredictionTransformer Fit(IDataView trainData, MlpModelParameters modelParameters) => Fit(trainData, null, modelParameters);

    /// <summary>Trains a model, with a validation set and a model to continue from, either of which may be left out.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">The validation rows, or null.</param>
    /// <param name="modelParameters">The model to continue from, or null.</param>
    /// <exception cref="ArgumentException">The model is for another task, or has other features, classes or layers.</exception>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public MlpPredictionTransformer Fit(IDataView trainData, IDataView? validationData, MlpModelParameters? modelParameters)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return Run(sequence => sequence.Fit(trainData, validationData, modelParameters));
    }

    /// <summary>Trains a network of which a hidden layer is needed.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="layer">The number of the layer, from 0, which is not there in every network that the effort may choose.</param>
    /// <exception cref="ArgumentOutOfRangeException">For these rows the effort chooses fewer hidden layers; known before the training begins.</exception>
    internal MlpPredictionTransformer FitWithLayer(IDataView input, int layer) =>
        Run(sequence => sequence.Fit(input, null, null, layer));

    /// <summary>
    /// Checks data and options before a long training run: the columns, the loss of the untrained network, whether a handful of rows can be
    /// memorized, and how a short training run goes; each with its numbers, what they mean, and which option to change.
    /// </summary>
    /// <param name="trainData">The training rows; they are read as <c>Fit</c> reads them.</param>
    /// <param name="validationData">Rows on which the gap to the training rows is measured. Null: some of the training rows.</param>
    /// <param name="options">How much work to do. Null: a short training run of 5 epochs on at most 4,096 rows; see <see cref="Diagnosis"/>.</param>
    /// <returns>The findings; <c>ToString()</c> returns a readable report. Warnings are also in the log.</returns>
    /// <remarks>
    /// The seed is <see cref="MlpTrainingOptions.Seed"/> or 0; nothing is drawn from the <c>MLContext</c>, so later training runs are as without
    /// it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are no rows or labels, or a value is one that the options refuse.</exception>
    /// <exception cref="OperationCanceledException">
    /// <see cref="MlpTrainerOptions.CancellationToken"/> or the execution of the <see cref="MLContext"/> was cancelled.
    /// </exception>
    public DiagnosisReport Diagnose(IDataView trainData, IDataView? validationData = null, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return Run(sequence => sequence.Diagnose(trainData, validationData, options));
    }

    /// <summary>
    /// Tries learning rates, each mini-batch with a higher one, and suggests one to begin with: <c>trainer.FindLearningRate(rows).SaveSvg("rates.svg")</c>.
    /// </summary>
    /// <param name="trainData">The training rows; they are read as <c>Fit</c> reads them.</param>
    /// <param name="options">Which rates. Null: from 1e-6 to 10 in 200 steps; see <see cref="LearningRateFinder"/>.</param>
    /// <returns>The loss for every rate, a suggestion, and a picture of them.</returns>
    /// <exception cref="ArgumentException">The optimizer finds its steps without a rate.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite at the first rate.</exception>
    /// <inheritdoc cref="Diagnose" path="/*[not(self::param)]"/>
    public LearningRateCurve FindLearningRate(IDataView trainData, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return Run(sequence => sequence.FindLearningRate(trainData, options));
    }

    /// <summary>Compares the gradients of back-propagation with differences of the loss, for the network and the options of this trainer.</summary>
    /// <param name="data">The rows; a mini-batch is drawn from them.</param>
    /// <param name="options">How much to check. Null: 32 rows and 50 elements of each parameter.</param>
    /// <param name="modelParameters">A trained model whose parameters are checked. Null: a new network.</param>
    /// <returns>What was found for each parameter; <c>ToString()</c> returns a table.</returns>
    /// <exception cref="ArgumentException">The model is for another task, or has other features, classes or layers.</exception>
    /// <inheritdoc cref="Diagnose" path="/*[not(self::param)]"/>
    public GradientCheckReport CheckGradients(IDataView data, GradientCheckOptions? options = null, MlpModelParameters? modelParameters = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Run(sequence => sequence.CheckGradients(data, options, modelParameters));
    }

    /// <summary>The columns that <c>Fit</c> would make of an input with these columns.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = new TrainerColumns(_options, _task);
        columns.Check(inputSchema);
        SchemaShape.Column[] added = _task.OutputShapes(SchemaShapes.Find(inputSchema, _options.LabelColumnName)!.Value);
        return SchemaShapes.Extend(inputSchema, _options.MonteCarloDropout is null ? added : UncertaintyColumns.Append(added));
    }

    /// <summary>The name, and the options that are not as they are by default.</summary>
    public override string ToString() => _options.ToString();

    private T Run<T>(Func<TrainingSequence, T> work) => HostCancellation.Run(
        _host, token => work(new TrainingSequence(_host, _task, _options with { CancellationToken = token })), _options.CancellationToken);
}
