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
        ["a million empty sections"] = (() => Changed(file => file.Sections.AddRange(
            Enumerable.Range(0, 1_000_000).Select(i => ($"X{i}", 0, Array.Empty<byte>())))), 4 << 20),
        ["a required section of 16 MiB"] = (() => Changed(file => file.Sections.Insert(0, ("BOMB", 1, new byte[16 << 20]))), 1 << 20),
        ["version 3, 100,000 networks"] = (() => Earlier(3, 1, 100_000, 100_000 * 2), 1 << 20),
        ["version 3, units without end"] = (() => Earlier(3, int.MaxValue, 1, 0), 1 << 20),
        ["version 1, units without end"] = (() => Earlier(1, 400_000_000, 1, 0), 1 << 20),
    };

    private static readonly Dictionary<string, (Func<byte[]> File, long Bytes)> _zips = new()
    {
        // Four million units for 80 kB; 22 million took 3.2 GB.
        ["4 million units"] = (() => Zip(("Network", Wide(4_000_000))), 120 << 20),
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

    public static TheoryData<string> Files => [.. _networks.Keys];

    public static TheoryData<string> Archives => [.. _zips.Keys];

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

    /// <summary>The pieces that the bombs are made of are sound.</summary>
    [Fact]
    public void Load_SmallOfTheSameKind_IsRead()
    {
        Assert.Equal(7, Load(Networks(7, 1)).Members.Count);
        Assert.Equal(10_000, Load(Networks(1, 9_999)).Architecture.HiddenLayers.Count + 1);
        Assert.Equal(3, Load(Earlier(3, 2, 3, 3 * 7)).Members.Count);
        Assert.Equal(50_000, ModelZip.LoadAll(new MemoryStream(Zip(("Network", Transformer(Wide(50_000)))))).Single().Model.Architecture.HiddenLayers[0].Units);
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
