using System.Security.Cryptography;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class SerializationTests
{
    private const int Hash = 32;
    private const int Header = 20;

    public static TheoryData<string> Names => RandomModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_SavedModel_IsTheSameBitForBit(string name)
    {
        foreach (InvalidValueHandling missing in Enum.GetValues<InvalidValueHandling>())
        {
            foreach (InvalidValueHandling infinite in Enum.GetValues<InvalidValueHandling>())
            {
                MlpModel model = RandomModels.Named(name, missing, infinite);
                MlpModel loaded = Load(SmallData.Saved(model));
                Assert.Equal(model.Architecture, loaded.Architecture);
                Assert.Equal(model.Loss, loaded.Loss);
                Assert.Equal(model.Members.Count, loaded.Members.Count);
                Assert.Equal((missing, infinite), (loaded.Standardizer.MissingValues, loaded.Standardizer.InfiniteValues));
                float[] features = RandomModels.Features(model, 130);
                Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(loaded, features)));
                Assert.Equal(SmallData.Saved(model), SmallData.Saved(loaded));
                if (missing == InvalidValueHandling.Impute)
                {
                    features[0] = float.NaN;
                    Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(loaded, features)));
                }
            }
        }
    }

    [Fact]
    public void Save_EqualModels_WriteTheSameBytes()
    {
        Assert.Equal(SmallData.Saved(RandomModels.Named("batch normalization")), SmallData.Saved(RandomModels.Named("batch normalization")));
        Assert.NotEqual(SmallData.Saved(RandomModels.Named("batch normalization")), SmallData.Saved(RandomModels.Named("batch normalization", seed: 2)));
    }

    [Fact]
    public void Load_TruncatedAtAnyLength_SaysSo()
    {
        byte[] bytes = SmallData.Saved(Small());
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => Load(bytes[..length])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_AnyByteChanged_IsNoticed()
    {
        byte[] bytes = SmallData.Saved(Small());
        for (int i = 0; i < bytes.Length; i++)
        {
            foreach (int change in (int[])[0x01, 0x80, 0xFF])
            {
                byte[] damaged = [.. bytes];
                damaged[i] ^= (byte)change;
                Assert.Throws<InvalidDataException>(() => Load(damaged));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void Load_OtherNumberOfNetworksThanThereAre_IsRefused(int claimed)
    {
        MlpModel model = RandomModels.Named("ensemble of residual");
        byte[] bytes = SmallData.Saved(model);
        int size = 4 * model.RestoreParameters().Layout.Parameters.Sum(parameter => parameter.Length), place = bytes.Length - Hash - 3 * size - 4;
        Assert.Equal(3, BitConverter.ToInt32(bytes, place));
        BitConverter.GetBytes(claimed).CopyTo(bytes, place);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Load(Rehashed(bytes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Load_BodyChangedUnderAValidHash_IsRefusedOrAModelThatScores(int networks)
    {
        byte[] bytes = SmallData.Saved(RandomModels.Ensemble(Small(), networks));
        byte[] values = [0x00, 0x01, 0x02, 0x07, 0x7F, 0x80, 0xFF];
        int models = 0, refusals = 0;
        foreach (byte[] damaged in Single(bytes, values).Concat(Wide(bytes)).Concat(Random(bytes, 3000)))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                MlpModel model = Load(Rehashed(damaged));
                models++;
                AssertScores(model);
            }
            catch (InvalidDataException exception)
            {
                refusals++;
                Assert.NotEmpty(exception.Message);
            }

            // The file has a kilobyte or two: whatever sizes it claims, no more than a small multiple is asked for.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.True(models > 100 && refusals > 100, $"{models} models, {refusals} refusals.");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Load_OtherVersion_SaysWhichAndWhatIsRead(int version)
    {
        byte[] bytes = SmallData.Saved(Small());
        BitConverter.GetBytes(version).CopyTo(bytes, 8);
        string message = Assert.Throws<InvalidDataException>(() => Load(Rehashed(bytes))).Message;
        Assert.Contains($"version {version} ", message, StringComparison.Ordinal);
        Assert.Contains("reads versions 1 to 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SomethingElse_SaysSo() =>
        Assert.Contains("not a saved network", Assert.Throws<InvalidDataException>(() => Load([.. "PK and more than twenty bytes"u8])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MaxValue - 100)]
    public void Load_ClaimedLength_AsksForNoMoreMemoryThanThereAreBytes(long length)
    {
        byte[] bytes = SmallData.Saved(Small());
        BitConverter.GetBytes(length).CopyTo(bytes, 12);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Load(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Load_BytesBehindTheModel_AreLeftAlone()
    {
        byte[] bytes = SmallData.Saved(Small());
        using var stream = new MemoryStream([1, 2, 3, .. bytes, .. bytes, 9]) { Position = 3 };
        AssertScores(MlpModel.Load(stream));
        Assert.Equal(3 + bytes.Length, stream.Position);
        AssertScores(MlpModel.Load(stream));
        Assert.Equal(9, stream.ReadByte());
    }

    [Fact]
    public void SaveAndLoad_StreamThatCannotSeekAndGivesLittleAtATime_Works()
    {
        MlpModel model = RandomModels.Named("wide");
        using var stream = new MemoryStream();
        model.Save(new Trickle(stream));
        Assert.Equal(SmallData.Saved(model), stream.ToArray());
        stream.Position = 0;
        Assert.Equal(SmallData.Saved(model), SmallData.Saved(MlpModel.Load(new Trickle(stream))));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void SaveAndLoad_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("stream", () => Small().Save((Stream)null!));
        Assert.Throws<ArgumentNullException>("stream", () => MlpModel.Load((Stream)null!));
    }

    /// <summary>Numbers that were given once and stay for ever.</summary>
    public static TheoryData<Loss, byte[]> LossRecords => new()
    {
        { new SoftmaxCrossEntropy(), [1] },
        { new SigmoidCrossEntropy(), [2] },
        { new SquaredError(), [3] },
        { new AbsoluteError(), [4] },
        { new HuberLoss { Delta = 2 }, [5, .. BitConverter.GetBytes(2f)] },
        { new MulticlassHinge(), [6] },
        { new SquaredMulticlassHinge(), [7] },
        { new BinaryHinge(), [8] },
        { new PerceptronLoss(), [9] },
        { new KullbackLeiblerDivergence(), [10] },
        { new CosineProximity(), [11] },
        { new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, [12, .. BitConverter.GetBytes(0.1f)] },
        { new SoftmaxSquaredError(), [14] },
        { new MulticlassSquaredError(), [15] },
        { new SigmoidSquaredError(), [16] },
        { CustomParts.Exponential, [17, 11, 0, 0, 0, .. "exponential"u8, 0] },
        { CustomParts.Focal, [18, 5, 0, 0, 0, .. "focal"u8, 1] },
        { CustomParts.Squared(standardizeTargets: false), [19, 7, 0, 0, 0, .. "squared"u8] },
    };

    public static TheoryData<Activation, byte[]> ActivationRecords => new()
    {
        { Activation.Identity, [0] },
        { Activation.Relu, [1] },
        { Activation.LeakyRelu(0.5f), [2, .. BitConverter.GetBytes(0.5f)] },
        { Activation.Elu(2), [3, .. BitConverter.GetBytes(2f)] },
        { Activation.Tanh, [4] },
        { Activation.Sigmoid, [5] },
        { Activation.Gelu, [6] },
        { Activation.Silu, [7] },
        { Activation.Mish, [8] },
        { Activation.Selu, [9] },
        { Activation.HardThreshold, [10] },
        { Activation.PRelu(-0.5f), [11, .. BitConverter.GetBytes(-0.5f)] },
        { Activation.Maxout(3), [12, .. BitConverter.GetBytes(3)] },
        { CustomParts.Softsign, [13, 8, 0, 0, 0, .. "softsign"u8] },
    };

    public static TheoryData<Normalization?, byte[]> NormalizationRecords => new()
    {
        { null, [0] },
        { new BatchNormalization { Epsilon = 1, Momentum = 0.5f, Statistics = BatchStatistics.TrainingSet }, [1, .. Bytes(1, 0.5f), 1] },
        { new LayerNormalization { Epsilon = 2 }, [2, .. Bytes(2)] },
        { Normalization.Weight, [3] },
        {
            new BatchRenormalization { Epsilon = 1, Momentum = 0.5f, MaximumScale = 3, MaximumShift = 4, WarmupSteps = 5, ScaleRampSteps = 6,
                ShiftRampSteps = 7 },
            [4, .. Bytes(1, 0.5f, 3, 4), .. BitConverter.GetBytes(5), .. BitConverter.GetBytes(6), .. BitConverter.GetBytes(7)]
        },
        { new CosineNormalization { Epsilon = 2 }, [5, .. Bytes(2)] },
    };

    [Theory]
    [MemberData(nameof(NormalizationRecords))]
    public void Write_AnyNormalization_IsItsNumberAndItsSettings(Normalization? normalization, byte[] expected)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        TaggedRecords.Normalizations.Write(writer, normalization);
        writer.Flush();
        Assert.Equal(expected, stream.ToArray());
        Assert.Equal(normalization, TaggedRecords.Normalizations.Read(new BoundedReader(expected)));
    }

    [Theory]
    [MemberData(nameof(ActivationRecords))]
    public void Write_AnyActivation_IsItsNumberAndItsSettings(Activation activation, byte[] expected)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        TaggedRecords.Activations.Write(writer, activation);
        writer.Flush();
        Assert.Equal(expected, stream.ToArray());
        Assert.Equal(activation, TaggedRecords.Activations.Read(new BoundedReader(expected)));
    }

    [Theory]
    [MemberData(nameof(LossRecords))]
    public void Write_AnyLoss_IsItsNumberAndItsSettings(Loss loss, byte[] expected)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        TaggedRecords.Losses.Write(writer, loss);
        writer.Flush();
        Assert.Equal(expected, stream.ToArray());
        Assert.Equal(loss, TaggedRecords.Losses.Read(new BoundedReader(expected)));
    }

    public static TheoryData<Initializer?, byte[]> InitializerRecords => new()
    {
        { null, [0] },
        { Initializer.Zero, [1] },
        { Initializer.Gaussian(0.5f), [2, .. Bytes(0.5f)] },
        { Initializer.He, [3] },
        { Initializer.HeUniform, [4] },
        { Initializer.GlorotNormal, [5] },
        { Initializer.GlorotUniform, [6] },
        { Initializer.LeCun, [7] },
        { Initializer.Orthogonal(2), [8, .. Bytes(2)] },
        { Initializer.Uniform(0.5f), [10, .. Bytes(0.5f)] },
        { Initializer.Sparse(7, 0.5f), [9, .. BitConverter.GetBytes(7), .. Bytes(0.5f)] },
    };

    [Theory]
    [MemberData(nameof(InitializerRecords))]
    public void Write_AnyInitializer_IsItsNumberAndItsSettings(Initializer? initializer, byte[] expected)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        TaggedRecords.Initializers.Write(writer, initializer);
        writer.Flush();
        Assert.Equal(expected, stream.ToArray());
        Assert.Equal(initializer, TaggedRecords.Initializers.Read(new BoundedReader(expected)));
    }

    /// <summary>The tables are complete: whatever a user can choose has a number.</summary>
    [Fact]
    public void Tables_HaveEveryTypeThereIs()
    {
        int Count<T>() => typeof(T).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract);

        Assert.Equal(ActivationRecords.Count, Count<Activation>());
        Assert.Equal(LossRecords.Count - 1, Count<Loss>());
        Assert.Equal(NormalizationRecords.Count - 1, Count<Normalization>());


        // Models of the tests have both.
        Assert.Equal(2, Count<PeriodicEmbedding>());

        // Five of the initializers are settings of one type; that of the scales of shared members is no setting.
        Assert.Equal(InitializerRecords.Count - 1 - 4 + 1, Count<Initializer>());
    }

    [Fact]
    public void Load_NegativeVariance_IsRefused()
    {
        MlpModel model = RandomModels.Named("batch normalization");
        ParameterVector parameters = model.RestoreParameters();
        float variance = parameters.Value(parameters.Layout.Parameters.Last(parameter => parameter.Name.EndsWith(".Variance", StringComparison.Ordinal)))[2];
        byte[] bytes = SmallData.Saved(model), pattern = BitConverter.GetBytes(variance);
        BitConverter.GetBytes(-1f).CopyTo(bytes, bytes.AsSpan().LastIndexOf(pattern));
        Assert.Throws<InvalidDataException>(() => Load(Rehashed(bytes)));
    }

    /// <summary>Every tag and setting once, in less than a kilobyte.</summary>
    private static MlpModel Small() => RandomModels.Create(
        new MlpArchitecture(2, 2)
        {
            InputDropout = 0.1f,
            InputNoise = 0.2f,
            OutputInitializer = Initializer.GlorotNormal,
            HiddenLayers =
            [
                new(3) { Activation = Activation.LeakyRelu(0.2f), Dropout = 0.3f, DropConnect = 0.1f, ActivityRegularization = 0.5f,
                    Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } },
                new(2) { Activation = Activation.Elu(2), WeightInitializer = Initializer.Gaussian(0.5f) },
                new(1) { Activation = Activation.Sigmoid, WeightInitializer = Initializer.Zero },
                new(1) { WeightInitializer = Initializer.Orthogonal(2) },
                new(1) { WeightInitializer = Initializer.Sparse(7, 0.5f) },
                new(1) { Normalization = Normalization.Layer, Noise = 0.1f, Residual = true },
                new(2) { Normalization = Normalization.Weight, Activation = Activation.PRelu(), InitialBias = 0.1f },
                new(1) { Normalization = Normalization.Cosine, Activation = Activation.Maxout() },
                new(1) { Normalization = Normalization.BatchRenormalization },
            ],
        },
        new SquaredError());

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static MlpModel Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return MlpModel.Load(stream);
    }

    private static byte[] Rehashed(byte[] bytes)
    {
        byte[] result = [.. bytes];
        SHA256.HashData(result.AsSpan(0, result.Length - Hash)).CopyTo(result, result.Length - Hash);
        return result;
    }

    private static void AssertScores(MlpModel model)
    {
        float[] scores = new float[model.OutputCount];
        try
        {
            model.Predict(new float[model.FeatureCount], scores);
            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        }
        catch (InvalidFeatureException)
        {
            // Weights near the largest float: sums overflow, and the model says so.
        }
    }

    /// <summary>Every byte of the body replaced by each of some values.</summary>
    private static IEnumerable<byte[]> Single(byte[] bytes, byte[] values)
    {
        for (int i = Header; i < bytes.Length - Hash; i++)
        {
            foreach (byte value in values.Where(value => value != bytes[i]))
            {
                byte[] damaged = [.. bytes];
                damaged[i] = value;
                yield return damaged;
            }
        }
    }

    /// <summary>Every four bytes of the body replaced by large numbers, NaN and infinity.</summary>
    private static IEnumerable<byte[]> Wide(byte[] bytes)
    {
        int[] numbers = [int.MaxValue, int.MinValue, -1, 1 << 20, 65_536, BitConverter.SingleToInt32Bits(float.NaN),
            BitConverter.SingleToInt32Bits(float.PositiveInfinity)];
        for (int i = Header; i < bytes.Length - Hash - 3; i++)
        {
            foreach (int number in numbers)
            {
                byte[] damaged = [.. bytes];
                BitConverter.GetBytes(number).CopyTo(damaged, i);
                yield return damaged;
            }
        }
    }

    /// <summary>Some bytes of the body replaced at random, or the body cut or lengthened.</summary>
    private static IEnumerable<byte[]> Random(byte[] bytes, int count)
    {
        for (int n = 0; n < count; n++)
        {
            SeededRandom random = new SeededRandom(99).At(n);
            List<byte> damaged = [.. bytes];
            int body = bytes.Length - Header - Hash;
            for (int k = 0; k < 1 + n % 4; k++)
            {
                damaged[Header + random.Below(Math.Min(body, n % 2 == 0 ? 90 : body), 2 * k)] = (byte)random.Below(n % 3 == 0 ? 256 : 9, 2 * k + 1);
            }

            int change = n % 5 == 0 ? random.Below(40, 100) - 20 : 0;
            damaged.InsertRange(damaged.Count - Hash, new byte[Math.Max(0, change)]);
            damaged.RemoveRange(damaged.Count - Hash + Math.Min(0, change), -Math.Min(0, change));
            byte[] result = [.. damaged];
            BitConverter.GetBytes((long)result.Length - Header - Hash).CopyTo(result, 12);
            yield return result;
        }
    }

    /// <summary>A stream like a network's: no length, no position, at most seven bytes at a time.</summary>
    private sealed class Trickle(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 7));

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
