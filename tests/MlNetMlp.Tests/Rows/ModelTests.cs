using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Rows;

public sealed class ModelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GetMlp_OfAChain_IsTheLastNetwork(bool loaded)
    {
        (ITransformer model, _) = RowScorerCase.Of("two networks").Fit(loaded);
        ITransformer nested = new TransformerChain<ITransformer>(model, new TransformerChain<ITransformer>());

        MlpPredictionTransformer network = model.GetMlp();
        Assert.Same(network, nested.GetMlp());
        Assert.Same(network, network.GetMlp());
        Assert.Equal(["Score", "Probability", "PredictedLabel"], network.GetOutputSchema(Features(2)).Skip(1).Select(column => column.Name).OrderDescending());
    }

    [Fact]
    public void GetMlp_OfAModelWithoutOne_ListsItsTransformers()
    {
        var chain = new TransformerChain<ITransformer>(new OtherTransformer(), new TransformerChain<ITransformer>(new OtherTransformer()));
        Assert.EndsWith(
            "Its transformers are OtherTransformer, OtherTransformer.", Assert.Throws<InvalidOperationException>(chain.GetMlp).Message,
                StringComparison.Ordinal);
        Assert.EndsWith("are none.", Assert.Throws<InvalidOperationException>(new TransformerChain<ITransformer>().GetMlp).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_OnManyThreads_GivesTheSameBits_AndAllocatesNothing()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpModel network = ModelFiles.Load(ModelFiles.Save(trainer.Fit())).GetMlp().Model.Network;
        float[] features = [.. Enumerable.Range(0, 90).SelectMany(TrainerCase.FeaturesOf)];
        float[] expected = new float[90 * network.OutputCount];
        network.Predict(features, expected, 90);

        const int Threads = 64;
        float[][] scores = new float[Threads][];
        long[] allocated = new long[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            float[] own = scores[i] = new float[expected.Length];
            allocated[i] = Allocations.Of(() => Score(network, features, own));
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(scores, actual => Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits)));
        Assert.All(allocated, bytes => Assert.Equal(0, bytes));
    }

    [Fact]
    public void CreateRowScorer_OfAModelThatIsNoRowMapper_NamesTheTransformer()
    {
        (ITransformer model, DataViewSchema schema) = RowScorerCase.Of("plain floats").Fit();
        var chain = new TransformerChain<ITransformer>(new OtherTransformer(), model);

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new MLContext(1).Model.CreateRowScorer(chain, schema));
        Assert.Contains("map row by row; OtherTransformer does not", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateRowScorer_OfWrongArguments_SaysWhichAreRight()
    {
        (ITransformer model, DataViewSchema schema) = RowScorerCase.Of("plain floats").Fit();
        ModelOperationsCatalog catalog = new MLContext(1).Model;

        Assert.Throws<ArgumentNullException>(() => catalog.CreateRowScorer(null!, schema));
        Assert.Contains("saved without its input schema", Assert.Throws<ArgumentNullException>(() => catalog.CreateRowScorer(model, null!)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => catalog.CreateRowScorer(model, Features(2)));
        Assert.Contains(
            "no column 'Scores'. The columns are 'District', 'Rooms', 'Age', ",
            Assert.Throws<ArgumentException>(() => catalog.CreateRowScorer(model, schema, ["Scores"])).Message,
            StringComparison.Ordinal);
    }

    private static DataViewSchema Features(int count)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, count));
        return builder.ToSchema();
    }

    private static void Score(MlpModel network, float[] features, float[] scores)
    {
        int inputs = network.FeatureCount, outputs = network.OutputCount;
        for (int row = 0; row < scores.Length / outputs; row++)
        {
            network.Predict(features.AsSpan(row * inputs, inputs), scores.AsSpan(row * outputs, outputs));
        }
    }

    private sealed class OtherTransformer : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
