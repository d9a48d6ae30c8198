using System.Text.Json;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>A file of another program, with rows and what its network gives for them; see make_fixtures.py.</summary>
internal sealed record ImportFixture(byte[] File, int Columns, float[] Features, double[] Scores)
{
    public static ImportFixture Read(string name)
    {
        using JsonDocument json = JsonDocument.Parse(System.IO.File.ReadAllText(PathOf(name + ".json")));
        JsonElement root = json.RootElement;
        return new(
            System.IO.File.ReadAllBytes(PathOf(name + ".onnx")), root.GetProperty("columns").GetInt32(),
            [.. root.GetProperty("features").EnumerateArray().Select(value => value.GetSingle())],
            [.. root.GetProperty("scores").EnumerateArray().Select(value => value.GetDouble())]);
    }

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Import", "Fixtures", file);

    public MlpModel Load(Loss? loss = null)
    {
        using var stream = new MemoryStream(File);
        return OnnxModel.Load(stream, loss);
    }
}
