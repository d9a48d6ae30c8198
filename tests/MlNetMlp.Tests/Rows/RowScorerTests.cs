using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Serving;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Rows;

public sealed class RowScorerTests
{
    [Theory]
    [MemberData(nameof(RowScorerCase.All), MemberType = typeof(RowScorerCase))]
    public void Score_GivesTheBitsOfThePredictionEngine(string name, bool loaded)
    {
        var pipeline = RowScorerCase.Of(name);
        (ITransformer model, DataViewSchema schema) = pipeline.Fit(loaded);
        string[] expected = pipeline.PredictByEngine(model);
        using ScoringRow row = new MLContext(1).Model.CreateRowScorer(model, schema).CreateRow();

        Assert.Equal(expected, Enumerable.Range(0, RowScorerCase.Rows).Select(number => pipeline.Predict(row, number, byJson: false)));
        Assert.Equal(expected, Enumerable.Range(0, RowScorerCase.Rows).Select(number => pipeline.Predict(row, number, byJson: true)));
        Assert.True(expected.Distinct().Count() > RowScorerCase.Rows / 2);
    }

    [Theory]
    [MemberData(nameof(RowScorerCase.All), MemberType = typeof(RowScorerCase))]
    public void Inputs_AreRequired_IfAPredictionDependsOnThem(string name, bool loaded)
    {
        var pipeline = RowScorerCase.Of(name);
        Assert.Equal(pipeline.Required, pipeline.CreateScorer(loaded).Inputs.Where(input => input.IsRequired).Select(input => input.Name));
    }

    [Theory]
    [InlineData("plain floats", "Score")]
    [InlineData("names of classes", "Score", "PredictedLabel")]
    [InlineData("binary", "PredictedLabel", "Score", "Probability")]
    [InlineData("two networks", "PriceScore", "PredictedLabel", "Score", "Probability")]
    public void Outputs_AreThePredictions(string name, params string[] expected) =>
        Assert.Equal(expected.Order(), RowScorerCase.Of(name).CreateScorer().Outputs.Select(output => output.Name).Order());

    [Fact]
    public void Outputs_AsNamed_AreComputedFromWhatTheyNeed()
    {
        RowScorer scorer = RowScorerCase.Of("one-hot").CreateScorer(false, "District", "Price", "District");
        using ScoringRow row = scorer.CreateRow();
        row.Set("District", "West");
        row.Set("Price", 5f);
        row.Score();

        Assert.Equal(["District", "Price"], scorer.Inputs.Where(input => input.IsRequired).Select(input => input.Name));
        Assert.Equal(["District", "Price"], scorer.Outputs.Select(output => output.Name));
        Assert.Equal(["North", "Süd \"Ost\"", "West"], scorer.Outputs[0].SlotNames);
        Assert.Equal([0, 0, 1], row.GetValues<float>("District"));
        Assert.Equal(5, row.Get<float>("Price"));
    }

    [Fact]
    public void Outputs_HaveTheNamesOfClasses()
    {
        RowScorer scorer = RowScorerCase.Of("keys of classes").CreateScorer(loaded: true);
        Assert.Equal(["North", "Süd \"Ost\"", "West"], scorer.Outputs.Single(output => output.Name == "Score").SlotNames);
        Assert.Equal(["North", "Süd \"Ost\"", "West"], scorer.Outputs.Single(output => output.Name == "PredictedLabel").KeyValues);
    }

    [Fact]
    public void Rows_OfOneScorer_OnManyThreads_GiveTheSameBits()
    {
        var pipeline = RowScorerCase.Of("one-hot");
        (ITransformer model, DataViewSchema schema) = pipeline.Fit();
        string[] expected = pipeline.PredictByEngine(model);
        RowScorer scorer = new MLContext(1).Model.CreateRowScorer(model, schema);
        string[][] actual = new string[16][];
        Thread[] threads = [.. Enumerable.Range(0, actual.Length).Select(i => new Thread(() =>
        {
            using ScoringRow row = scorer.CreateRow();
            actual[i] = [.. Enumerable.Range(0, RowScorerCase.Rows).Select(number => pipeline.Predict(row, number, byJson: i % 2 == 0))];
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(actual, rows => Assert.Equal(expected, rows));
    }

    [Fact]
    public void Score_OfFloats_AllocatesNothing()
    {
        RowScorer scorer = RowScorerCase.Of("plain floats").CreateScorer();
        using ScoringRow row = scorer.CreateRow();
        int rooms = scorer.Inputs.Single(input => input.Name == "Rooms").Index;
        float sum = 0;

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                row.Set(rooms, (float)(i % 7));
                row.Set("Age", 12.5f);
                row.Score();
                sum += row.Get<float>("Score");
            }
        }));
        Assert.True(float.IsFinite(sum));
    }
}
