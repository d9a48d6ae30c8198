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
    public void Load_FileOfMLNet_ScoresAsRecorded(string name, string location, ModelZipTask task, string column, string names)
    {
        ModelZipNetwork network = ModelZip.Load(PathOf(name + ".zip"));

        Assert.Equal((location, task, column, names), (network.Location, network.Task, network.FeatureColumnName, string.Join('|', network.OutputNames)));
        Assert.Equal([4], network.FeatureDimensions);
        Assert.Equal(name == "binary-uncertainty" ? new MonteCarloDropout { Passes = 5, Seed = 2 } : null, network.MonteCarloDropout);
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

    [Fact]
    public void Load_SeveralNetworks_WantsToKnowWhich()
    {
        string path = PathOf("two-networks.zip");

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

    [Fact]
    public void Load_OneBitOfTheMainEntryChanged_IsRefused()
    {
        byte[] zip = Mutations.Zip(Entries());
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

    private static string Refused(byte[] zip, long maximumBytes = ModelZip.DefaultMaximumBytes) =>
        Assert.Throws<InvalidDataException>(() => ModelZip.Load(new MemoryStream(zip), null, maximumBytes)).Message;
}
