using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>Every kind of every part of a training: one line each. What is new in the library is one line more, and inherits every property.</summary>
internal static class RandomParts
{
    private static readonly Gen<float> _positive = RandomNumbers.Positive, _nonNegative = RandomNumbers.NonNegative, _share = RandomNumbers.Share;

    private static readonly StoppingRule?[] _rules =
    [
        null, StoppingRule.GeneralizationLoss(5), StoppingRule.ProgressQuotient(0.5, 2), StoppingRule.SuccessiveRises(1, 1), StoppingRule.WeightChange(0.1),
    ];

    private static readonly Gen<Part<Schedule>> _plainSchedules = Gen.OneOf(
        Part.Of("Constant", _positive, Schedule.Constant),
        Part.Of("Cosine", _positive, x => Schedule.Cosine(x)),
        Part.Of("Step", _positive, RandomNumbers.AnyCount(4), _share, Schedule.Step),
        Part.Of("Exponential", _positive, _nonNegative, Schedule.Exponential),
        Part.Of("InverseTime", _positive, _nonNegative, Schedule.InverseTime),
        Part.Of("Polynomial", _positive, _positive, (x, power) => Schedule.Polynomial(x, power: power)),
        Part.Of("Stages", _positive, RandomNumbers.Epochs, _positive, (x, epoch, next) => Schedule.Stages(x, (epoch, next))),
        Part.Of("Cyclic", _positive, _positive, RandomNumbers.Epochs, (low, high, every) => Schedule.Cyclic(low, high, every)),
        Part.Of("OneCycle", _positive, _share, (x, rise) => Schedule.OneCycle(x, rise)),
        Part.Of("LogCosine", _positive, x => Schedule.LogCosine(x)),
        Part.Of("FlatThenCosine", _positive, _share, (x, flat) => Schedule.FlatThenCosine(x, flat)),
        Part.Of("ReduceOnPlateau", _positive, _share, RandomNumbers.AnyCount(3), (x, factor, patience) => Schedule.ReduceOnPlateau(x, factor, patience)));

    public static Gen<Part<Schedule>> Schedules { get; } = Gen.OneOf(
        _plainSchedules,
        _plainSchedules.Select(part => new Part<Schedule>(part.Text + ".PerEpoch()", () => part.Create().PerEpoch())),
        _plainSchedules.SelectMany(part => RandomNumbers.Epochs.Select(epochs =>
            new Part<Schedule>(Part.Text($"Warmup({epochs}).Then({part.Text})"), () => Schedule.Warmup(epochs).Then(part.Create())))),
        _plainSchedules.SelectMany(part => RandomNumbers.AnyCount(64).Select(reference =>
            new Part<Schedule>(Part.Text($"{part.Text}.ScaledByBatchSize({reference})"), () => part.Create().ScaledByBatchSize(reference)))));

    /// <summary>Of penalties: a number, which may be 0, or a schedule.</summary>
    public static Gen<Part<Schedule>> Strengths { get; } = Gen.Frequency(
        (4, Part.Of("number", _nonNegative, x => (Schedule)x)),
        (1, Part.Of("late", RandomNumbers.Epochs, _positive, (epoch, x) => Schedule.Stages(0, (epoch, x)))),
        (1, Schedules));

    /// <summary>Of dropout: from a share on.</summary>
    public static Gen<Part<Schedule>> Shares { get; } = Gen.OneOf(
        Part.Of("Constant", _share, Schedule.Constant),
        Part.Of("FlatThenCosine", _share, _share, (x, flat) => Schedule.FlatThenCosine(1 - x, flat)),
        Part.Of("Stages", _share, RandomNumbers.Epochs, _positive, (x, epoch, next) => Schedule.Stages(x, (epoch, next))));

    public static Gen<Part<ActivationSparsity>> Sparsities { get; } = Part.Of("ActivationSparsity", _share, Strengths, (target, weight) =>
        new ActivationSparsity { Target = target, Weight = weight.Create() });

    public static Gen<Part<Optimizer>> Optimizers { get; } = Gen.OneOf(
        Part.Of("Sgd", _share, x => (Optimizer)new Sgd { WeightDecay = x }),
        Part.Of("Momentum", _share, x => (Optimizer)new Momentum { Coefficient = x }),
        Part.Of("Momentum ramp", _share, RandomNumbers.Epochs, (x, epochs) => (Optimizer)new Momentum { RampFrom = x, RampEpochs = epochs }),
        Part.Of("Nesterov", _share, RandomNumbers.Epochs, (x, epochs) => (Optimizer)new Nesterov { Coefficient = x, RampEpochs = epochs }),
        Part.Of("Adagrad", _positive, x => (Optimizer)new Adagrad { Epsilon = x }),
        Part.Of("RmsProp", _share, _positive, (x, y) => (Optimizer)new RmsProp { Decay = x, Epsilon = y }),
        Part.Of("Adadelta", _share, _positive, (x, y) => (Optimizer)new Adadelta { Decay = x, Epsilon = y }),
        Part.Of("Adam", _share, _share, _positive, (x, y, z) => (Optimizer)new Adam { Beta1 = x, Beta2 = y, Epsilon = z }),
        Part.Of("AdamW", _share, _share, (x, y) => (Optimizer)new AdamW { WeightDecay = x, Beta2 = y }),
        Part.Of("Muon", _share, _share, (x, y) => (Optimizer)new Muon { WeightDecay = x, Momentum = y }),
        Part.Of("NAdam", _share, _nonNegative, (x, y) => (Optimizer)new NAdam { Beta1 = x, MomentumDecay = y }),
        Part.Of("RAdam", _share, _share, (x, y) => (Optimizer)new RAdam { Beta1 = x, Beta2 = y }),
        Part.Of("Rprop", RandomNumbers.Bool, _positive, (x, y) => (Optimizer)new Rprop { Backtracks = x, MaximumStep = y }),
        Part.Of("Quickprop", _positive, x => (Optimizer)new Quickprop { MaximumGrowth = x }),
        Part.Of("Lbfgs", RandomNumbers.AnyCount(12), _nonNegative, RandomNumbers.AnyCount(20), (x, y, z) => (Optimizer)new Lbfgs
        {
            Memory = x,
            GradientTolerance = y,
            MaximumEvaluations = z
        }));

    public static Gen<Part<RateFactors>> RateFactors { get; } = Gen.OneOf(
        Part.Of("RateFactors of kinds", _positive, _positive, _positive, (x, y, z) => new RateFactors { Biases = x, Embeddings = y, Scales = z }),
        Part.Of("RateFactors of layers", _positive, _positive, _positive, (x, y, z) => new RateFactors { FirstLayer = x, Outputs = y, LayerDecay = z }));

    public static Gen<Part<DecayFactors>> DecayFactors { get; } = Part.Of("DecayFactors", _nonNegative, _nonNegative, _nonNegative, (x, y, z) =>
        new DecayFactors { Embeddings = x, FirstLayer = y, Outputs = z });

    public static Gen<Part<Activation>> Activations { get; } = Gen.OneOf(
        Gen.Elements(Activation.Identity, Activation.Relu, Activation.Tanh, Activation.Sigmoid, Activation.Gelu, Activation.Silu, Activation.Mish,
            Activation.Selu, Activation.HardThreshold)
            .Select(activation => new Part<Activation>(activation.ToString(), () => activation)),
        Part.Of("LeakyRelu", _share, Activation.LeakyRelu),
        Part.Of("Elu", _positive, Activation.Elu),
        Part.Of("PRelu", RandomNumbers.Real, Activation.PRelu),
        Part.Of("Maxout", RandomNumbers.Count(4), Activation.Maxout));

    public static Gen<Part<Normalization>> Normalizations { get; } = Gen.OneOf(
        Part.Of("Batch", _positive, _positive, RandomNumbers.Named<BatchStatistics>(),
            (x, y, z) => (Normalization)new BatchNormalization { Epsilon = x, Momentum = y, Statistics = z }),
        Part.Of("BatchRenormalization", _positive, RandomNumbers.AnyCount(9), (x, steps) => (Normalization)new BatchRenormalization
        {
            Momentum = x,
            WarmupSteps = steps,
            ScaleRampSteps = steps,
            ShiftRampSteps = steps
        }),
        Part.Of("Layer", _positive, x => (Normalization)new LayerNormalization { Epsilon = x }),
        Part.Of("Weight", () => Normalization.Weight),
        Part.Of("Cosine", _positive, x => (Normalization)new CosineNormalization { Epsilon = x }));

    public static Gen<Part<Initializer>> Initializers { get; } = Gen.OneOf(
        Gen.Elements(Initializer.He, Initializer.HeUniform, Initializer.GlorotNormal, Initializer.GlorotUniform, Initializer.LeCun, Initializer.Zero)
            .Select(initializer => new Part<Initializer>(initializer.ToString(), () => initializer)),
        Part.Of("Gaussian", _positive, Initializer.Gaussian),
        Part.Of("Uniform", _positive, Initializer.Uniform),
        Part.Of("Orthogonal", _positive, Initializer.Orthogonal),
        Part.Of("Sparse", RandomNumbers.AnyCount(9), _positive, Initializer.Sparse));

    public static Gen<Part<WeightConstraint>> Constraints { get; } = Gen.OneOf(
        Part.Of("MaxNorm", _positive, x => (WeightConstraint)new MaxNorm(x)),
        Part.Of("UnitNorm", () => (WeightConstraint)new UnitNorm()),
        Part.Of("NonNegative", () => (WeightConstraint)new NonNegative()),
        Part.Of("None", () => WeightConstraint.None));

    public static Gen<Part<GradientClipping>> Clippings { get; } = Gen.OneOf(
        Part.Of("ByValue", _positive, GradientClipping.ByValue),
        Part.Of("ByNorm", _positive, GradientClipping.ByNorm));

    public static Gen<Part<FeatureScaling>> Scalings { get; } = Gen.OneOf(
        Part.Of("None", () => FeatureScaling.None),
        Part.Of("Standardize", () => FeatureScaling.Standardize),
        Part.Of("StandardizeNumbers", () => FeatureScaling.StandardizeNumbers),
        Part.Of("Robust", () => FeatureScaling.Robust),
        Part.Of("Center", () => FeatureScaling.Center),
        Part.Of("CenterChannels", RandomNumbers.Count(3), RandomNumbers.Bool, FeatureScaling.CenterChannels),
        Part.Of("QuantileNormal", () => FeatureScaling.QuantileNormal),
        Part.Of("WhitenPca", RandomNumbers.Count(4), _positive, (components, epsilon) => FeatureScaling.WhitenPca(components, epsilon)),
        Part.Of("WhitenZca", _positive, FeatureScaling.WhitenZca));

    public static Gen<Part<NumericEmbedding>> Embeddings { get; } = Gen.OneOf(
        Part.Of("PiecewiseLinear", RandomNumbers.AnyCount(20), RandomNumbers.Named<BinEnds>(), NumericEmbedding.PiecewiseLinear),
        Part.Of("Plr", RandomNumbers.Count(5), RandomNumbers.Count(4), _positive, NumericEmbedding.Plr),
        Part.Of("Pbld", RandomNumbers.Count(5), RandomNumbers.Count(4), _positive, NumericEmbedding.Pbld));

    public static Gen<Part<CategoricalEmbedding>> CategoricalEmbeddings { get; } = Part.Of(
        "CategoricalEmbedding", RandomNumbers.AnyCount(6), RandomNumbers.AnyCount(9), _share, (most, width, dropout) =>
            new CategoricalEmbedding { MaximumOneHotSize = most, Width = width, MinimumFrequency = width, Dropout = dropout });

    public static Gen<Part<WeightAveraging>> WeightAveragings { get; } = Gen.OneOf(
        Part.Of("Exponential", RandomNumbers.Share, WeightAveraging.Exponential),
        Part.Of("Polyak", RandomNumbers.Share.Select(share => 1 - share), WeightAveraging.Polyak));

    public static Gen<Part<EarlyStopping>> EarlyStoppings { get; } = Part.Of(
        "EarlyStopping", RandomNumbers.AnyCount(3), _nonNegative, RandomNumbers.Named<MonitoredQuantity>(), (patience, delta, monitor) =>
            new EarlyStopping { Patience = patience, MinDelta = delta, Monitor = monitor, Rule = _rules[patience % _rules.Length] });

    public static Gen<Part<Ensemble>> Ensembles { get; } = Gen.OneOf(
        Part.Of("Seeds", RandomNumbers.Count(3), Ensemble.Seeds),
        Part.Of("Bagging", RandomNumbers.Count(3), Ensemble.Bagging),
        Part.Of("Snapshots", RandomNumbers.Count(4), Ensemble.Snapshots),
        Part.Of("Shared", RandomNumbers.Count(4), Ensemble.Shared),
        Part.Of("SeedsOfShared", RandomNumbers.Count(2), RandomNumbers.Count(3), (seeds, members) => Ensemble.Seeds(seeds).Of(Ensemble.Shared(members))),
        Part.Of("FoldsOfPruned", RandomNumbers.Count(3), members => Ensemble.CrossFitted(2).Of(Ensemble.Shared(members).PrunedTo(Math.Max(1, members - 1)))));

    /// <summary>Pixels of a row of any length: one line of an image.</summary>
    public static Gen<Part<EpochMetric>> Metrics { get; } = Gen.OneOf(
        Part.Of("first score", () => new EpochMetric("first score", true, rows => rows.Scores(0)[0])),
        Part.Of("weight", () => new EpochMetric("weight", false, rows => Enumerable.Range(0, rows.Count).Sum(row => rows.Weight(row) * rows.Target(row)))));

    public static Gen<Part<Augmentation>> Augmentations(int features) => Gen.OneOf(
        Part.Of("ImageAugmentation", _nonNegative, _share, (shift, scale) => (Augmentation)new ImageAugmentation(features,
            1)
        { HorizontalShift = shift, Scale = scale, Rotation = 10 }),
        Part.Of("elastic ImageAugmentation", _nonNegative, _positive, (alpha, sigma) => (Augmentation)new ImageAugmentation(features,
            1)
        { ElasticAlpha = alpha, ElasticSigma = sigma, HorizontalFlip = 0.5f }),
        Part.Of("Custom", _nonNegative, width => Augmentation.Custom((row, random) => row[0] += width * random.Normal(0))),
        Part.Of("an image of another size", () => (Augmentation)new ImageAugmentation(features + 1, 1)));

    public static Gen<Part<ClassWeights>> ClassWeights(int classes) => Gen.OneOf(
        Part.Of("Balanced", () => MlNetMlp.ClassWeights.Balanced),
        Part.Of("Of", Gen.ArrayOf(_nonNegative, classes), Gen.Choose(0, 9), (weights, wrong) => MlNetMlp.ClassWeights.Of(wrong == 0 ? weights[1..] : weights)));

    public static Gen<Part<BinaryLoss>> BinaryLosses { get; } = Gen.OneOf(
        _share.SelectMany(x => Part.With(Part.Text($"SigmoidCrossEntropy({x})"),
            () => (BinaryLoss)new SigmoidCrossEntropy { LabelSmoothing = x }, Weighted<BinaryLoss>(2))),
        Part.With("BinaryHinge", () => (BinaryLoss)new BinaryHinge(), Weighted<BinaryLoss>(2)),
        Part.With("SigmoidSquaredError", () => (BinaryLoss)new SigmoidSquaredError(), Weighted<BinaryLoss>(2)),
        Part.With("PerceptronLoss", () => (BinaryLoss)new PerceptronLoss(), Weighted<BinaryLoss>(2)));

    public static Gen<Part<RegressionLoss>> RegressionLosses { get; } = Gen.OneOf(
        Part.Of("SquaredError", RandomNumbers.Bool, x => (RegressionLoss)new SquaredError { StandardizeTargets = x }),
        Part.Of("AbsoluteError", RandomNumbers.Bool, x => (RegressionLoss)new AbsoluteError { StandardizeTargets = x }),
        Part.Of("HuberLoss", _positive, RandomNumbers.Bool, (x, isOn) => (RegressionLoss)new HuberLoss { Delta = x, StandardizeTargets = isOn }),
        Part.Of("KullbackLeiblerDivergence", RandomNumbers.Bool, x => (RegressionLoss)new KullbackLeiblerDivergence
        {
            ClassWeights = x ? MlNetMlp.ClassWeights.Balanced : null,
        }),
        Part.Of("CosineProximity", () => (RegressionLoss)new CosineProximity()));

    public static Gen<Part<MulticlassLoss>> MulticlassLosses(int classes) => Gen.OneOf(
        _share.SelectMany(x => Part.With(Part.Text($"SoftmaxCrossEntropy({x})"),
            () => (MulticlassLoss)new SoftmaxCrossEntropy { LabelSmoothing = x }, Weighted<MulticlassLoss>(classes))),
        Part.With("SoftmaxSquaredError", () => (MulticlassLoss)new SoftmaxSquaredError(), Weighted<MulticlassLoss>(classes)),
        Part.With("MulticlassSquaredError", () => (MulticlassLoss)new MulticlassSquaredError(), Weighted<MulticlassLoss>(classes)),
        Part.With("MulticlassHinge", () => (MulticlassLoss)new MulticlassHinge(), Weighted<MulticlassLoss>(classes)),
        Part.With("SquaredMulticlassHinge", () => (MulticlassLoss)new SquaredMulticlassHinge(), Weighted<MulticlassLoss>(classes)));

    private static Gen<Change<T>> Weighted<T>(int classes)
        where T : ClassificationLoss => Change.Of<T, ClassWeights>("ClassWeights", ClassWeights(classes),
            (loss, weights) => loss with { ClassWeights = weights });
}
