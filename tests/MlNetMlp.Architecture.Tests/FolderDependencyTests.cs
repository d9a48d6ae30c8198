using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>What is written in one folder may use its own folder and others, as long as that leads nowhere back.</summary>
public sealed class FolderDependencyTests
{
    private const string Core = "MlNetMlp.Core";

    /// <summary>What ML.NET asks of a type without making it public is a part of that type in this folder.</summary>
    private const string Storage = "Transformer";

    /// <summary>The folders of Core from the ground up: each may use those of its own level, without circles, and those of the levels below.</summary>
    private static readonly string[][] _levels =
    [
        ["Numerics", "Files"],
        ["Parameters", "Initialization", "Losses"],
        ["Rows", "Optimization", "Regularization", "Activations"],
        ["Scoring"],
        ["Layers"],
        ["Models"],
        ["Training", "Serialization"],
        ["Diagnostics", "Export"],
    ];

    /// <summary>Arrows that are not looked at, because they have yet to be taken out: none may be added.</summary>
    private static readonly FolderException[] _exceptions =
    [
        new(Core, "MlNetMlp.Networks.MlpModel", "Serialization", "a model loads and saves itself, with static members that every language can call"),
    ];

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    public void Types_OfEveryFile_LieInOneFolder(string assembly)
    {
        string[] strays = [.. FolderMap.Of(assembly).Types
            .Where(type => type.Files.Select(FolderMap.FolderOf).Where(folder => folder != Storage).Distinct().Count() > 1)
            .Select(type => $"{type.Name} ({string.Join(", ", type.Files)})")];

        Assert.True(strays.Length == 0, Report.Of("Types that are written in several folders:", strays));
    }

    [Fact]
    public void Folders_OfCore_AreThoseOfTheTable()
    {
        string[] folders = [.. FolderMap.Of(Core).Types
            .SelectMany(type => type.Files).Select(file => FolderMap.AreaOf(FolderMap.FolderOf(file))).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(_levels.SelectMany(level => level).Order(StringComparer.Ordinal), folders);
    }

    [Fact]
    public void Arrows_BetweenFoldersOfCore_PointDownwards()
    {
        IReadOnlyList<string> wrong = UpwardArrows(Arrows(Core, _exceptions));

        Assert.True(wrong.Count == 0, Report.Of("Types that use types of a higher level:", wrong));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    public void Arrows_BetweenFolders_FormNoCircle(string assembly)
    {
        IReadOnlyList<string> circles = FolderCircles.In(Arrows(assembly, _exceptions));

        Assert.True(circles.Count == 0, Report.Of($"Folders of {assembly} that use each other in a circle:", circles));
    }

    [Fact]
    public void Exceptions_OfTheTable_AreAllNeeded()
    {
        string[] needless = [.. _exceptions
            .Where(exception => !IsNeeded(exception))
            .Select(exception => $"{exception.Assembly}: {exception.From} -> {exception.To}, because {exception.Why}")];

        Assert.True(needless.Length == 0, Report.Of("Exceptions without which no arrow points upwards and no circle is closed:", needless));
    }

    private static bool IsNeeded(FolderException exception)
    {
        FolderArrow[] arrows = [.. Arrows(exception.Assembly, _exceptions.Except([exception]))];
        return FolderCircles.In(arrows).Count > 0 || (exception.Assembly == Core && UpwardArrows(arrows).Count > 0);
    }

    private static IReadOnlyList<string> UpwardArrows(IEnumerable<FolderArrow> arrows)
        => [.. arrows.Where(arrow => LevelOf(arrow.ToFolder) > LevelOf(arrow.FromFolder)).Select(arrow => arrow.ToString())];

    private static IEnumerable<FolderArrow> Arrows(string assembly, IEnumerable<FolderException> exceptions)
        => FolderMap.Of(assembly).Arrows.Where(arrow => !exceptions.Any(exception => exception.Assembly == assembly && exception.Allows(arrow)));

    private static int LevelOf(string folder) => Array.FindIndex(_levels, level => level.Contains(FolderMap.AreaOf(folder)));

    /// <summary>Arrows from a type or a folder to a type or a folder.</summary>
    private sealed record FolderException(string Assembly, string From, string To, string Why)
    {
        public bool Allows(FolderArrow arrow) => (From == arrow.From || From == arrow.FromFolder) && (To == arrow.To || To == arrow.ToFolder);
    }
}
