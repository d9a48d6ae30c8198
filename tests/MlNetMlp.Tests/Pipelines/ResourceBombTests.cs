using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Small model.zip files that ask for much, loaded by ML.NET as a service does.</summary>
public sealed class ResourceBombTests
{
    private static readonly byte[] _zip = ModelFiles.Save(TrainerCase.Of("regression").Fit());

    /// <summary>What is done to the sections of the network.</summary>
    private static readonly Dictionary<string, Action<SectionedFile>> _bombs = new()
    {
        ["100,000 networks"] = file => Networks(file, 100_000),
        ["1,000,000 networks"] = file => Networks(file, 1_000_000),
        ["4 million units"] = file => Wide(file, 4_000_000),
        ["a million empty sections"] = file => file.Sections.AddRange(Enumerable.Range(0, 1_000_000).Select(i => ($"X{i}", 0, Array.Empty<byte>()))),
        ["a section of 250 MB of zeros"] = file => file.Sections.Add(("X", 0, new byte[250_000_000])),
        ["two sections of networks"] = file => file.Sections.Add(("NETWORKS", 1, file["NETWORKS"])),
        ["16 million names"] = file => file.Sections.Add(("NAMES", 0, [2, 0, 0, 0, 1, .. new byte[1 << 24]])),
    };

    public static TheoryData<string> Bombs => [.. _bombs.Keys];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Load_SmallFileThatAsksForMuch_IsRefusedForLittleAndNamesTheEntry(string name)
    {
        byte[] file = ModelFiles.Change(_zip, "/Network", network => Bomb(network, _bombs[name]));
        Assert.InRange(file.Length, 0, 20_000_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? exception = Record.Exception(() => ModelFiles.Load(file));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        var cause = Assert.IsType<InvalidDataException>(exception?.GetBaseException());
        Assert.Contains("/Network'", cause.Message, StringComparison.Ordinal);
        Assert.InRange(taken, 0, 300 << 20);
    }

    /// <summary>Each folder's network is one that may be read; all together they are too much.</summary>
    [Fact]
    public void Load_ManyNetworksOfOneFile_ShareTheBudget()
    {
        Assert.Null(Record.Exception(() => ModelFiles.Load(Chain(1))));
        Exception? refused = Record.Exception(() => ModelFiles.Load(Chain(10)));
        Assert.Contains("are allowed", Assert.IsType<InvalidDataException>(refused?.GetBaseException()).Message, StringComparison.Ordinal);

        static byte[] Chain(int count) => ModelFiles.ChangeAll(
            ModelFiles.Save(new TransformerChain<ITransformer>([.. Enumerable.Repeat(ModelFiles.Load(_zip), count)])),
            "/Network", network => Bomb(network, section => Wide(section, 300_000)));
    }

    private static byte[] Bomb(byte[] network, Action<SectionedFile> change)
    {
        var file = new SectionedFile(network);
        change(file);
        return file.ToBytes();
    }

    /// <summary>So many networks, all of zeros.</summary>
    private static void Networks(SectionedFile file, int count)
    {
        int size = file["NETWORKS"].Length - sizeof(int);
        file["NETWORKS"] = [.. BitConverter.GetBytes(count), .. new byte[(long)size * count]];
    }

    /// <summary>One hidden layer of so many units, all of zeros; the number of units is behind 21 bytes.</summary>
    private static void Wide(SectionedFile file, int units)
    {
        byte[] layers = file["LAYERS"];
        file["LAYERS"] = [.. layers[..21], .. BitConverter.GetBytes(units), .. layers[25..]];
        file["NETWORKS"] = [1, 0, 0, 0, .. new byte[sizeof(float) * ((TrainerCase.FeatureCount + 2) * units + 1)]];
    }
}
