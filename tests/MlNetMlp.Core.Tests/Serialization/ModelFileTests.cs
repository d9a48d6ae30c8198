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
    public void Save_WhereAKilledProcessLeftAPart_RemovesItAndNobodyElsesFile()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        string[] left = [LeftFile.NewPath(folder), LeftFile.NewPath(folder)];
        string name = Path.GetFileName(LeftFile.NewPath(folder));

        // One digit of the checksum is another, one is missing, or all are made up; and the names that earlier releases used.
        string[] others =
        [
            name[..^5] + (name[^5] == '0' ? '1' : '0') + ".tmp", name[..^5] + ".tmp", ".mlnetmlp-" + new string('0', 32) + ".tmp",
            "a.mlp.0123abcd.tmp", "a.tmp",
        ];
        Array.ForEach([.. others.Select(folder.Path), .. left], path => File.WriteAllBytes(path, new byte[1 << 20]));

        model.Save(folder.Path("a.mlp"));

        Assert.Equal(SmallData.Saved(model), File.ReadAllBytes(folder.Path("a.mlp")));
        Assert.Equal([.. others.Append("a.mlp").Order(StringComparer.Ordinal)], folder.Files);
    }

    /// <summary>Both would wait for ever for somebody at the pipe's other end.</summary>
    [Fact]
    public void Save_WhereAPipeOrALinkIsCalledAsATemporaryFile_LeavesItAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        string pipe = LeftFile.NewPath(folder), link = LeftFile.NewPath(folder);
        File.WriteAllText(folder.Path("mine"), "mine");
        File.CreateSymbolicLink(link, folder.Path("mine"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
            Assert.Equal(0, mkfifo.ExitCode);
        }

        RandomModels.Named("maxout").Save(folder.Path("a.mlp"));

        string[] expected = [Path.GetFileName(pipe), Path.GetFileName(link), "a.mlp", "mine"];
        Assert.Equal([.. expected.Order(StringComparer.Ordinal)], folder.Files);
        Assert.Equal("mine", File.ReadAllText(folder.Path("mine")));
    }

    [Theory]
    [InlineData(0b110_000_000)]
    [InlineData(0b110_110_110)]
    [InlineData(0b100_100_000)]
    public void Save_OverAFile_KeepsItsMode(int mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        File.WriteAllText(folder.Path("a.mlp"), "old");
        File.SetUnixFileMode(folder.Path("a.mlp"), (UnixFileMode)mode);

        model.Save(folder.Path("a.mlp"));

        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(folder.Path("a.mlp")));
        Assert.Equal(SmallData.Saved(model).Length, new FileInfo(folder.Path("a.mlp")).Length);
    }

    [Fact]
    public void Save_ThroughSymbolicLinks_ReplacesTheFileThatTheyPointTo()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");
        Directory.CreateDirectory(folder.Path("models"));
        File.WriteAllText(folder.Path("models/v1"), "old");
        File.CreateSymbolicLink(folder.Path("models/current"), "v1");
        File.CreateSymbolicLink(folder.Path("a.mlp"), "models/current");
        File.CreateSymbolicLink(folder.Path("new.mlp"), folder.Path("models/v2"));

        model.Save(folder.Path("a.mlp"));
        model.Save(folder.Path("new.mlp"));

        byte[] expected = SmallData.Saved(model);
        Assert.Equal("models/current", new FileInfo(folder.Path("a.mlp")).LinkTarget);
        Assert.Equal("v1", new FileInfo(folder.Path("models/current")).LinkTarget);
        Assert.Equal(expected, File.ReadAllBytes(folder.Path("models/v1")));
        Assert.Equal(expected, File.ReadAllBytes(folder.Path("models/v2")));
        Assert.Equal(["a.mlp", "models", "new.mlp"], folder.Files);
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path("models")).Length);

        new AtomicFile(folder.Path("a.mlp")).Delete();
        Assert.Equal("models/current", new FileInfo(folder.Path("a.mlp")).LinkTarget);
        Assert.False(File.Exists(folder.Path("models/v1")));
    }

    [Fact]
    public void Save_LongestName_IsSaved()
    {
        using var folder = new TemporaryFolder();
        string name = new('n', 255);

        RandomModels.Named("maxout").Save(folder.Path(name));

        Assert.Equal([name], folder.Files);
    }

    /// <summary>What is missing is not the file that is written.</summary>
    [Fact]
    public void Write_ContentThatMissesAnotherFile_SaysSoAsItIs()
    {
        using var folder = new TemporaryFolder();
        var missing = new FileNotFoundException("Could not load file or assembly 'Google.Protobuf'.");

        Assert.Same(missing, Assert.Throws<FileNotFoundException>(() => new AtomicFile(folder.Path("a")).Write(_ => throw missing)));
        Assert.Empty(folder.Files);
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
