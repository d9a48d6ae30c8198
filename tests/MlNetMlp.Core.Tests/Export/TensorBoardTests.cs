using System.Buffers.Binary;
using System.Text;

namespace MlNetMlp.Core.Tests;

/// <summary>The files are read by a reader of its own, which knows the records and messages from the documentation of TensorFlow.</summary>
public sealed class TensorBoardTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scalars_AreThoseOfTheReports()
    {
        MlpTrainingResult result = Train(new() { NumberOfEpochs = 3, L2Regularization = 0.01f });
        Event[] training = Read("train"), validation = Read("validation");
        Assert.Equal([0, 1, 2, 3], training.Select(e => e.Step));
        Assert.Equal("brain.Event:2", training[0].Version);
        Assert.All(training, e => Assert.InRange(e.Time, 1.6e9, 1e11));
        foreach (EpochReport report in result.History)
        {
            Dictionary<string, Message> values = training[report.Epoch].Values, held = validation[report.Epoch].Values;
            Assert.Equal(["Accuracy", "gradient norm", "learning rate", "loss", "penalty"], values.Keys.Order(StringComparer.Ordinal));
            Assert.Equal((float)report.TrainingLoss, values["loss"].Single(2));
            Assert.Equal((float)report.TrainingMetric, values["Accuracy"].Single(2));
            Assert.Equal(report.LearningRate, values["learning rate"].Single(2));
            Assert.Equal((float)report.GradientNorm, values["gradient norm"].Single(2));
            Assert.Equal((float)report.Penalty, values["penalty"].Single(2));
            Assert.Equal(["Accuracy", "loss"], held.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(((float)report.ValidationLoss!, (float)report.ValidationMetric!), (held["loss"].Single(2), held["Accuracy"].Single(2)));
        }
    }

    [Fact]
    public void Histograms_CountTheWeights()
    {
        using var board = new TensorBoardWriter(_folder.Path("run"));
        ModelWeights? weights = null;
        MlpTrainer.Train(Task(new() { NumberOfEpochs = 2 }) with
        {
            AfterEpoch = epoch =>
            {
                weights = epoch.Model.Weights();
                Assert.Same(EpochDecision.Continue, board.AddWeights(epoch));
                return EpochDecision.Continue;
            },
        });
        Event last = Read("train")[^1];
        Assert.Equal((2, weights!.Count), (last.Step, last.Values.Count));
        foreach (WeightMatrix matrix in weights)
        {
            Message histogram = last.Values[matrix.Name.Replace('.', '/')].Part(5);
            double[] values = [.. matrix.Values.ToArray().Select(value => (double)value)], ends = histogram.Doubles(6), counts = histogram.Doubles(7);
            Assert.Equal((values.Min(), values.Max(), values.Length), (histogram.Double(1), histogram.Double(2), histogram.Double(3)));
            Assert.Equal(values.Sum(), histogram.Double(4), 1e-9);
            Assert.Equal(values.Sum(value => value * value), histogram.Double(5), 1e-9);
            Assert.Equal((30, 30), (ends.Length, counts.Length));
            Assert.Equal(ends.Order(), ends);
            Assert.Equal(values.Max(), ends[^1]);

            // Up to each end there are as many as there are below it; one that lies on an end may be counted on either side of it.
            double sum = 0;
            for (int bin = 0; bin < 30; bin++)
            {
                sum += counts[bin];
                Assert.InRange(sum, values.Count(value => value < ends[bin] - 1e-7), values.Count(value => value <= ends[bin] + 1e-7));
            }

            Assert.Equal(values.Length, sum);
        }
    }

    /// <summary>Values that are all the same are all in one bin. With zeros on both sides, no gradient moves what lies between.</summary>
    [Fact]
    public void Histogram_OfValuesThatAreAllZero_HasThemAll()
    {
        using var board = new TensorBoardWriter(_folder.Path("run"));
        TrainingTask task = new(
            new(4, 3) { HiddenLayers = [new(5) { WeightInitializer = Initializer.Zero }], OutputInitializer = Initializer.Zero }, _loss,
            SmallData.For(_loss, 40))
        {
            Options = new() { NumberOfEpochs = 1, Optimizer = new Sgd(), LearningRate = 0.1f },
            AfterEpoch = board.AddWeights,
        };
        MlpTrainer.Train(task);
        Message biases = Read("train")[^1].Values["Hidden1/Biases"].Part(5);
        Assert.Equal([.. new double[29], 5], biases.Doubles(7));
        Assert.Equal((0, 0, 5), (biases.Double(1), biases.Double(2), biases.Double(3)));
    }

    [Fact]
    public void Text_IsCodeInMarkdown()
    {
        using (var board = new TensorBoardWriter(_folder.Path("run")))
        {
            board.AddText("summary", "first | line\nsecond \u00e4");
        }

        Message value = Read("train")[^1].Values["summary"], tensor = value.Part(8);
        Assert.Equal("text", value.Part(9).Part(1).Text(1));
        Assert.Equal((7, 1), (tensor.Number(1), tensor.Part(2).Part(2).Number(1)));
        Assert.Equal("    first | line\n    second \u00e4", tensor.Text(8));
    }

    [Fact]
    public void Members_HaveRunsOfTheirOwn()
    {
        Train(new() { NumberOfEpochs = 2, Ensemble = Ensemble.Seeds(2) });
        Assert.Equal(3, Read("member1/train").Length);
        Assert.Equal(3, Read("member2/validation").Length);
    }

    [Fact]
    public void Writer_AfterItsEnd_IsRefused()
    {
        var board = new TensorBoardWriter(_folder.Path("run"));
        board.Dispose();
        board.Dispose();
        Assert.Throws<ObjectDisposedException>(() => board.AddText("a", "b"));
        Assert.Throws<ArgumentException>(() => new TensorBoardWriter(" "));
        Assert.Equal($"TensorBoard in '{_folder.Path("run")}'", board.ToString());
    }

    private MlpTrainingResult Train(MlpTrainingOptions options)
    {
        using var board = new TensorBoardWriter(_folder.Path("run"));
        return MlpTrainer.Train(Task(options) with { Progress = board });
    }

    private static TrainingTask Task(MlpTrainingOptions options) => new(new(4, 3) { HiddenLayers = [new(5)] }, _loss, SmallData.For(_loss, 40))
    {
        Options = options,
        Validation = SmallData.For(_loss, 20, seed: 7),
    };

    private Event[] Read(string run)
    {
        string path = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path("run"), run)));
        Assert.StartsWith("events.out.tfevents.", Path.GetFileName(path), StringComparison.Ordinal);
        using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        shared.CopyTo(copy);
        byte[] file = copy.ToArray();
        var events = new List<Event>();
        for (int place = 0; place < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(place));
            Assert.Equal(Masked(file.AsSpan(place, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place + 8)));
            byte[] content = file[(place + 12)..(place + 12 + length)];
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place + 12 + length)));
            events.Add(new(new Message(content)));
            place += 16 + length;
        }

        return [.. events];
    }

    /// <summary>CRC-32C bit by bit, by its polynomial, and the mask of TFRecord: rotated by 15 bits, plus a constant.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : sum >> 1 ^ 0x82F63B78;
            }
        }

        return ((~sum >> 15) | (~sum << 17)) + 0xA282EAD8;
    }

    /// <summary>An event: time, step, and the version of the file or values by their tags.</summary>
    private sealed class Event(Message message)
    {
        public double Time => message.Double(1);

        public int Step => (int)message.Number(2);

        public string Version => message.Text(3);

        public Dictionary<string, Message> Values => message.Part(5).Parts(1).ToDictionary(value => value.Text(1), StringComparer.Ordinal);
    }

    /// <summary>A message of Protocol Buffers: its fields, by their numbers.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Content)> _fields = [];

        public Message(byte[] bytes)
        {
            int place = 0;
            while (place < bytes.Length)
            {
                long key = Varint(bytes, ref place);
                int length = (key & 7) switch
                {
                    0 => LengthOfVarint(bytes, place),
                    1 => 8,
                    5 => 4,
                    2 => (int)Varint(bytes, ref place),
                    _ => throw new InvalidDataException($"The wire has no type {key & 7}."),
                };
                _fields.Add(((int)(key >> 3), bytes[place..(place + length)]));
                place += length;
            }
        }

        public double Double(int field) => BinaryPrimitives.ReadDoubleLittleEndian(Only(field));

        public float Single(int field) => BinaryPrimitives.ReadSingleLittleEndian(Only(field));

        public string Text(int field) => Encoding.UTF8.GetString(Only(field));

        public Message Part(int field) => new(Only(field));

        public IEnumerable<Message> Parts(int field) => _fields.Where(part => part.Field == field).Select(part => new Message(part.Content));

        public double[] Doubles(int field) => [.. Only(field).Chunk(8).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes))];

        public long Number(int field)
        {
            int place = 0;
            return Varint(Only(field), ref place);
        }

        private byte[] Only(int field) => _fields.Single(part => part.Field == field).Content;

        private static int LengthOfVarint(byte[] bytes, int place)
        {
            int end = place;
            Varint(bytes, ref end);
            return end - place;
        }

        private static long Varint(byte[] bytes, ref int place)
        {
            long value = 0;
            int shift = 0;
            byte part;
            do
            {
                part = bytes[place++];
                value |= (long)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);
            return value;
        }
    }
}
