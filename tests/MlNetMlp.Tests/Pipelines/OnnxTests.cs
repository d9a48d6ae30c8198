using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>ONNX files of trained transformers.</summary>
public sealed class OnnxTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SaveAsOnnx_OfEveryTrainer_HasItsNamesAndScores(string name)
    {
        MlpModelParameters model = TrainerCase.Of(name).Fit().Model;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var stream = new MemoryStream();
            model.SaveAsOnnx(stream);
            model.SaveAsOnnx(path);
            Assert.Equal(stream.ToArray(), File.ReadAllBytes(path));

            OnnxFile file = OnnxFile.Read(stream.ToArray());
            float[] features = TrainerCase.FeaturesOf(7), scores = new float[model.Network.OutputCount];
            model.Network.Predict(features, scores);
            Assert.Equal(scores.Select(score => (double)score), Interpreter.Run(file, features)["Score"].Values,
                (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)));
            string? names = file.Metadata.GetValueOrDefault(OnnxExport.OutputNamesKey);
            Assert.Equal(model.OutputNames, names is null ? [] : System.Text.Json.JsonSerializer.Deserialize<string[]>(names)!);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A target that the package does not know, as one of another version may not know a stream.</summary>
    [Fact]
    public void SaveAsOnnx_PackageWithoutTheMethod_IsOneOfAnotherVersion()
    {
        MlpModel model = TrainerCase.Of("regression").Fit().Model.Network;

        string message = Assert.Throws<InvalidOperationException>(() => OnnxPackage.Save(model, new Uri("file:///network.onnx"), [])).Message;

        Assert.Equal("The package MlNetMlp.Onnx and the package MlNetMlp are of different versions; they have to be of the same one.", message);
    }
}
