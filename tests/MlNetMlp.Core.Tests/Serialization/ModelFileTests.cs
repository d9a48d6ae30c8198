namespace MlNetMlp.Core.Tests;

/// <summary>Models saved to paths.</summary>
public sealed class ModelFileTests
{
    [Fact]
    public void SaveAndLoad_Path_IsTheSameModelAndLeavesNothingBeside()
    {
        using var folder = new TemporaryFolder();
        MlpModel first = RandomModels.Named("maxout"), second = RandomModels.Named("residual");

        first.Save(folder.Path("a.mlp"));
        Assert.Equal(SmallData.Saved(first), SmallData.Saved(MlpModel.Load(folder.Path("a.mlp"))));
        second.Save(folder.Path("a.mlp"));

        Assert.Equal(SmallData.Saved(second), File.ReadAllBytes(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp"], folder.Files);
    }

    [Fact]
    public void Save_WhereAKilledProcessLeftAPart_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        string[] others = ["a.mlp.0123456.tmp", "a.mlp.0123456x.tmp", "b.mlp.0123abcd.tmp", "ba.mlp.0123abcd.tmp"];
        Array.ForEach([.. others, "a.mlp.0123abcd.tmp", "a.mlp.89abcdef.tmp"], name => File.WriteAllBytes(folder.Path(name), new byte[1 << 20]));

        model.Save(folder.Path("a.mlp"));

        Assert.Equal(SmallData.Saved(model), File.ReadAllBytes(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp", .. others], folder.Files);
    }

    [Fact]
    public void Save_ThatFailsOnTheWay_KeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("a.mlp"), "old");

        Assert.Throws<InvalidTimeZoneException>(() => new AtomicFile(folder.Path("a.mlp")).Write(stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal("old", File.ReadAllText(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp"], folder.Files);
    }

    [Fact]
    public void Save_WhileAnotherSaves_DoesNotMeetIt()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");

        new AtomicFile(folder.Path("a.mlp")).Write(stream =>
        {
            stream.Write("first"u8);
            model.Save(folder.Path("a.mlp"));
            Assert.Equal(2, folder.Files.Length);
            Assert.Equal(SmallData.Saved(model), SmallData.Saved(MlpModel.Load(folder.Path("a.mlp"))));
            stream.Write(" and last"u8);
        });

        Assert.Equal("first and last", File.ReadAllText(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp"], folder.Files);
    }

    /// <summary>Writers that shared a temporary file wrote into the finished one now and then, and readers found it locked.</summary>
    [Fact]
    public void Save_OnManyThreadsWhileOthersLoad_IsAlwaysWholeAndNeverRefused()
    {
        using var folder = new TemporaryFolder();
        MlpModel[] models = [RandomModels.Named("maxout"), RandomModels.Named("residual")];
        byte[][] expected = [.. models.Select(SmallData.Saved)];
        models[0].Save(folder.Path("a.mlp"));

        Parallel.For(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            if (i % 3 == 0)
            {
                models[i % 2].Save(folder.Path("a.mlp"));
            }
            else
            {
                Assert.Contains(SmallData.Saved(MlpModel.Load(folder.Path("a.mlp"))), expected);
            }
        });

        Assert.Equal(["a.mlp"], folder.Files);
    }

    [Fact]
    public void Save_ToAFolderOrWithoutOne_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        Directory.CreateDirectory(folder.Path("sub"));

        Assert.Contains("is a folder", Assert.Throws<IOException>(() => model.Save(folder.Path("sub"))).Message, StringComparison.Ordinal);
        string missing = folder.Path(Path.Combine("none", "a.mlp")), behind = folder.Path(Path.Combine("file", "a.mlp"));
        File.WriteAllText(folder.Path("file"), "");
        Assert.Contains($"'{missing}'", Assert.Throws<DirectoryNotFoundException>(() => model.Save(missing)).Message, StringComparison.Ordinal);
        Assert.Contains($"'{behind}'", Assert.Throws<DirectoryNotFoundException>(() => model.Save(behind)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("path", () => model.Save(" "));
        Assert.Throws<ArgumentNullException>("path", () => MlpModel.Load((string)null!));
        Assert.Throws<FileNotFoundException>(() => MlpModel.Load(folder.Path("a.mlp")));

        Assert.Equal(["file", "sub"], folder.Files);
    }

    [Fact]
    public void Load_BytesBehindTheModelOrDamage_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = SmallData.Saved(RandomModels.Named("maxout"));
        File.WriteAllBytes(folder.Path("long.mlp"), [.. bytes, 0]);
        File.WriteAllBytes(folder.Path("short.mlp"), bytes[..^1]);

        Assert.Contains("left behind", Assert.Throws<InvalidDataException>(() => MlpModel.Load(folder.Path("long.mlp"))).Message, StringComparison.Ordinal);
        Assert.Contains("short.mlp", Assert.Throws<InvalidDataException>(() => MlpModel.Load(folder.Path("short.mlp"))).Message, StringComparison.Ordinal);
    }
}
