using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>Files of earlier formats must load, and score as they did, for ever; see the README beside them.</summary>
public class FixtureTests
{
    public static TheoryData<string> Files =>
    [
        "v1-softmax", "v1-sigmoid", "v1-squared", "v2-softmax", "v2-sigmoid", "v2-squared", "v3-units", "v3-normalizations", "v3-regularization",
        "v3-ensemble-softmax", "v3-ensemble-sigmoid", "v3-ensemble-squared", .. FixtureModels.Names,
    ];

    /// <summary>Those of the version that is written today.</summary>
    public static TheoryData<string> Newest => [.. FixtureModels.Names];

    [Fact]
    public void WriteMissing_IfAccepted_MakesTheFilesOfTheNewestVersion()
    {
        if (Environment.GetEnvironmentVariable("MLNETMLP_ACCEPT") == "1")
        {
            FixtureModels.WriteMissing();
            return;
        }

        Assert.All(FixtureModels.Names, name => Assert.True(File.Exists(PathOf(name + ".mlp")), $"{name}.mlp is missing; MLNETMLP_ACCEPT=1 makes it."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileOfAnEarlierFormat_ScoresAsRecorded(string name)
    {
        using FileStream stream = File.OpenRead(PathOf(name + ".mlp"));
        MlpModel model = MlpModel.Load(stream);
        float[][] lines = [.. File.ReadLines(PathOf(name + ".csv")).Select(line => Array.ConvertAll(line.Split(','), Number))];
        Assert.NotEmpty(lines);
        foreach (float[] line in lines)
        {
            float[] features = line[..model.FeatureCount], expected = line[model.FeatureCount..];
            Assert.All(RandomModels.Scores(model, features).Zip(expected, (score, recorded) => (score, recorded)), pair =>
                Assert.Equal(pair.recorded, pair.score, 1e-5f * Math.Max(1, Math.Abs(pair.recorded))));
        }
    }

    [Theory]
    [MemberData(nameof(Newest))]
    public void Save_LoadedFixtureOfTheNewestVersion_WritesTheSameBytes(string name)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(name + ".mlp"));
        using var stream = new MemoryStream(bytes);
        Assert.Equal(bytes, SmallData.Saved(MlpModel.Load(stream)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Save_LoadedFixture_KeepsTheModel(string name)
    {
        using FileStream file = File.OpenRead(PathOf(name + ".mlp"));
        MlpModel model = MlpModel.Load(file);
        using var stream = new MemoryStream(SmallData.Saved(model));
        MlpModel again = MlpModel.Load(stream);
        float[] features = RandomModels.Features(model, 5);
        Assert.Equal(model.Architecture, again.Architecture);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(again, features)));
    }

    /// <summary>What the name of a file says, its bytes say, too: no fixture was ever made again.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void File_HasTheVersionOfItsName(string name) =>
        Assert.Equal(name[1] - '0', BitConverter.ToInt32(File.ReadAllBytes(PathOf(name + ".mlp")), 8));

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Serialization", "Fixtures", file);
}
