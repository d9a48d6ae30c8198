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
        File.WriteAllBytes(folder.Path("a.mlp.tmp"), new byte[1 << 20]);

        model.Save(folder.Path("a.mlp"));

        Assert.Equal(SmallData.Saved(model), File.ReadAllBytes(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp"], folder.Files);
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
    public void Save_WhileAnotherSaves_IsRefusedAndTheOtherIsWhole()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        var file = new AtomicFile(folder.Path("a.mlp"));

        file.Write(stream =>
        {
            stream.Write("first"u8);
            Assert.Throws<IOException>(() => model.Save(folder.Path("a.mlp")));
            stream.Write(" and last"u8);
        });

        Assert.Equal("first and last", File.ReadAllText(folder.Path("a.mlp")));
        Assert.Equal(["a.mlp"], folder.Files);
    }

    [Fact]
    public void Save_ToAFolderOrWithoutOne_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        Directory.CreateDirectory(folder.Path("sub"));

        Assert.Contains("is a folder", Assert.Throws<IOException>(() => model.Save(folder.Path("sub"))).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => model.Save(folder.Path("none/a.mlp")));
        Assert.Throws<ArgumentException>("path", () => model.Save(" "));
        Assert.Throws<ArgumentNullException>("path", () => MlpModel.Load((string)null!));
        Assert.Throws<FileNotFoundException>(() => MlpModel.Load(folder.Path("a.mlp")));

        Assert.Equal(["sub"], folder.Files);
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
