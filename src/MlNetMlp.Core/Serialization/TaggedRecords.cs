namespace MlNetMlp;

/// <summary>The small descriptions inside a saved model, each a byte that names the kind and its settings. A number, once given, is never reused.</summary>
internal static class TaggedRecords
{
    public static void Write(BinaryWriter writer, Activation activation)
    {
        switch (activation)
        {
            case IdentityActivation:
                writer.Write((byte)0);
                break;
            case ReluActivation:
                writer.Write((byte)1);
                break;
            case LeakyReluActivation leaky:
                writer.Write((byte)2);
                writer.Write(leaky.NegativeSlope);
                break;
            case EluActivation elu:
                writer.Write((byte)3);
                writer.Write(elu.Alpha);
                break;
            case TanhActivation:
                writer.Write((byte)4);
                break;
            case SigmoidActivation:
                writer.Write((byte)5);
                break;
            case GeluActivation:
                writer.Write((byte)6);
                break;
            case SiluActivation:
                writer.Write((byte)7);
                break;
            case MishActivation:
                writer.Write((byte)8);
                break;
            case SeluActivation:
                writer.Write((byte)9);
                break;
            case HardThresholdActivation:
                writer.Write((byte)10);
                break;
            case PReluActivation rectifier:
                writer.Write((byte)11);
                writer.Write(rectifier.InitialSlope);
                break;
            case MaxoutActivation maxout:
                writer.Write((byte)12);
                writer.Write(maxout.Pieces);
                break;
            default:
                throw Unknown(activation);
        }
    }

    public static Activation ReadActivation(BoundedReader reader) => reader.Byte() switch
    {
        0 => Activation.Identity,
        1 => Activation.Relu,
        2 => Activation.LeakyRelu(reader.Single()),
        3 => Activation.Elu(reader.Single()),
        4 => Activation.Tanh,
        5 => Activation.Sigmoid,
        6 => Activation.Gelu,
        7 => Activation.Silu,
        8 => Activation.Mish,
        9 => Activation.Selu,
        10 => Activation.HardThreshold,
        11 => Activation.PRelu(reader.Single()),
        12 => Activation.Maxout(reader.Int32()),
        byte tag => throw Unknown("activation", tag),
    };

    public static void Write(BinaryWriter writer, Initializer? initializer)
    {
        writer.Write(Tag(initializer));
        switch (initializer)
        {
            case GaussianInitializer gaussian:
                writer.Write(gaussian.StandardDeviation);
                break;
            case OrthogonalInitializer orthogonal:
                writer.Write(orthogonal.Gain);
                break;
            case SparseInitializer sparse:
                writer.Write(sparse.InputsPerUnit);
                writer.Write(sparse.StandardDeviation);
                break;
        }
    }

    public static Initializer? ReadInitializer(BoundedReader reader) => reader.Byte() switch
    {
        0 => null,
        1 => Initializer.Zero,
        2 => Initializer.Gaussian(reader.Single()),
        3 => Initializer.He,
        4 => Initializer.HeUniform,
        5 => Initializer.GlorotNormal,
        6 => Initializer.GlorotUniform,
        7 => Initializer.LeCun,
        8 => Initializer.Orthogonal(reader.Single()),
        9 => Initializer.Sparse(reader.Int32(), reader.Single()),
        byte tag => throw Unknown("initializer", tag),
    };

    public static void Write(BinaryWriter writer, Normalization? normalization)
    {
        switch (normalization)
        {
            case null:
                writer.Write((byte)0);
                break;
            case BatchNormalization batch:
                writer.Write((byte)1);
                writer.Write(batch.Epsilon);
                writer.Write(batch.Momentum);
                writer.Write((byte)batch.Statistics);
                break;
            case LayerNormalization layer:
                writer.Write((byte)2);
                writer.Write(layer.Epsilon);
                break;
            case WeightNormalization:
                writer.Write((byte)3);
                break;
            case BatchRenormalization batch:
                writer.Write((byte)4);
                writer.Write(batch.Epsilon);
                writer.Write(batch.Momentum);
                writer.Write(batch.MaximumScale);
                writer.Write(batch.MaximumShift);
                writer.Write(batch.WarmupSteps);
                writer.Write(batch.ScaleRampSteps);
                writer.Write(batch.ShiftRampSteps);
                break;
            case CosineNormalization cosine:
                writer.Write((byte)5);
                writer.Write(cosine.Epsilon);
                break;
            default:
                throw Unknown(normalization);
        }
    }

    public static Normalization? ReadNormalization(BoundedReader reader) => reader.Byte() switch
    {
        0 => null,
        1 => new BatchNormalization { Epsilon = reader.Single(), Momentum = reader.Single(), Statistics = (BatchStatistics)reader.Byte() },
        2 => new LayerNormalization { Epsilon = reader.Single() },
        3 => new WeightNormalization(),
        4 => new BatchRenormalization
        {
            Epsilon = reader.Single(),
            Momentum = reader.Single(),
            MaximumScale = reader.Single(),
            MaximumShift = reader.Single(),
            WarmupSteps = reader.Int32(),
            ScaleRampSteps = reader.Int32(),
            ShiftRampSteps = reader.Int32(),
        },
        5 => new CosineNormalization { Epsilon = reader.Single() },
        byte tag => throw Unknown("normalization", tag),
    };

    public static void Write(BinaryWriter writer, Loss loss)
    {
        writer.Write(Tag(loss));
        if (loss is SoftmaxCrossEntropy { LabelSmoothing: > 0 } softmax)
        {
            writer.Write(softmax.LabelSmoothing);
        }
        else if (loss is HuberLoss huber)
        {
            writer.Write(huber.Delta);
        }
    }

    public static Loss ReadLoss(BoundedReader reader) => reader.Byte() switch
    {
        1 => new SoftmaxCrossEntropy(),
        2 => new SigmoidCrossEntropy(),
        3 => new SquaredError(),
        4 => new AbsoluteError(),
        5 => new HuberLoss { Delta = reader.Single() },
        6 => new MulticlassHinge(),
        7 => new SquaredMulticlassHinge(),
        8 => new BinaryHinge(),
        9 => new PerceptronLoss(),
        10 => new KullbackLeiblerDivergence(),
        11 => new CosineProximity(),
        12 => new SoftmaxCrossEntropy { LabelSmoothing = reader.Single() },
        byte tag => throw Unknown("loss", tag),
    };

    private static byte Tag(Loss loss) => loss switch
    {
        SoftmaxCrossEntropy { LabelSmoothing: > 0 } => 12,
        SoftmaxCrossEntropy => 1,
        SigmoidCrossEntropy => 2,
        SquaredError => 3,
        AbsoluteError => 4,
        HuberLoss => 5,
        MulticlassHinge => 6,
        SquaredMulticlassHinge => 7,
        BinaryHinge => 8,
        PerceptronLoss => 9,
        KullbackLeiblerDivergence => 10,
        CosineProximity => 11,
        _ => throw Unknown(loss),
    };

    private static byte Tag(Initializer? initializer) => initializer switch
    {
        null => 0,
        ZeroInitializer => 1,
        GaussianInitializer => 2,
        _ when initializer == Initializer.He => 3,
        _ when initializer == Initializer.HeUniform => 4,
        _ when initializer == Initializer.GlorotNormal => 5,
        _ when initializer == Initializer.GlorotUniform => 6,
        _ when initializer == Initializer.LeCun => 7,
        OrthogonalInitializer => 8,
        SparseInitializer => 9,
        _ => throw Unknown(initializer),
    };

    private static NotSupportedException Unknown(object description) => new($"{description.GetType().Name} has no number in the file format.");

    private static InvalidDataException Unknown(string kind, byte tag) => new($"The saved network is damaged: there is no {kind} with the number {tag}.");
}
