using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>
/// Writes files with their expected outputs for the programs in <c>Peers</c>, into the folder that the environment variable
/// MLNETMLP_ONNX_CASES names; without it, does nothing.
/// </summary>
internal static class PeerCases
{
    /// <summary>What single precision may cost a runtime: its functions are good to some units in the last place, and sums have other orders.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>JSON has no numbers for NaN and the infinities: they become text.</summary>
    private static readonly JsonSerializerOptions _withNaN = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Write(string name, MlpModel model, float[] features, float[] scores, bool hasLabels = true)
    {
        if (Environment.GetEnvironmentVariable("MLNETMLP_ONNX_CASES") is not { Length: > 0 } folder)
        {
            return;
        }

        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, name.Replace(',', ' '));
        model.SaveAsOnnx(path + ".onnx");
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(new
        {
            rows = features.Length / model.FeatureCount,
            tolerance = Tolerance,
            features = features,
            score = scores,
            probability = model.Loss is BinaryLoss ? scores.Select(MlpModel.Probability) : null,
            label = !hasLabels ? null : model.Loss switch
            {
                BinaryLoss => scores.Select(score => score > 0 ? 1 : 0).ToArray(),
                MulticlassLoss => [.. scores.Chunk(model.OutputCount).Select(row => Array.IndexOf(row, row.Max()))],
                _ => null,
            },
        }, _withNaN));
    }
}
