using System.Buffers.Binary;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Files that earlier releases wrote must load, and score as they did; see the README beside them.</summary>
public sealed class EarlierFileTests
{
    private static readonly string[] _trees = ["ash", "birch", "cedar"];

    public static TheoryData<string, string[], bool> Files => new()
    {
        { "entry1-network1-binary", [], false },
        { "entry1-network1-multiclass", _trees, false },
        { "entry1-network1-regression", ["width", "height"], false },
        { "entry1-network2-binary", [], false },
        { "entry1-network2-multiclass", _trees, false },
        { "entry1-network2-regression", [], false },
        { "entry1-network3-binary", [], true },
        { "entry1-network3-multiclass", _trees, true },
        { "entry1-network3-regression", ["width", "height"], true },
        { "entry2-network4-binary", [], true },
        { "entry2-network4-multiclass", _trees, true },
        { "entry2-network4-regression", ["width", "height"], true },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileOfAnEarlierFormat_ScoresAsRecorded(string name, string[] outputNames, bool isUncertain)
    {
        byte[] file = File.ReadAllBytes(PathOf(name + ".zip"));
        float[][] lines = [.. File.ReadLines(PathOf(name + ".csv")).Select(line => Array.ConvertAll(line.Split(','), Number))];

        var transformer = (MlpPredictionTransformer)ModelFiles.Load(file);

        int features = transformer.Model.Network.FeatureCount, outputs = transformer.Model.Network.OutputCount;
        Assert.All(lines, line => Assert.Equal(features + outputs, line.Length));
        var rows = new RowsView(lines.Length, ViewColumn.Vector("Features", features, row => lines[row][..features]));
        IDataView scored = transformer.Transform(rows);
        AssertClose(lines.SelectMany(line => line[features..]), ScoresOf(scored));
        AssertClose(lines.SelectMany(line => line[features..]), ScoresOf(ModelFiles.Load(ModelFiles.Save(transformer)).Transform(rows)));
        Assert.Equal(outputNames, transformer.Model.OutputNames);
        Assert.Equal(isUncertain, scored.Schema.GetColumnOrNull("ScoreMean") is not null);
        Assert.Equal(outputNames, ModelZip.Load(new MemoryStream(file)).OutputNames);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_HasTheVersionsThatItsNameSays(string name, string[] outputNames, bool isUncertain)
    {
        byte[] file = File.ReadAllBytes(PathOf(name + ".zip"));

        byte[] header = ModelFiles.Entry(file, "/Model.key"), network = ModelFiles.Entry(file, "/Network");

        Assert.Equal("ML\0MODEL"u8, header.AsSpan(0, 8));
        Assert.Equal(0x00010000 + (name["entry".Length] - '0'), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(0x48)));
        Assert.Equal(name["entry1-network".Length] - '0', BinaryPrimitives.ReadInt32LittleEndian(network.AsSpan(8)));
        bool isFirst = name[5] == '1';
        bool isNamed = header.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(outputNames.FirstOrDefault("ash"))) >= 0;
        Assert.Equal(isFirst && outputNames.Length > 0, isNamed);
        Assert.Equal(isFirst && isUncertain, ModelFiles.HasEntry(file, "/Uncertainty"));
    }

    /// <summary>Uncertainty of a file is computed as it was asked for; its random numbers may change from release to release.</summary>
    [Fact]
    public void Load_FilesWithUncertainty_KeepItsOptions()
    {
        Assert.Equal(new MonteCarloDropout { Passes = 5, Seed = 2 }, Load("entry1-network3-binary").Model.MonteCarloDropout);
        Assert.Equal(new MonteCarloDropout { Passes = 3 }, Load("entry1-network3-multiclass").Model.MonteCarloDropout);
        Assert.Equal(new MonteCarloDropout(), Load("entry1-network3-regression").Model.MonteCarloDropout);
        Assert.Equal(3, Load("entry1-network3-multiclass").Model.Network.Members.Count);
        Assert.Equal(2, Load("entry1-network3-regression").Model.Network.Members.Count);

        static MlpPredictionTransformer Load(string name) => (MlpPredictionTransformer)ModelFiles.Load(File.ReadAllBytes(PathOf(name + ".zip")));
    }

    [Fact]
    public void Load_PipelineOfAnEarlierFormat_PredictsAsRecorded()
    {
        var context = new MLContext(1);
        string[][] lines = [.. File.ReadLines(PathOf("entry1-network3-pipeline.csv")).Select(line => line.Split(','))];
        IDataView rows = context.Data.LoadFromEnumerable(lines.Select(line => new Tree { Kind = line[0], Amount = Number(line[1]) }));

        ITransformer model = context.Model.Load(PathOf("entry1-network3-pipeline.zip"), out DataViewSchema inputSchema);

        Prediction[] predictions = [.. context.Data.CreateEnumerable<Prediction>(model.Transform(rows), reuseRowObject: false)];
        Assert.Equal(["Kind: String", "Amount: Single", "Label: String"], inputSchema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.Equal(lines.Select(line => line[2]), predictions.Select(prediction => prediction.PredictedLabel));
        AssertClose(lines.SelectMany(line => line[3..].Select(Number)), predictions.SelectMany(prediction => prediction.Score));
    }

    private static void AssertClose(IEnumerable<float> recorded, IEnumerable<float> scores) =>
        Assert.Equal(recorded, scores, (expected, actual) => Math.Abs(expected - actual) <= 1e-5f * Math.Max(1, Math.Abs(expected)));

    private static IEnumerable<float> ScoresOf(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? scored.GetColumn<VBuffer<float>>("Score").SelectMany(vector => vector.DenseValues())
        : scored.GetColumn<float>("Score");

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Pipelines", "Fixtures", file);

    private sealed class Tree
    {
        public string Kind { get; set; } = "";

        public float Amount { get; set; }

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
