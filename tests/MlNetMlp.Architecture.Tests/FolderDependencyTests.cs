using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>What is written in one folder may use its own folder and others, as long as that leads nowhere back.</summary>
public sealed class FolderDependencyTests
{
    private const string Core = "MlNetMlp.Core";

    /// <summary>What ML.NET asks of a type without making it public is a part of that type in this folder.</summary>
    private const string Storage = "Transformer";

    /// <summary>Arrows that are not looked at, because they have yet to be taken out: none may be added.</summary>
    private static readonly FolderException[] _exceptions =
    [
        new(Core, "MlNetMlp.Networks.MlpModel", "Serialization", "a model loads and saves itself, with static members that every language can call"),
    ];

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
    public void Types_OfEveryFile_LieInOneFolder(string assembly)
    {
        string[] strays = [.. FolderMap.Of(assembly).Types
            .Where(type => type.Files.Select(FolderMap.FolderOf).Where(folder => folder != Storage).Distinct().Count() > 1)
            .Select(type => $"{type.Name} ({string.Join(", ", type.Files)})")];

        Assert.True(strays.Length == 0, Report.Of("Types that are written in several folders:", strays));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
    public void Folders_OfAProject_AreThoseOfTheDiagram(string assembly)
    {
        string[] folders = [.. FolderMap.Of(assembly).Types
            .SelectMany(type => type.Files).Select(file => FolderMap.AreaOf(FolderMap.FolderOf(file)))
            .Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(FolderDiagram.LevelsOf(assembly).SelectMany(level => level).Order(StringComparer.Ordinal), folders);
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
    public void Arrows_BetweenFolders_PointDownwardsInTheDiagram(string assembly)
    {
        IReadOnlyList<string> wrong = UpwardArrows(assembly, Arrows(assembly, _exceptions));

        Assert.True(wrong.Count == 0, Report.Of("Types that use types of a higher level:", wrong));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
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
        return FolderCircles.In(arrows).Count > 0 || UpwardArrows(exception.Assembly, arrows).Count > 0;
    }

    /// <summary>Types in the folder of the project itself have no level: they are looked at for circles alone.</summary>
    private static IReadOnlyList<string> UpwardArrows(string assembly, IEnumerable<FolderArrow> arrows)
    {
        IReadOnlyList<string[]> levels = FolderDiagram.LevelsOf(assembly);
        return [.. arrows
            .Where(arrow => arrow.FromFolder.Length > 0 && LevelOf(arrow.ToFolder) > LevelOf(arrow.FromFolder))
            .Select(arrow => arrow.ToString())];

        int LevelOf(string folder) => levels.Index().FirstOrDefault(level => level.Item.Contains(FolderMap.AreaOf(folder)), (-1, [])).Index;
    }

    private static IEnumerable<FolderArrow> Arrows(string assembly, IEnumerable<FolderException> exceptions)
        => FolderMap.Of(assembly).Arrows.Where(arrow => !exceptions.Any(exception => exception.Assembly == assembly && exception.Allows(arrow)));

    /// <summary>Arrows from a type or a folder to a type or a folder.</summary>
    private sealed record FolderException(string Assembly, string From, string To, string Why)
    {
        public bool Allows(FolderArrow arrow) => (From == arrow.From || From == arrow.FromFolder) && (To == arrow.To || To == arrow.ToFolder);
    }
}
