using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MlNetMlp.Interop;

namespace MlNetMlp.Core.Tests;

/// <summary>Small files that ask for much time or memory, each with checksums that are right.</summary>
/// <remarks>Memory stands for time, too: what is refused before it is allocated is refused before it is computed.</remarks>
public sealed class ResourceBombTests
{
    private const long MostBytes = 300L << 20;

    private static readonly byte[] _saved = SmallData.Saved(RandomModels.Create(new(1, 1) { HiddenLayers = [new(1)] }, new SquaredError()));

    /// <summary>Name, file, and the most bytes that refusing it may take beside four times its own.</summary>
    private static readonly Dictionary<string, (Func<byte[]> File, long Bytes)> _networks = new()
    {
        ["100,000 networks"] = (() => Networks(100_000, 1), 1 << 20),
        ["1,000,000 networks"] = (() => Networks(1_000_000, 1), 1 << 20),
        ["10,001 networks"] = (() => Networks(10_001, 1), 1 << 20),
        ["2001 networks of 10 layers"] = (() => Networks(2001, 9), 1 << 20),
        ["networks without end"] = (() => Networks(int.MaxValue, 1, 0), 1 << 20),
        ["minus one network"] = (() => Networks(-1, 1, 0), 1 << 20),
        ["10,001 layers"] = (() => Networks(1, 10_001), 1 << 20),
        ["layers without end"] = (() => Changed(file => Put(file, "LAYERS", 17, int.MaxValue)), 1 << 20),
        ["units without end"] = (() => Changed(file => Put(file, "LAYERS", 21, int.MaxValue)), 1 << 20),
        ["units whose weights are not there"] = (() => Changed(file => Put(file, "LAYERS", 21, 3_000_000)), 1 << 20),
        ["two layers of a million units"] = (() => Changed(file => Layers(file, 1_000_000, 1_000_000)), 1 << 20),
        ["inputs without end"] = (() => Changed(file => Put(file, "LAYERS", 0, int.MaxValue)), 1 << 20),
        ["outputs without end"] = (() => Changed(file => Put(file, "LAYERS", 4, int.MaxValue)), 1 << 20),
        ["outputs without end, targets without number"] = (() => Changed(file =>
        {
            Put(file, "LAYERS", 4, 20_000_000);
            file["TARGETS"] = [];
        }), 1 << 20),
        ["Maxout of pieces without end"] = (() => Changed(file =>
        {
            byte[] layers = file["LAYERS"];
            file["LAYERS"] = [.. layers[..25], 12, .. BitConverter.GetBytes(int.MaxValue), .. layers[26..]];
        }), 1 << 20),
        ["waves whose weights are not there"] = (() => Changed(file => file.Sections.Add(
            ("NUMBERS", 1, [1, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 128, 63, 1, 0, 0, 0, 0, 0, 0, 0]))), 1 << 20),
        ["embedded features without end"] = (() => Changed(file => file.Sections.Add(
            ("NUMBERS", 1, [1, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 128, 63, 255, 255, 255, 127]))), 1 << 20),
        ["two sections of networks"] = (() => Changed(file => file.Sections.Add(("NETWORKS", 1, file["NETWORKS"]))), 1 << 20),
        ["two sections of layers, the second without end"] = (() => Changed(file => file.Sections.Add(
            ("LAYERS", 1, [.. file["LAYERS"][..17], 255, 255, 255, 127]))), 1 << 20),
        ["a thousand times the same optional section"] = (() => Changed(file => file.Sections.AddRange(
            Enumerable.Repeat(("X", 0, Array.Empty<byte>()), 1000))), 1 << 20),
        ["a body without end"] = (() => Length(long.MaxValue), 1 << 20),
        ["a body of 2 GB that is not there"] = (() => Length(2_000_000_000), 2 << 20),
        ["a body of less than nothing"] = (() => Length(-1), 1 << 20),
        ["a section without end"] = (() => SectionLength(long.MaxValue), 1 << 20),
        ["a section of 2 GB that is not there"] = (() => SectionLength(2_000_000_000), 1 << 20),
        ["a section of less than nothing"] = (() => SectionLength(-1), 1 << 20),
        ["10,000 layers of Maxout of 100,000 pieces"] = (() => Changed(file => Maxout(file, 10_000, 100_000)), 2 << 20),
        ["a million empty sections"] = (() => Changed(file => file.Sections.AddRange(
            Enumerable.Range(0, 1_000_000).Select(i => ($"X{i}", 0, Array.Empty<byte>())))), 4 << 20),
        ["a required section of 16 MiB"] = (() => Changed(file => file.Sections.Insert(0, ("BOMB", 1, new byte[16 << 20]))), 1 << 20),
        ["version 3, 100,000 networks"] = (() => Earlier(3, 1, 100_000, 100_000 * 2), 1 << 20),
        ["version 3, units without end"] = (() => Earlier(3, int.MaxValue, 1, 0), 1 << 20),
        ["version 2, units without end"] = (() => Earlier(2, int.MaxValue, 1, 0), 1 << 20),
        ["version 3, networks without end"] = (() => Earlier(3, 1, int.MaxValue, 0), 1 << 20),
        ["version 1, units without end"] = (() => Earlier(1, 400_000_000, 1, 0), 1 << 20),
    };

    private static readonly Dictionary<string, (Func<byte[]> File, long Bytes)> _zips = new()
    {
        // Four million units for 80 kB; 22 million took 3.2 GB.
        ["4 million units"] = (() => Zip(("Network", Wide(4_000_000))), 120 << 20),
        ["22 million units"] = (() => ZipOfZeros(22_000_000), 1 << 20),
        ["1,000,000 networks"] = (() => Zip(("Network", Transformer(Networks(1_000_000, 1)))), 20 << 20),
        ["100,000 networks in each of 10 folders"] = (() => Folders(10, Networks(100_000, 1)), 20 << 20),
        ["5000 networks in each of 10 folders"] = (() => Folders(10, Networks(5000, 1)), 250 << 20),
        ["two entries of the network"] = (() => Zip(("Network", Transformer()), ("Network", Transformer())), 1 << 20),
        ["two main entries"] = (() => Zip(("Network", Transformer()), ("Model.key", MainEntry()), ("Model.key", MainEntry())), 1 << 20),
        ["a network with two sections of names"] = (() => Zip(("Network", Twice("COLUMN"))), 1 << 20),
        ["300 MB of zeros"] = (() => Zip(("Network", [.. _saved[..12], .. BitConverter.GetBytes(300_000_000L), .. new byte[300_000_000]])), 1 << 20),
        ["a network in each of 1,000 folders with 100 layers"] = (() => Folders(1000, Networks(1, 100)), 250 << 20),
        ["a network of 40 MB in each of 10 folders"] = (() => Folders(10, Changed(file => file.Sections.Add(("X", 0, new byte[40_000_000])))), 250 << 20),
        ["70,000 entries"] = (() => Entries(70_000, "a/{0}"), 80 << 20),
        ["20,000 main entries of nobody"] = (() => Entries(20_000, "{0}/Model.key"), 80 << 20),
        ["a main entry of 20 MB"] = (() => Zip(("Model.key", [.. MainEntry(), .. new byte[20_000_000]]), ("Network", _saved)), 1 << 20),
        ["a name of a column of 80 MB"] = (() => Zip(("Network", Changed(file => file.Sections.Add(("COLUMN", 0,
            [.. BitConverter.GetBytes(80_000_000), .. Enumerable.Repeat((byte)'x', 80_000_000), 1, 0, 0, 0, 1, 0, 0, 0]))))), 250 << 20),
        ["dimensions without end"] = (() => Zip(("Network", Transformer(("COLUMN", [1, 0, 0, 0, (byte)'x', 255, 255, 255, 127])))), 1 << 20),
        ["65 dimensions"] = (() => Zip(("Network", Transformer(("COLUMN", [1, 0, 0, 0, (byte)'x', 65, 0, 0, 0, .. new byte[65 * 4]])))), 1 << 20),
        ["names without end"] = (() => Zip(("Network", Transformer(("NAMES", [2, 255, 255, 255, 127])))), 1 << 20),
        ["16 million names"] = (() => Zip(("Network", Transformer(("NAMES", [2, 0, 0, 0, 1, .. new byte[1 << 24]])))), 80 << 20),
        ["passes without end"] = (() => Zip(("Network", Transformer(("PASSES", [255, 255, 255, 127, 0, 0, 0, 0])))), 1 << 20),
    };

    private static readonly Dictionary<string, (Func<byte[]> File, long Bytes)> _checkpoints = new()
    {
        ["settings without end"] = (() => Checkpoint(file => Put(file, "SETTINGS", 0, int.MaxValue)), 1 << 20),
        ["1,000,001 empty settings"] = (() => Checkpoint(file => file["SETTINGS"] = [.. BitConverter.GetBytes(1_000_001), .. new byte[8_000_008]]), 1 << 20),
        ["finished networks without end"] = (() => Checkpoint(file => Put(file, "FINISHED", 0, int.MaxValue)), 1 << 20),
        ["a million finished networks"] = (() => Checkpoint(file =>
            file["FINISHED"] = [.. BitConverter.GetBytes(1_000_000), .. new byte[90_000_000]]), 1 << 20),
        ["epochs without end"] = (() => Checkpoint(file => Put(file, "HISTORY", 12, int.MaxValue)), 1 << 20),
        ["buffers without end"] = (() => Checkpoint(file => Put(file, "STATE", 8, int.MaxValue)), 1 << 20),
        ["a million empty buffers"] = (() => Checkpoint(file =>
            file["STATE"] = [.. new byte[8], .. BitConverter.GetBytes(1_000_000), .. new byte[8_000_000]]), 1 << 20),
        ["a name of a buffer without end"] = (() => Checkpoint(file => Put(file, "STATE", 12, int.MaxValue)), 1 << 20),
        ["two states"] = (() => Checkpoint(file => file.Sections.Add(("STATE", 1, file["STATE"]))), 1 << 20),
        ["a million empty sections"] = (() => Checkpoint(file => file.Sections.AddRange(
            Enumerable.Range(0, 1_000_000).Select(i => ($"X{i}", 0, Array.Empty<byte>())))), 4 << 20),
    };

    public static TheoryData<string> Files => [.. _networks.Keys];

    public static TheoryData<string> Archives => [.. _zips.Keys];

    public static TheoryData<string> Checkpoints => [.. _checkpoints.Keys];

    [Fact]
    public void Shapes_AreManyKinds() => Assert.InRange(_networks.Count + _zips.Count + _checkpoints.Count, 50, int.MaxValue);

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_SmallFileThatAsksForMuch_IsRefusedForLittle(string name)
    {
        (Func<byte[]> file, long bytes) = _networks[name];

        AssertRefused(file(), bytes, stream => MlpModel.Load(stream));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void ModelZip_SmallArchiveThatAsksForMuch_IsRefusedForLittle(string name)
    {
        (Func<byte[]> file, long bytes) = _zips[name];

        AssertRefused(file(), bytes, stream =>
        {
            // Where there is none, nothing was read either.
            if (ModelZip.LoadAll(stream).Count == 0)
            {
                throw new InvalidDataException();
            }
        });
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Checkpoint_SmallFileThatAsksForMuch_IsRefusedForLittle(string name)
    {
        (Func<byte[]> file, long bytes) = _checkpoints[name];
        using var folder = new TemporaryFolder();
        string path = folder.Path("c");
        File.WriteAllBytes(path, file());

        AssertRefused(File.ReadAllBytes(path), bytes, _ => new TrainingCheckpoint(path).Find());
    }

    /// <summary>Whatever a number of the file means, as a huge one it takes little: hundreds of shapes, most of them refused.</summary>
    [Theory]
    [InlineData("network")]
    [InlineData("checkpoint")]
    public void Load_AnyNumberReplacedByAHugeOne_TakesLittle(string kind)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("c");
        byte[] original = kind == "network" ? Networks(3, 2) : Checkpoint(_ => { });
        int shapes = 0, refused = 0;
        foreach ((string id, _, byte[] content) in new SectionedFile(original).Sections)
        {
            for (int place = 0; place <= Math.Min(200, content.Length - sizeof(int)); place++)
            {
                foreach (int value in new[] { int.MaxValue, int.MinValue, -1, 1_000_000, 100_000_000 })
                {
                    SectionedFile file = new(original);
                    Put(file, id, place, value);
                    byte[] bytes = file.ToBytes();
                    File.WriteAllBytes(path, bytes);
                    Exception? exception = null;
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    exception = Record.Exception(() =>
                        kind == "network" ? (object)MlpModel.Load(new MemoryStream(bytes)) : new TrainingCheckpoint(path).Find());
                    long taken = GC.GetAllocatedBytesForCurrentThread() - before;

                    Assert.True(exception is null or InvalidDataException, $"{id} {place} {value}: {exception}");
                    Assert.True(taken < 1 << 20, $"{id} {place} {value}: {taken} bytes");
                    shapes++;
                    refused += exception is null ? 0 : 1;
                }
            }
        }

        Assert.InRange(shapes, 500, int.MaxValue);
        Assert.InRange(refused, shapes / 10, shapes);
    }

    /// <summary>The pieces that the bombs are made of are sound.</summary>
    [Fact]
    public void Load_SmallOfTheSameKind_IsRead()
    {
        Assert.Equal(7, Load(Networks(7, 1)).Members.Count);
        Assert.Equal(10_000, Load(Networks(1, 9_999)).Architecture.HiddenLayers.Count + 1);
        Assert.Equal(3, Load(Earlier(3, 2, 3, 3 * 7)).Members.Count);
        Assert.Equal(50_000, ModelZip.LoadAll(new MemoryStream(Zip(("Network", Transformer(Wide(50_000)))))).Single().Model.Architecture.HiddenLayers[0].Units);
        Assert.Equal(50_000, ModelZip.Load(new MemoryStream(ZipOfZeros(50_000))).Model.Architecture.HiddenLayers[0].Units);
        Assert.Equal(3, ModelZip.LoadAll(new MemoryStream(Folders(3, Networks(1, 100)))).Count);
        Assert.Equal(["True"], ModelZip.Load(new MemoryStream(Zip(("Network", Transformer(("NAMES", [2, 1, 0, 0, 0, 1])))))).OutputNames);

        static MlpModel Load(byte[] file) => MlpModel.Load(new MemoryStream(file));
    }

    [Fact]
    public void ModelZip_MoreThanTheDefault_IsReadWhereItIsAllowed()
    {
        byte[] zip = Zip(("Network", Transformer(Wide(500_000))));

        Assert.Contains("are allowed", Assert.Throws<InvalidDataException>(() => ModelZip.Load(new MemoryStream(zip))).Message, StringComparison.Ordinal);
        Assert.Equal(500_000, ModelZip.Load(new MemoryStream(zip), maximumBytes: 1L << 30).Model.Architecture.HiddenLayers[0].Units);
    }

    [Fact]
    public void Save_ModelThatCouldNotBeRead_IsRefused()
    {
        MlpModel member = MlpModel.Load(new MemoryStream(_saved));

        Assert.Contains("10001 networks", Assert.Throws<NotSupportedException>(() =>
            MlpModel.Average(Enumerable.Repeat(member, 10_001).ToArray()).Save(Stream.Null)).Message, StringComparison.Ordinal);
        MlpModel.Average(Enumerable.Repeat(member, 10_000).ToArray()).Save(Stream.Null);
    }

    private static void AssertRefused(byte[] file, long bytes, Action<Stream> load)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? exception = Record.Exception(() => load(new MemoryStream(file)));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsType<InvalidDataException>(exception);
        Assert.InRange(taken, 0, Math.Min(MostBytes, bytes + 4L * file.Length));
    }

    private static byte[] Changed(Action<SectionedFile> change)
    {
        SectionedFile file = new(_saved);
        change(file);
        return file.ToBytes();
    }

    private static byte[] Length(long length) => [.. _saved[..12], .. BitConverter.GetBytes(length), .. _saved[20..]];

    /// <summary>The first section claims to be so long.</summary>
    private static byte[] SectionLength(long length)
    {
        byte[] file = [.. _saved[..32], .. BitConverter.GetBytes(length), .. _saved[40..^32]];
        return [.. file, .. SHA256.HashData(file)];
    }

    private static void Maxout(SectionedFile file, int layers, int pieces)
    {
        byte[] content = file["LAYERS"], layer = [1, 0, 0, 0, 12, .. BitConverter.GetBytes(pieces), .. content[26..]];
        file["LAYERS"] = [.. content[..17], .. BitConverter.GetBytes(layers), .. Enumerable.Repeat(layer, layers).SelectMany(bytes => bytes)];
    }

    /// <summary>A checkpoint after an epoch of a small network.</summary>
    private static byte[] Checkpoint(Action<SectionedFile> change)
    {
        using var folder = new TemporaryFolder();
        var loss = new SquaredError();
        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 3,
            NumberOfThreads = 1,
            ThrowOnCancellation = true,
            Checkpoint = new TrainingCheckpoint(folder.Path("c")),
        };
        using var cancellation = new CancellationTokenSource();
        var task = new TrainingTask(new(4, 3) { HiddenLayers = [new(1)] }, loss, SmallData.For(loss, 20))
        {
            Options = options,
            CancellationToken = cancellation.Token,
            Progress = new ImmediateProgress(_ => cancellation.Cancel()),
        };
        Assert.Throws<OperationCanceledException>(() => MlpTrainer.Train(task));
        var file = new SectionedFile(File.ReadAllBytes(folder.Path("c")));
        change(file);
        return file.ToBytes();
    }

    private static byte[] Twice(string id)
    {
        var file = new SectionedFile(Transformer());
        file.Sections.Add((id, 0, file[id]));
        return file.ToBytes();
    }

    /// <summary>A regression's network of one hidden layer of so many units, all zero, as a model.zip; written in pieces, for it is long.</summary>
    private static byte[] ZipOfZeros(int units)
    {
        byte[] small = Transformer(Wide(1));
        byte[] networks = new SectionedFile(small)["NETWORKS"];
        byte[] wide = Transformer(Changed(file => Layers(file, units)));
        int place = wide.AsSpan().IndexOf("NETWORKS"u8);
        long length = sizeof(float) * (3L * units + 1), grown = length - (networks.Length - sizeof(int));
        byte[] head =
        [
            .. wide[..12], .. BitConverter.GetBytes(BitConverter.ToInt64(wide, 12) + grown), .. wide[20..(place + 12)],
            .. BitConverter.GetBytes(length + sizeof(int)), 1, 0, 0, 0,
        ];
        byte[] tail = wide[(place + 20 + networks.Length)..^32];
        using var result = new MemoryStream();
        using (var archive = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream main = archive.CreateEntry("Model.key").Open())
            {
                main.Write(MainEntry());
            }

            using Stream entry = archive.CreateEntry("Network", CompressionLevel.Fastest).Open();
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] zeros = new byte[1 << 20];
            Write(head);
            for (long left = length; left > 0; left -= zeros.Length)
            {
                Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
            }

            Write(tail);
            entry.Write(digest.GetHashAndReset());

            void Write(ReadOnlySpan<byte> bytes)
            {
                digest.AppendData(bytes);
                entry.Write(bytes);
            }
        }

        return result.ToArray();
    }

    private static void Put(SectionedFile file, string id, int place, int value)
    {
        byte[] content = file[id];
        BitConverter.GetBytes(value).CopyTo(content, place);
        file[id] = content;
    }

    private static void Layers(SectionedFile file, params int[] units)
    {
        byte[] layers = file["LAYERS"], layer = layers[25..];
        IEnumerable<byte> all = units.SelectMany(count => (byte[])[.. BitConverter.GetBytes(count), .. layer]);
        file["LAYERS"] = [.. layers[..17], .. BitConverter.GetBytes(units.Length), .. all];
    }

    /// <summary>So many networks with so many hidden layers of one unit; or with only some of them in the file.</summary>
    private static byte[] Networks(int count, int layers, int? there = null) => Changed(file =>
    {
        Layers(file, [.. Enumerable.Repeat(1, layers)]);
        file["NETWORKS"] = [.. BitConverter.GetBytes(count), .. new byte[sizeof(float) * 2 * (layers + 1) * (there ?? count)]];
    });

    /// <summary>One hidden layer of so many units.</summary>
    private static byte[] Wide(int units) => Changed(file =>
    {
        Layers(file, units);
        file["NETWORKS"] = [1, 0, 0, 0, .. new byte[sizeof(float) * (3 * units + 1)]];
    });

    /// <summary>A network of one input and one output in the layout that came before sections.</summary>
    private static byte[] Earlier(int version, int units, int networks, int parameters)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("MLNETMLP"u8);
        writer.Write(version);
        writer.Write(0L);
        writer.Write(1);
        writer.Write(1);
        writer.Write(0f);
        writer.Write((byte)0);
        writer.Write(new byte[version > 1 ? 4 : 0]);
        writer.Write(units > 1 ? 1 : 0);
        if (units > 1)
        {
            // Units, ReLU, dropout, no normalization, no initializer, and what came with versions 2 and 3.
            writer.Write(units);
            writer.Write((byte)1);
            writer.Write(0f);
            writer.Write((short)0);
            writer.Write(new byte[version switch { 1 => 0, 2 => 5, _ => 17 }]);
        }

        // Squared error, values that are missing and infinite imputed, identity maps.
        writer.Write((byte)3);
        writer.Write((short)0x0101);
        Array.ForEach([0f, 1f, 0f, 0f, 1f], writer.Write);
        if (version > 2)
        {
            writer.Write(networks);
        }

        writer.Write(new byte[parameters * sizeof(float)]);
        stream.Position = 12;
        writer.Write(stream.Length - 20);
        byte[] file = stream.ToArray();
        return [.. file, .. SHA256.HashData(file)];
    }

    /// <summary>A regression's network with what its transformer has beside it, of which one section may be replaced.</summary>
    private static byte[] Transformer(params ReadOnlySpan<(string Id, byte[] Content)> replaced) => Transformer(_saved, replaced);

    private static byte[] Transformer(byte[] network, params ReadOnlySpan<(string Id, byte[] Content)> replaced)
    {
        var file = new SectionedFile(network);
        file.Sections.Add(("COLUMN", 0, [1, 0, 0, 0, (byte)'x', 1, 0, 0, 0, 1, 0, 0, 0]));
        file.Sections.Add(("TASK", 0, [3, 0]));
        foreach ((string id, byte[] content) in replaced)
        {
            file.Sections.RemoveAll(section => section.Id == id);
            file.Sections.Add((id, 0, content));
        }

        return file.ToBytes();
    }

    /// <summary>The main entry of a real file.</summary>
    private static byte[] MainEntry() => Mutations.Entries(File.ReadAllBytes(ModelZipTests.PathOf("entry2-regression.zip")))
        .Single(entry => entry.Name.EndsWith("Model.key", StringComparison.Ordinal) && entry.Content.Length > 256
            && Encoding.ASCII.GetString(entry.Content, 0x40, 8) == "MLNETMLP").Content;

    private static byte[] Zip(params (string Name, byte[] Content)[] entries) =>
        Archive([.. entries.Any(entry => entry.Name == "Model.key") ? [] : new[] { ("Model.key", MainEntry()) }, .. entries]);

    private static byte[] Folders(int count, byte[] network)
    {
        byte[] main = MainEntry(), content = Transformer(network);
        return Archive(Enumerable.Range(0, count).SelectMany(i => new[] { ($"{i}/Model.key", main), ($"{i}/Network", content) }));
    }

    private static byte[] Entries(int count, string name) =>
        Archive(Enumerable.Range(0, count).Select(i => (string.Format(null, name, i), name.Contains("key", StringComparison.Ordinal) ? new byte[300] : [])));

    private static byte[] Archive(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var result = new MemoryStream();
        using (var archive = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream stream = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(content);
            }
        }

        return result.ToArray();
    }
}
