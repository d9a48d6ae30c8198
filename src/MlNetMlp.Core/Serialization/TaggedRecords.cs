namespace MlNetMlp;

/// <summary>The small descriptions inside a saved model: one line for each kind, with its number, its type and its settings.</summary>
internal static class TaggedRecords
{
    public static TagTable<Activation> Activations { get; } = new("activation",
        Value(0, Activation.Identity),
        Value(1, Activation.Relu),
        Kind<Activation, LeakyReluActivation>(2, (w, x) => w.Write(x.NegativeSlope), r => Activation.LeakyRelu(r.Single())),
        Kind<Activation, EluActivation>(3, (w, x) => w.Write(x.Alpha), r => Activation.Elu(r.Single())),
        Value(4, Activation.Tanh),
        Value(5, Activation.Sigmoid),
        Value(6, Activation.Gelu),
        Value(7, Activation.Silu),
        Value(8, Activation.Mish),
        Value(9, Activation.Selu),
        Value(10, Activation.HardThreshold),
        Kind<Activation, PReluActivation>(11, (w, x) => w.Write(x.InitialSlope), r => Activation.PRelu(r.Single())),
        Kind<Activation, MaxoutActivation>(12, (w, x) => w.Write(x.Pieces), r => Activation.Maxout(r.Int32())),
        Kind<Activation, CustomActivation>(13, (w, x) => Envelope.Write(w, x.Name), r => RegisteredActivations.Find(r.Text("name of an activation"))));

    public static TagTable<Initializer?> Initializers { get; } = new("initializer",
        Value<Initializer?>(0, null),
        Value<Initializer?>(1, Initializer.Zero),
        Kind<Initializer?, GaussianInitializer>(2, (w, x) => w.Write(x.StandardDeviation), r => Initializer.Gaussian(r.Single())),
        Value<Initializer?>(3, Initializer.He),
        Value<Initializer?>(4, Initializer.HeUniform),
        Value<Initializer?>(5, Initializer.GlorotNormal),
        Value<Initializer?>(6, Initializer.GlorotUniform),
        Value<Initializer?>(7, Initializer.LeCun),
        Kind<Initializer?, OrthogonalInitializer>(8, (w, x) => w.Write(x.Gain), r => Initializer.Orthogonal(r.Single())),
        Kind<Initializer?, SparseInitializer>(9, Write, r => Initializer.Sparse(r.Int32(), r.Single())),
        Kind<Initializer?, UniformInitializer>(10, (w, x) => w.Write(x.Limit), r => Initializer.Uniform(r.Single())));

    public static TagTable<Normalization?> Normalizations { get; } = new("normalization",
        Value<Normalization?>(0, null),
        Kind<Normalization?, BatchNormalization>(1, Write, ReadBatchNormalization),
        Kind<Normalization?, LayerNormalization>(2, (w, x) => w.Write(x.Epsilon), r => new LayerNormalization { Epsilon = r.Single() }),
        Kind<Normalization?, WeightNormalization>(3, (_, _) => { }, _ => new WeightNormalization()),
        Kind<Normalization?, BatchRenormalization>(4, Write, ReadBatchRenormalization),
        Kind<Normalization?, CosineNormalization>(5, (w, x) => w.Write(x.Epsilon), r => new CosineNormalization { Epsilon = r.Single() }));

    public static TagTable<PeriodicEmbedding> Embeddings { get; } = new("embedding",
        Kind<PeriodicEmbedding, PlrEmbedding>(1, Write,
            r => new PlrEmbedding { Frequencies = r.Int32(), Width = r.Int32(), InitialScale = r.Single() }),
        Kind<PeriodicEmbedding, PbldEmbedding>(2, Write,
            r => new PbldEmbedding { Frequencies = r.Int32(), Width = r.Int32(), InitialScale = r.Single() }));

    /// <summary>Without class weights, which matter to training only; of a user's function, the name and what its outputs are.</summary>
    public static TagTable<Loss> Losses { get; } = new("loss",
        new TaggedKind<Loss>(12, loss => loss is SoftmaxCrossEntropy { LabelSmoothing: > 0 }, (w, loss) => w.Write(((SoftmaxCrossEntropy)loss).LabelSmoothing),
            r => new SoftmaxCrossEntropy { LabelSmoothing = r.Single() }),
        new TaggedKind<Loss>(13, loss => loss is SigmoidCrossEntropy { LabelSmoothing: > 0 }, (w, loss) => w.Write(((SigmoidCrossEntropy)loss).LabelSmoothing),
            r => new SigmoidCrossEntropy { LabelSmoothing = r.Single() }),
        Plain<SoftmaxCrossEntropy>(1),
        Plain<SigmoidCrossEntropy>(2),
        Plain<SquaredError>(3),
        Plain<AbsoluteError>(4),
        Kind<Loss, HuberLoss>(5, (w, x) => w.Write(x.Delta), r => new HuberLoss { Delta = r.Single() }),
        Plain<MulticlassHinge>(6),
        Plain<SquaredMulticlassHinge>(7),
        Plain<BinaryHinge>(8),
        Plain<PerceptronLoss>(9),
        Plain<KullbackLeiblerDivergence>(10),
        Plain<CosineProximity>(11),
        Plain<SoftmaxSquaredError>(14),
        Plain<MulticlassSquaredError>(15),
        Plain<SigmoidSquaredError>(16),
        Kind<Loss, CustomBinaryLoss>(17, (w, x) => Write(w, x.Name, x.GivesLogOdds), r => new CustomBinaryLoss(r.Text("name of the loss"), null, r.Boolean())),
        Kind<Loss, CustomMulticlassLoss>(18, (w, x) => Write(w, x.Name, x.HasSoftmax),
            r => new CustomMulticlassLoss(r.Text("name of the loss"), null, r.Boolean())),
        new TaggedKind<Loss>(20, loss => loss is CustomRegressionLoss { Output: OutputFunction.Exponential },
            (w, loss) => Envelope.Write(w, ((CustomRegressionLoss)loss).Name),
            r => new CustomRegressionLoss(r.Text("name of the loss"), null, false, OutputFunction.Exponential)),
        Kind<Loss, CustomRegressionLoss>(19, (w, x) => Envelope.Write(w, x.Name),
            r => new CustomRegressionLoss(r.Text("name of the loss"), null, false, OutputFunction.Identity)));

    /// <summary>A kind with one member.</summary>
    private static TaggedKind<T> Value<T>(byte tag, T value) => new(tag, other => Equals(other, value), (_, _) => { }, _ => value);

    /// <summary>A type with settings.</summary>
    private static TaggedKind<T> Kind<T, TKind>(byte tag, Action<BinaryWriter, TKind> write, Func<BoundedReader, T> read)
        where TKind : T => new(tag, value => value is TKind, (writer, value) => write(writer, (TKind)value!), read);

    /// <summary>A loss without settings that are saved.</summary>
    private static TaggedKind<Loss> Plain<TLoss>(byte tag)
        where TLoss : Loss, new() => new(tag, loss => loss is TLoss, (_, _) => { }, _ => new TLoss());

    private static void Write(BinaryWriter writer, PeriodicEmbedding embedding)
    {
        writer.Write(embedding.Frequencies);
        writer.Write(embedding.Width);
        writer.Write(embedding.InitialScale);
    }

    private static void Write(BinaryWriter writer, string name, bool isProbability)
    {
        Envelope.Write(writer, name);
        writer.Write(isProbability);
    }

    private static void Write(BinaryWriter writer, SparseInitializer initializer)
    {
        writer.Write(initializer.InputsPerUnit);
        writer.Write(initializer.StandardDeviation);
    }

    private static void Write(BinaryWriter writer, BatchNormalization normalization)
    {
        writer.Write(normalization.Epsilon);
        writer.Write(normalization.Momentum);
        writer.Write((byte)normalization.Statistics);
    }

    private static BatchNormalization ReadBatchNormalization(BoundedReader reader) =>
        new() { Epsilon = reader.Single(), Momentum = reader.Single(), Statistics = (BatchStatistics)reader.Byte() };

    private static void Write(BinaryWriter writer, BatchRenormalization normalization)
    {
        writer.Write(normalization.Epsilon);
        writer.Write(normalization.Momentum);
        writer.Write(normalization.MaximumScale);
        writer.Write(normalization.MaximumShift);
        writer.Write(normalization.WarmupSteps);
        writer.Write(normalization.ScaleRampSteps);
        writer.Write(normalization.ShiftRampSteps);
    }

    private static BatchRenormalization ReadBatchRenormalization(BoundedReader reader) => new()
    {
        Epsilon = reader.Single(),
        Momentum = reader.Single(),
        MaximumScale = reader.Single(),
        MaximumShift = reader.Single(),
        WarmupSteps = reader.Int32(),
        ScaleRampSteps = reader.Int32(),
        ShiftRampSteps = reader.Int32(),
    };
}
