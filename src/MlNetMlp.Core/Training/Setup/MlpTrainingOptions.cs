using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>How a network is trained. Immutable; an invalid value is refused where it is set.</summary>
public record MlpTrainingOptions : ISettings
{
    internal const int DefaultNumberOfEpochs = 50;
    internal const float DefaultLearningRate = 0.002f;

    private const int MostThreads = 1024;
    private const int MostShards = 4096;
    private const int MostLocalSteps = 1024;

    /// <summary>The number of passes over the training rows, at least 1. Default 50.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int NumberOfEpochs
    {
        get;
        init
        {
            field = Require.Positive(value, nameof(NumberOfEpochs));
            Given = Given.With(nameof(NumberOfEpochs));
        }
    } = DefaultNumberOfEpochs;

    /// <summary>
    /// The number of rows of a mini-batch, at least 1; a number above that of the training rows means all of them. Default null: a power of
    /// two near a hundredth of the rows, from 8 to 64, so that small sets get enough steps and large ones few. The last mini-batch
    /// of an epoch may be shorter; the gradient is the mean over its actual rows.
    /// </summary>
    /// <remarks>
    /// <see cref="BatchNormalization"/> and <see cref="BatchRenormalization"/> need at least 2. With them a last mini-batch of a single row joins the
    /// one before.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? BatchSize
    {
        get;
        init => field = value is { } size ? Require.Positive(size, nameof(BatchSize)) : null;
    }

    /// <summary>
    /// The number of shards, from 1 to 4096, that the training rows are cut into for a training on several machines. Default 1: they are not cut.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Shard s of S has the rows from <c>floor(s N / S)</c> up to <c>floor((s + 1) N / S)</c>, in an order of its own in every epoch, and gives every
    /// mini-batch its s-th part. The gradient of each part is computed on its own, with random numbers of its own, and the gradients are added pairwise:
    /// <c>((g0 + g1) + (g2 + g3)) + ...</c>. So the model depends on the number of shards, but not on how many machines share them: one that has all of
    /// them trains the same model, bit for bit. Losses and metrics are added in the order of the shards.
    /// </para>
    /// <para>
    /// With more than one shard, a mini-batch of fewer than all rows has a multiple of as many rows. What looks at whole mini-batches, or at all rows, is
    /// refused: normalizations over rows, <see cref="HiddenLayer.ActivityRegularization"/>, <see cref="HiddenLayer.Sparsity"/>,
    /// <see cref="ClassBalancedBatches"/>, <see cref="Lbfgs"/> and sparse rows.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or greater than 4096.</exception>
    public int Shards
    {
        get;
        init => field = Require.InRange(value, 1, MostShards, nameof(Shards));
    } = 1;

    /// <summary>
    /// The number of steps, from 1 to 1024, that each of the <see cref="Shards"/> makes on its own before they exchange what they have come to. Default 1:
    /// in every step their gradients are added up. More than one needs several shards.
    /// </summary>
    /// <remarks>
    /// <para>
    /// With K local steps, all shards begin with the same parameters and the same memory of the optimizer, and each makes K steps with its parts of K
    /// mini-batches: the gradient is the mean over these rows alone, so <see cref="GradientClipping"/> sees another one. Then all continue with the mean of
    /// their parameters and of the optimizer's vectors. So a model depends on K, but still not on the number of machines; and an exchange, which has as many
    /// vectors more as the optimizer keeps, takes place once in K steps.
    /// </para>
    /// <para>
    /// The gradients of a shard are noisier than those of all S shards together, which two kinds of optimizers make up for, so that the rate can stay as it is.
    /// The Adam family corrects its mean of squares: in place of V, the mean of the shards' squares during the local steps, it remembers
    /// <c>w V + (1 - w) G^2</c> with <c>w = (k - 1) / (S k - 1)</c>, where G is the mean gradient of all shards in these steps and k the number of equally
    /// weighted steps that are as noisy as G; the squares of the next local steps count by the ratio of the two sums over all parameters. (Sam McCandlish,
    /// Jared Kaplan and Dario Amodei, An Empirical Model of Large-Batch Training, 2018, tell signal from noise in this way.) The matrices of
    /// <see cref="Muon"/>, whose steps have a fixed length, move in the direction of the mean as far as the root mean square of the shards' ways. So that the
    /// first squares are right, too, the very first step of a training is exchanged at once.
    /// </para>
    /// <para>
    /// <see cref="RmsProp"/>, <see cref="Adagrad"/> and <see cref="Adadelta"/> keep no mean of gradients and are not corrected: their steps are shorter, and a
    /// learning rate that is higher by up to the square root of the number of shards makes up for it.
    /// </para>
    /// <para>
    /// A <see cref="WeightAveraging"/> takes the exchanged parameters for each of the K steps. (Sebastian U. Stich, Local SGD Converges Fast and Communicates
    /// Little, 2019.)
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or greater than 1024.</exception>
    public int LocalSteps
    {
        get;
        init => field = Require.InRange(value, 1, MostLocalSteps, nameof(LocalSteps));
    } = 1;

    /// <summary>
    /// How exactly <see cref="Shards"/> tell each other their gradients. Default <see cref="GradientPrecision.Full"/>. 16 bits need several shards and a
    /// <see cref="LocalSteps"/> of 1.
    /// </summary>
    /// <remarks>
    /// With <see cref="GradientPrecision.BFloat16"/> the gradient of every shard is rounded to 16 bits, and so is their sum; what is left is added to the next
    /// mini-batch's, until the end of the epoch. So the model depends on it, but still not on the number of machines. A machine with a single shard sends and
    /// receives half as many bytes; one with several shards sends its sum with 32 bits and receives 16. (Hanlin Tang, Xiangru Lian, Chen Yu, Tong Zhang and Ji
    /// Liu, DoubleSqueeze: Parallel Stochastic Gradient Descent with Double-Pass Error-Compensated Compression, 2019.)
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of those named.</exception>
    public GradientPrecision GradientPrecision
    {
        get;
        init => field = Require.Defined(value, nameof(GradientPrecision));
    } = GradientPrecision.Full;

    /// <summary>The rule that turns gradients into steps. Default <see cref="AdamW"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Optimizer Optimizer
    {
        get;
        init
        {
            field = Require.NotNull(value, nameof(Optimizer));
            Given = Given.With(nameof(Optimizer));
        }
    } = new AdamW();

    /// <summary>
    /// The learning rate over the course of the training; a number means a constant one. Default: from 0.002 to 0 along a cosine.
    /// <see cref="Lbfgs"/> finds its steps without it.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is a constant rate of 0.</exception>
    public Schedule LearningRate
    {
        get;
        init
        {
            Require.Positive(Require.NotNull(value, nameof(LearningRate)).BaseRate, nameof(LearningRate));
            field = value;
            Given = Given.With(nameof(LearningRate));
        }
    } = Schedule.Cosine(DefaultLearningRate);

    /// <summary>
    /// Whether the biases of the output layer start at the constant that fits all training rows best, instead of 0, so that the first epochs need not
    /// learn it. Default true.
    /// </summary>
    /// <remarks>
    /// <para>
    /// With example weights and class weights: <c>log p_c</c> of the share of each class (<see cref="SoftmaxCrossEntropy"/>), <c>log(p / (1 - p))</c>
    /// (<see cref="SigmoidCrossEntropy"/>), <c>log</c> of the mean shares (<see cref="KullbackLeiblerDivergence"/>), the mean
    /// (<see cref="SquaredError"/>; 0 where targets are standardized), the median (<see cref="AbsoluteError"/>), and what lies between
    /// (<see cref="HuberLoss"/>). Classes without rows count as less than one row. Of more than a million targets a million are looked at. The
    /// hinges, <see cref="PerceptronLoss"/> and <see cref="CosineProximity"/> start at 0, for the sizes of their outputs mean nothing; so does
    /// any training with <see cref="ClassBalancedBatches"/>, where every class has the same share.
    /// </para>
    /// <para>
    /// A model that the training continues from keeps its biases. Christopher M. Bishop, Neural Networks for Pattern Recognition, 1995; for rare
    /// classes: Lin, Goyal, Girshick, He and Dollar, Focal Loss for Dense Object Detection, 2017, section 3.3.
    /// </para>
    /// </remarks>
    public bool OutputBiasFromTargets { get; init; } = true;

    /// <summary>
    /// What the learning rate is multiplied by for biases, embeddings, the first layer and so on. Default: 1 for all. <see cref="Lbfgs"/>, which has no rate,
    /// needs that.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RateFactors RateFactors
    {
        get;
        init => field = Require.NotNull(value, nameof(RateFactors));
    } = new();

    /// <summary>
    /// What the optimizer's weight decay is multiplied by for embeddings, the first layer and the outputs. Default: 1 for all. <see cref="Lbfgs"/>, which has
    /// no decay, needs that.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public DecayFactors DecayFactors
    {
        get;
        init => field = Require.NotNull(value, nameof(DecayFactors));
    } = new();

    /// <summary>
    /// lambda of the penalty <c>lambda sum |w|</c> on weights, never on biases. A number of at least 0, or a schedule; default 0. Layers may have their own:
    /// <see cref="HiddenLayer.L1Regularization"/>, <see cref="OutputL1Regularization"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule L1Regularization
    {
        get;
        init => field = Require.NotNull(value, nameof(L1Regularization));
    } = 0;

    /// <summary>
    /// lambda of the penalty <c>lambda / 2 sum w^2</c> on weights, never on biases. A number of at least 0, or a schedule; default 0. Layers may have their
    /// own: <see cref="HiddenLayer.L2Regularization"/>, <see cref="OutputL2Regularization"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule L2Regularization
    {
        get;
        init => field = Require.NotNull(value, nameof(L2Regularization));
    } = 0;

    /// <summary>
    /// lambda of the penalty <c>lambda sum |W^T W - I|</c> on the weights W [inputs, units] of every hidden layer, which pulls the incoming
    /// weights of its units towards length 1 and right angles. A number of at least 0, or a schedule; default 0. Layers may have their own:
    /// <see cref="HiddenLayer.OrthogonalityRegularization"/>.
    /// </summary>
    /// <remarks>
    /// A layer with more units than inputs has <c>W W^T</c> instead, for not all of its units can be orthogonal. Biases are never penalized, nor is the
    /// output layer, whose scale belongs to the targets. A mini-batch costs more by about <c>2 min(inputs, units) / (3 rows)</c> of a layer's
    /// work. (Brock, Lim, Ritchie and Weston, Neural Photo Editing with Introspective Adversarial Networks, 2017.)
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule OrthogonalityRegularization
    {
        get;
        init => field = Require.NotNull(value, nameof(OrthogonalityRegularization));
    } = 0;

    /// <summary>L1 of the output layer, a number of at least 0 or a schedule. Default null: <see cref="L1Regularization"/>.</summary>
    public Schedule? OutputL1Regularization { get; init; }

    /// <summary>L2 of the output layer, a number of at least 0 or a schedule. Default null: <see cref="L2Regularization"/>.</summary>
    public Schedule? OutputL2Regularization { get; init; }

    /// <summary>
    /// What every probability of dropout is multiplied by over the course of the training: <see cref="HiddenLayer.Dropout"/>,
    /// <see cref="HiddenLayer.DropConnect"/> and the dropout of the inputs. A schedule that begins in [0, 1], for example
    /// <c>Schedule.FlatThenCosine(1)</c>; what rises above 1 counts as 1. Default 1.
    /// </summary>
    /// <remarks>
    /// Random passes of a trained model, <see cref="MonteCarloDropout"/>, have the whole probabilities. Without any at the end, a network settles on what it
    /// scores with: David Holzmueller, Leo Grinsztajn and Ingo Steinwart, "Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data", 2024.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The base rate of the schedule is outside [0, 1].</exception>
    public Schedule DropoutSchedule
    {
        get;
        init
        {
            Require.InRange(Require.NotNull(value, nameof(DropoutSchedule)).BaseRate, 0, 1, nameof(DropoutSchedule));
            field = value;
        }
    } = 1;

    /// <summary>
    /// What the weights must satisfy after every step: <see cref="MaxNorm"/>, <see cref="UnitNorm"/> or <see cref="NonNegative"/>; never biases.
    /// Default null: nothing. Layers may have their own: <see cref="HiddenLayer.Constraint"/>, <see cref="OutputConstraint"/>.
    /// </summary>
    public WeightConstraint? Constraint { get; init; }

    /// <summary>
    /// What the weights of the output layer must satisfy; <see cref="WeightConstraint.None"/>: nothing. Default null: <see cref="Constraint"/>.
    /// </summary>
    public WeightConstraint? OutputConstraint { get; init; }

    /// <summary>A bound on the gradient of a mini-batch, by value or by norm. Default null: none.</summary>
    public GradientClipping? GradientClipping
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(GradientClipping));
        }
    }

    /// <summary>
    /// The average over steps that becomes the model, <see cref="WeightAveraging.Exponential"/> or <see cref="WeightAveraging.Polyak"/>: it is what
    /// is validated and kept as the best epoch, while the training goes on with the weights themselves. Default null: none.
    /// </summary>
    /// <remarks>
    /// Not with <see cref="Lbfgs"/>. Of sparse features, every step passes over all weights and not only those of active features.
    /// </remarks>
    public WeightAveraging? WeightAveraging { get; init; }

    /// <summary>When to stop before <see cref="NumberOfEpochs"/> are done. Default null: never.</summary>
    /// <remarks>
    /// Whatever ends the training, the model has the weights of the epoch with the lowest loss: over the validation rows, or the training rows if
    /// there are none. A model that the training continues from takes part in that choice. Without this option and without validation rows the
    /// model has the weights of the last epoch.
    /// </remarks>
    public EarlyStopping? EarlyStopping
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(EarlyStopping));
        }
    }

    /// <summary>
    /// A network whose hidden layers the training begins with, under a new output layer: for other classes, another loss or another task on the same
    /// features. Default null: a new network. <see cref="RateFactors"/> freezes what was copied, or lets it learn more slowly.
    /// </summary>
    /// <remarks>
    /// What the network does to its features comes along, standardization and encodings and embeddings, as the weights depend on it; the options for these
    /// have no effect. The hidden layers of the options must be the same but for dropout, noise and penalties; of a trainer of ML.NET that are not given, they
    /// are. Of an ensemble of networks, network number i of a new ensemble begins with number i, those beyond the last with the first again, and a single
    /// network with the first. To go on with the same outputs, see <see cref="TrainingTask.InitialModel"/>.
    /// Yosinski, Clune, Bengio and Lipson, How Transferable Are Features in Deep Neural Networks?, 2014.
    /// </remarks>
    public MlpModel? TransferFrom { get; init; }

    /// <summary>
    /// The metric that every epoch reports, a function of your own, by which <see cref="EarlyStopping"/> may go, too (<see cref="EarlyStopping.Monitor"/>).
    /// Default null: the one that the loss names, the accuracy or an error.
    /// </summary>
    /// <remarks>It is computed of all rows at once, whose scores are kept for it; not where they are on several machines.</remarks>
    public EpochMetric? Metric { get; init; }

    /// <summary>
    /// Several networks whose scores are averaged, in one model and one file: <c>Ensemble.Seeds(5)</c>, <c>Ensemble.Bagging(10)</c> or
    /// <c>Ensemble.Snapshots(5)</c>; or members inside of one network, <c>Ensemble.Shared(8)</c>. Default null: one network.
    /// </summary>
    public Ensemble? Ensemble
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(Ensemble));
        }
    }

    /// <summary>Whether the mini-batches of every epoch are drawn in a fresh random order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether every class that occurs among the training rows has the same share of every mini-batch, however rare it is. Default
    /// false. Only for classification losses.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The classes take turns, row by row: of b rows and C classes, a mini-batch has <c>floor(b / C)</c> or <c>ceil(b / C)</c> rows of
    /// each class. Which classes have one row more rotates from mini-batch to mini-batch and from epoch to epoch; the same holds where b is
    /// less than C, so that a mini-batch cannot have all classes.
    /// </para>
    /// <para>
    /// An epoch still has as many places as there are training rows. The rows of a class come in one permutation after the other (in the
    /// order of their numbers without <see cref="Shuffle"/>), so none comes twice before all of its class have come: rows of
    /// rare classes come several times in an epoch, and rows of frequent ones not in every epoch. A class of a single row is that row again
    /// and again. Rows of weight 0 are left out.
    /// </para>
    /// <para>
    /// Weights of rows and <see cref="ClassificationLoss.ClassWeights"/> multiply on top of this, so balanced class weights would count
    /// rare classes twice. Batch normalization learns the statistics of the balanced mini-batches. Standardization, validation and the
    /// scores are those of the rows as given: a model that learned from balanced classes takes them all for equally probable.
    /// </para>
    /// </remarks>
    public bool ClassBalancedBatches { get; init; }

    /// <summary>
    /// Changes to the features of the training rows, drawn anew for every row in every epoch, for example
    /// <c>new ImageAugmentation(28, 28) { HorizontalShift = 2, VerticalShift = 2, Rotation = 10 }</c> for pixels, or
    /// <see cref="Augmentation.Custom"/> for code of your own. It affects neither validation rows nor scoring. Default null: none.
    /// </summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>
    /// How the features are shifted and scaled, as a part of the model, so that no normalizing transform is needed. Default
    /// <see cref="FeatureScaling.Standardize"/>: each to mean 0 and variance 1 over the training rows.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public FeatureScaling FeatureScaling
    {
        get;
        init
        {
            field = Require.NotNull(value, nameof(FeatureScaling));
            Given = Given.With(nameof(FeatureScaling));
        }
    } = FeatureScaling.Standardize;

    /// <summary>
    /// What stands beside every number at the entrance of the network, for example <c>NumericEmbedding.PiecewiseLinear(16)</c>; learned from the training
    /// rows, a part of the model. Default null: nothing. Not for sparse rows.
    /// </summary>
    public NumericEmbedding? NumericEmbedding
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(NumericEmbedding));
        }
    }

    /// <summary>
    /// How the network sees categories, which <c>OneHotEncoding</c> makes groups of features of (<see cref="TrainingTask.CategoricalGroups"/>), for example
    /// <c>new CategoricalEmbedding()</c>; learned from the training rows, a part of the model. Default null: as features like any other, of which those of
    /// an unknown category are all 0.
    /// </summary>
    public CategoricalEmbedding? CategoricalEmbedding
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(CategoricalEmbedding));
        }
    }

    /// <summary>
    /// Whether the network sees that a feature is missing, as a column of its own that is 1 then, and else 0; for features that are missing in some of the
    /// training rows. Default false: it sees the mean alone, see <see cref="MissingValues"/>. Not for sparse rows.
    /// </summary>
    public bool MissingIndicators
    {
        get;
        init
        {
            field = value;
            Given = Given.With(nameof(MissingIndicators));
        }
    }

    /// <summary>
    /// What happens to a feature that is NaN, in training and in scoring. Default <see cref="InvalidValueHandling.Impute"/>: the mean over the
    /// training rows takes its place.
    /// </summary>
    /// <remarks>
    /// A trainer of ML.NET leaves out, and counts in its log, the rows whose label is missing; with <see cref="InvalidValueHandling.Fail"/> it
    /// refuses them.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public InvalidValueHandling MissingValues
    {
        get;
        init => field = Require.Defined(value, nameof(MissingValues));
    } = InvalidValueHandling.Impute;

    /// <summary>
    /// What happens to a feature that is infinite, in training and in scoring. Default <see cref="InvalidValueHandling.Fail"/>: an error names the
    /// row and the feature. <see cref="InvalidValueHandling.Impute"/> treats infinite as missing. In a trainer of ML.NET the same holds for labels.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public InvalidValueHandling InfiniteValues
    {
        get;
        init => field = Require.Defined(value, nameof(InfiniteValues));
    } = InvalidValueHandling.Fail;

    /// <summary>
    /// The seed of all random numbers: the same seed, data and options give the same model, bit for bit, on any number of threads. Default null:
    /// 0 for <see cref="MlpTrainer"/>; a trainer of ML.NET draws one from its <c>MLContext</c>, so that <c>new MLContext(seed: 1)</c> makes a
    /// whole program repeatable, or uses the seed of the training in <see cref="Checkpoint"/>.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The file that keeps the state of the training, so that one that was stopped, by cancellation, an exception or the end of the process, is
    /// continued bit for bit by the same training on the same rows. Default null: none.
    /// </summary>
    public TrainingCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// The number of mini-batches, at least 1, that <see cref="EpochReport.RunningLoss"/> averages over, across epochs. Default 100.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int RunningLossBatches
    {
        get;
        init => field = Require.Positive(value, nameof(RunningLossBatches));
    } = 100;

    /// <summary>The most threads, from 1 to 1024, that share the work. Default null: as many as there are processors.</summary>
    /// <remarks>
    /// A training run finds out by itself how many threads are worth it, and looks again from time to time; the others sleep. The model is the same, bit for
    /// bit, whatever their number.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or greater than 1024.</exception>
    public int? NumberOfThreads
    {
        get;
        init => field = value is null or (>= 1 and <= MostThreads)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(NumberOfThreads), value, FormattableString.Invariant(
                $"{nameof(NumberOfThreads)} must be in [1, {MostThreads}], but it is {value}; this machine has {Environment.ProcessorCount} processors."));
    }

    /// <summary>
    /// The most time that the training may take, more than none. Default null: as much as it needs. When it is over, the training ends with the best model so
    /// far, in the middle of an epoch, too, and <see cref="MlpTrainingResult.End"/> is <see cref="TrainingEnd.TimeExpired"/>.
    /// </summary>
    /// <remarks>
    /// It counts as <see cref="EpochReport.Elapsed"/> does: without the reading of the data by a trainer of ML.NET, and with the time before a
    /// <see cref="Checkpoint"/>, which stays, so that the training can go on with more time. Of an ensemble, the finished members are returned, or the first
    /// one as far as it came. The model depends on the speed of the machine. The learning rate does not know of it: a schedule that falls to 0 at the end
    /// of all epochs is cut off.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than zero.</exception>
    public TimeSpan? MaximumTrainingTime
    {
        get;
        init => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaximumTrainingTime), value, FormattableString.Invariant(
                $"{nameof(MaximumTrainingTime)} must be greater than zero, but it is {value}."));
    }

    /// <summary>
    /// Whether a cancelled training run throws <see cref="OperationCanceledException"/>. Default false: it returns the best model so far,
    /// and throws only if not even one mini-batch was learned from. Of an ensemble, it returns the completed members, or the first one as far as it
    /// came.
    /// </summary>
    public bool ThrowOnCancellation { get; init; }

    /// <summary>The options that were set, for what chooses the others.</summary>
    internal GivenOptions Given { get; init; }

    /// <summary>The options of the training itself, without what a derived record adds.</summary>
    internal MlpTrainingOptions Plain() => GetType() == typeof(MlpTrainingOptions) ? this : new(this);

    internal int SeedOrDefault => Seed ?? 0;

    /// <summary>The ensemble, if several networks are trained for it; null: one network.</summary>
    internal Ensemble? EnsembleOfNetworks => Ensemble?.OfNetworks;

    internal int ThreadCount => NumberOfThreads ?? Environment.ProcessorCount;

    /// <summary>The number of rows of a mini-batch for this many training rows, or of a block where the optimizer needs all of them for a step.</summary>
    internal int BatchSizeFor(int rows) => Optimizer.BatchSizeFor(rows, BatchSize);

    /// <summary>The name, and what is not as it is by default, in one line.</summary>
    public sealed override string ToString() => SettingsText.Of(this, GetType() is { DeclaringType: { } trainer } own ? $"{trainer.Name}.{own.Name}" : null);
}
