using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>Files of earlier formats must load, and score as they did, for ever; see the README beside them.</summary>
public class FixtureTests
{
    public static TheoryData<string> Files => ["v1-softmax", "v1-sigmoid", "v1-squared", "v2-softmax", "v2-sigmoid", "v2-squared", "v3-ensemble-softmax", "v3-ensemble-sigmoid", "v3-ensemble-squared"];

    /// <summary>Those of the version that is written today.</summary>
    public static TheoryData<string> Newest => ["v3-ensemble-softmax", "v3-ensemble-sigmoid", "v3-ensemble-squared"];

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

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Serialization", "Fixtures", file);
}
