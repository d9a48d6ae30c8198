using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Serving;

namespace MlNetMlp.Tests.Rows;

public sealed class ScoringRowTests
{
    [Fact]
    public void Score_WithoutARequiredColumn_NamesIt()
    {
        using ScoringRow row = RowScorerCase.Of("one-hot").CreateScorer().CreateRow();
        row.Set("Age", 5f);
        InvalidRowException two = Assert.Throws<InvalidRowException>(row.Score);
        row.Set("Rooms", 5f);
        InvalidRowException one = Assert.Throws<InvalidRowException>(row.Score);
        row.Set("District", "West");
        row.Score();

        Assert.Equal(("District", "The columns 'District', 'Rooms' are not set; 'District' takes a text."), (two.ColumnName, two.Message));
        Assert.Equal(("District", "The column 'District' is not set; it takes a text."), (one.ColumnName, one.Message));
        Assert.True(float.IsFinite(row.Get<float>("Score")));
    }

    [Fact]
    public void Set_AfterScore_BeginsARowWithoutTheValuesOfTheLast()
    {
        using ScoringRow row = Filled("plain floats");
        row.Score();
        row.Set("Rooms", 3f);

        Assert.Equal("Age", Assert.Throws<InvalidRowException>(row.Score).ColumnName);
        Assert.Throws<InvalidOperationException>(() => row.Get<float>("Score"));
    }

    [Fact]
    public void Score_Twice_IsTheSame()
    {
        using ScoringRow row = Filled("plain floats");
        row.Score();
        float first = row.Get<float>("Score");
        row.Score();

        Assert.Equal(first, row.Get<float>("Score"));
    }

    [Fact]
    public void Clear_ForgetsAllColumns()
    {
        using ScoringRow row = Filled("plain floats");
        row.Clear();

        Assert.Throws<InvalidRowException>(row.Score);
    }

    [Fact]
    public void Set_OfARefusedValue_LeavesTheColumnUnset()
    {
        using ScoringRow row = Filled("plain floats");
        Assert.Throws<InvalidRowException>(() => row.Set("Age", "old"));

        Assert.Equal("Age", Assert.Throws<InvalidRowException>(row.Score).ColumnName);
    }

    [Fact]
    public void Score_OfAnInfiniteFeature_NamesIt_AndTheRowCanBeCorrected()
    {
        using ScoringRow row = Filled("plain floats");
        row.Score();
        float expected = row.Get<float>("Score");
        Fill(row);
        row.Set("Age", float.PositiveInfinity);

        InvalidRowException refusal = Assert.Throws<InvalidRowException>(row.Score);
        Assert.StartsWith("Column 'Features', slot 1 ('Age') is ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Row", refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.ColumnName);
        Assert.Throws<InvalidOperationException>(() => row.Get<float>("Score"));
        row.Set("Age", 20f);
        row.Score();
        Assert.Equal(expected, row.Get<float>("Score"));
    }

    [Fact]
    public void Score_OfAMissingNumber_TakesTheMeanAsTheEngineDoes()
    {
        var pipeline = RowScorerCase.Of("plain floats");
        (ITransformer model, DataViewSchema schema) = pipeline.Fit();
        using ScoringRow row = new MLContext(1).Model.CreateRowScorer(model, schema).CreateRow();
        row.Set("Rooms", 3f);
        row.SetMissing("Age");
        row.Score();
        float missing = row.Get<float>("Score");
        row.Set("Rooms", 3f);
        row.Set("Age", Enumerable.Range(0, RowScorerCase.Rows).Average(i => i * 1.37f));
        row.Score();

        float[] scores = new float[1];
        model.GetMlp().Model.Network.Predict([3f, float.NaN], scores);
        Assert.Equal(scores[0], missing);
        Assert.Equal(row.Get<float>("Score"), missing, 1e-3f);
    }

    [Fact]
    public void Columns_ByTheirPlaces_AreThoseOfTheirNames()
    {
        RowScorer scorer = RowScorerCase.Of("binary").CreateScorer();
        using ScoringRow row = scorer.CreateRow();
        row.Set(scorer.Inputs.Single(input => input.Name == "Rooms").Index, 3f);
        row.Set(scorer.Inputs.Single(input => input.Name == "Age").Index, "20");
        row.Score();

        Assert.Equal(row.Get<float>("Probability"), row.Get<float>(scorer.Outputs.Single(output => output.Name == "Probability").Index));
        Assert.Throws<ArgumentOutOfRangeException>(() => row.Set(scorer.Inputs.Count, 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => row.Get<float>(-1));
    }

    [Fact]
    public void Get_OfSomethingElse_SaysWhatThereIs()
    {
        using ScoringRow row = Filled("names of classes");
        Assert.Contains("call Score", Assert.Throws<InvalidOperationException>(() => row.Get<float>("Score")).Message, StringComparison.Ordinal);
        row.Score();

        Assert.Contains("no output 'Scores'. The outputs are 'PredictedLabel', 'Score'",
            Assert.Throws<ArgumentException>(() => row.Get<float>("Scores")).Message, StringComparison.Ordinal);
        Assert.Contains("'Score' is Vector<Single, 3>; a value of Single was asked for",
            Assert.Throws<ArgumentException>(() => row.Get<float>("Score")).Message, StringComparison.Ordinal);
        Assert.Contains("'PredictedLabel' is String; a vector of Single was asked for",
            Assert.Throws<ArgumentException>(() => row.GetValues<float>("PredictedLabel").Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_AfterDispose_Throws()
    {
        ScoringRow row = Filled("plain floats");
        row.Dispose();
        row.Dispose();

        Assert.Throws<ObjectDisposedException>(row.Score);
    }

    private static ScoringRow Filled(string name)
    {
        ScoringRow row = RowScorerCase.Of(name).CreateScorer().CreateRow();
        Fill(row);
        return row;
    }

    private static void Fill(ScoringRow row)
    {
        row.Set("Rooms", 3f);
        row.Set("Age", 20f);
    }
}
