using System.Buffers.Binary;
using System.Globalization;
using MlNetMlp.Interop;

namespace MlNetMlp.Core.Tests;

/// <summary>Archives that the real ML.NET wrote; see the README beside them.</summary>
public sealed class ModelZipTests
{
    [Theory]
    [InlineData("chain-multiclass", "TransformerChain/Transform_001", ModelZipTask.Multiclass, "Features", "ash|birch|cedar")]
    [InlineData("regression", "TransformerChain", ModelZipTask.Regression, "Features", "width|height")]
    [InlineData("binary-uncertainty", "TransformerChain", ModelZipTask.Binary, "Features", "")]
    [InlineData("entry2-chain-multiclass", "TransformerChain/Transform_001", ModelZipTask.Multiclass, "Features", "ash|birch|cedar")]
    [InlineData("entry2-regression", "TransformerChain", ModelZipTask.Regression, "Features", "width|height")]
    [InlineData("entry2-binary-uncertainty", "TransformerChain", ModelZipTask.Binary, "Features", "")]
    public void Load_FileOfMLNet_ScoresAsRecorded(string name, string location, ModelZipTask task, string column, string names)
    {
        ModelZipNetwork network = ModelZip.Load(PathOf(name + ".zip"));

        Assert.Equal((location, task, column, names), (network.Location, network.Task, network.FeatureColumnName, string.Join('|', network.OutputNames)));
        Assert.Equal([4], network.FeatureDimensions);
        Assert.Equal(name switch
        {
            "binary-uncertainty" or "entry2-binary-uncertainty" => new MonteCarloDropout { Passes = 5, Seed = 2 },
            "entry2-regression" => new MonteCarloDropout(),
            _ => null,
        }, network.MonteCarloDropout);
        float[][] lines = [.. File.ReadLines(PathOf(name + ".csv")).Select(line => Array.ConvertAll(line.Split(','),
            text => float.Parse(text, CultureInfo.InvariantCulture)))];
        Assert.NotEmpty(lines);
        foreach (float[] line in lines)
        {
            float[] scores = new float[network.Model.OutputCount];
            network.Model.Predict(line.AsSpan(0, 4), scores);
            Assert.All(scores.Zip(line[4..]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    [Theory]
    [InlineData("two-networks.zip")]
    [InlineData("entry2-two-networks.zip")]
    public void Load_SeveralNetworks_WantsToKnowWhich(string name)
    {
        string path = PathOf(name);

        string message = Assert.Throws<InvalidOperationException>(() => ModelZip.Load(path)).Message;
        Assert.Contains("'TransformerChain/Transform_000', 'TransformerChain/Transform_001'", message, StringComparison.Ordinal);
        Assert.Contains("Transform_001", Assert.Throws<ArgumentException>("location", () => ModelZip.Load(path, "Transform_001")).Message,
            StringComparison.Ordinal);
        Assert.Equal(ModelZipTask.Binary, ModelZip.Load(path, "TransformerChain/Transform_000").Task);
        Assert.Equal(ModelZipTask.Regression, ModelZip.Load(path, "TransformerChain/Transform_001").Task);
        Assert.Equal(2, ModelZip.LoadAll(path).Count);
    }

    [Fact]
    public void Load_EntriesNamedAsOnWindows_AreFound()
    {
        byte[] zip = Mutations.Zip(Entries().Select(entry => (entry.Name.Replace('/', '\\'), entry.Content)));

        Assert.Equal("TransformerChain/Transform_001", Load(zip).Location);
    }

    [Fact]
    public void Load_MoreThanAllowed_IsRefusedBeforeItIsUnpacked()
    {
        List<(string Name, byte[] Content)> entries = Entries();
        byte[] bomb = new byte[200 << 20];
        entries[IndexOf(entries, "/Network")].Content.AsSpan(0, 12).CopyTo(bomb);
        BinaryPrimitives.WriteInt64LittleEndian(bomb.AsSpan(12), bomb.Length - 52);
        entries[IndexOf(entries, "/Network")] = (entries[IndexOf(entries, "/Network")].Name, bomb);
        byte[] zip = Mutations.Zip(entries);
        bomb = [];

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("are allowed", Refused(zip, 100 << 20), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0x18)] // uncompressed size
    [InlineData(0x14)] // compressed size
    public void Load_SizesThatAreNotTrue_AreRefusedForLittleMemory(int offset)
    {
        byte[] original = File.ReadAllBytes(PathOf("chain-multiclass.zip"));
        foreach (int directory in Enumerable.Range(0, original.Length - 46).Where(i => original.AsSpan(i, 4).SequenceEqual("PK\u0001\u0002"u8)))
        {
            foreach (int claimed in (int[])[0, 1, 1000, 100_000_000])
            {
                byte[] zip = [.. original];
                BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(directory + offset), claimed);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    // Some entries belong to the other transforms, of which nothing is read.
                    Assert.Equal(Load(original).OutputNames, Load(zip).OutputNames);
                }
                catch (InvalidDataException)
                {
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            }
        }
    }

    [Theory]
    [InlineData("chain-multiclass.zip")]
    [InlineData("entry2-chain-multiclass.zip")]
    public void Load_OneBitOfTheArchiveChanged_IsRefusedOrOfNoEffect(string name)
    {
        byte[] zip = Mutations.Zip(Mutations.Entries(File.ReadAllBytes(PathOf(name))));
        byte[] expected = SmallData.Saved(Load(zip).Model);
        int refused = 0;
        for (int i = 0; i < zip.Length; i++)
        {
            byte[] changed = [.. zip];
            changed[i] ^= 4;
            try
            {
                ModelZipNetwork network = Load(changed);
                Assert.Equal(["ash", "birch", "cedar"], network.OutputNames);
                Assert.Equal(expected, SmallData.Saved(network.Model));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > zip.Length / 4, $"{refused} of {zip.Length}");
    }

    /// <summary>Column, task, names, passes and network, in an archive whose own checksums are right.</summary>
    [Theory]
    [InlineData("entry2-regression.zip")]
    [InlineData("entry2-binary-uncertainty.zip")]
    public void Load_OneBitOfTheNetworkEntryChanged_IsRefused(string name)
    {
        List<(string Name, byte[] Content)> entries = Mutations.Entries(File.ReadAllBytes(PathOf(name)));
        int place = entries.FindIndex(entry => entry.Name.EndsWith("Network", StringComparison.Ordinal));
        byte[] content = entries[place].Content;
        for (int i = 0; i < content.Length; i++)
        {
            byte[] changed = [.. content];
            changed[i] ^= (byte)(1 << (i % 8));
            entries[place] = (entries[place].Name, changed);
            Refused(Mutations.Zip(entries));
        }
    }

    /// <summary>The network of one file in the entry of another that it does not fit: the column, the task and the names come along with it.</summary>
    [Fact]
    public void Load_NetworkEntryOfAnotherFile_BringsItsColumnTaskAndNames()
    {
        List<(string Name, byte[] Content)> entries = Mutations.Entries(File.ReadAllBytes(PathOf("entry2-binary-uncertainty.zip")));
        int place = entries.FindIndex(entry => entry.Name.EndsWith("Network", StringComparison.Ordinal));
        entries[place] = (entries[place].Name, Mutations.Entries(File.ReadAllBytes(PathOf("entry2-regression.zip")))
            .Single(entry => entry.Name.EndsWith("Network", StringComparison.Ordinal)).Content);

        ModelZipNetwork network = Load(Mutations.Zip(entries));

        Assert.Equal((ModelZipTask.Regression, "width|height"), (network.Task, string.Join('|', network.OutputNames)));
    }

    [Theory]
    [InlineData("entry2-regression.zip")]
    [InlineData("entry2-chain-multiclass.zip")]
    public void Model_LoadedFromTheNetworkEntryAlone_IsTheSame(string name)
    {
        byte[] entry = Mutations.Entries(File.ReadAllBytes(PathOf(name))).Single(entry => entry.Name.EndsWith("Network", StringComparison.Ordinal)).Content;

        Assert.Equal(SmallData.Saved(ModelZip.Load(PathOf(name)).Model), SmallData.Saved(MlpModel.Load(new MemoryStream(entry))));
    }

    [Theory]
    [InlineData("COLUMN", false)]
    [InlineData("TASK", true)]
    public void Load_WithoutASectionOfTheTransformer_IsRefused(string id, bool isNamed)
    {
        List<(string Name, byte[] Content)> entries = Mutations.Entries(File.ReadAllBytes(PathOf("entry2-regression.zip")));
        int place = entries.FindIndex(entry => entry.Name.EndsWith("Network", StringComparison.Ordinal));
        var file = new SectionedFile(entries[place].Content);
        file.Sections.RemoveAll(section => section.Id == id);
        entries[place] = (entries[place].Name, file.ToBytes());

        // Without a column it is taken for an entry of the first version, of which nothing is in the main entry.
        Assert.Contains(isNamed ? $"section {id} is missing" : "cut short", Refused(Mutations.Zip(entries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EntryTwice_IsRefused()
    {
        List<(string Name, byte[] Content)> entries = Entries();
        entries.Add(entries[IndexOf(entries, "/Network")]);

        Assert.Contains("more than once", Refused(Mutations.Zip(entries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutItsNetwork_SaysSo()
    {
        List<(string Name, byte[] Content)> entries = Entries();
        entries.RemoveAt(IndexOf(entries, "/Network"));

        Assert.Contains("no entry 'TransformerChain/Transform_001/Network'", Refused(Mutations.Zip(entries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoArchive_SaysSo()
    {
        Refused([]);
        Refused(SmallData.Saved(RandomModels.Named("maxout")));
        Assert.Throws<FileNotFoundException>(() => ModelZip.Load(PathOf("none.zip")));
        Assert.Throws<ArgumentOutOfRangeException>("maximumBytes", () => ModelZip.Load(PathOf("regression.zip"), maximumBytes: 0));
        Assert.Throws<ArgumentNullException>("stream", () => ModelZip.Load((Stream)null!));
    }

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Serialization", "Fixtures", "MLNet", file);

    private static List<(string Name, byte[] Content)> Entries() => Mutations.Entries(File.ReadAllBytes(PathOf("chain-multiclass.zip")));

    private static int IndexOf(List<(string Name, byte[] Content)> entries, string end) =>
        entries.FindIndex(entry => entry.Name.StartsWith("TransformerChain/Transform_001/", StringComparison.Ordinal)
            && entry.Name.EndsWith(end, StringComparison.Ordinal));

    private static ModelZipNetwork Load(byte[] zip) => ModelZip.Load(new MemoryStream(zip));

    private static string Refused(byte[] zip, long? maximumBytes = null) =>
        Assert.Throws<InvalidDataException>(() => ModelZip.Load(new MemoryStream(zip), null, maximumBytes)).Message;
}
