namespace MlNetMlp.Core.Tests;

public class ClampedPredictionTests
{
    private static readonly SquaredError _loss = new() { ClampPredictions = true };
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 200, LearningRate = 0.05f, BatchSize = 20, NumberOfThreads = 1 };

    /// <summary>y = 3 x and -x for x from -5 to 4, and a row of weight 0 that is no training row to speak of.</summary>
    private static InMemoryRows Rows(float shift = 0)
    {
        var rows = new InMemoryRows(1, 2);
        for (int x = -5; x < 5; x++)
        {
            rows.Add([x], [3 * x + shift, -x]);
        }

        rows.Add([0], [1000, -1000], 0);
        return rows;
    }

    [Fact]
    public void Train_Clamped_StaysWithinTheTargetsOfRowsWithWeight()
    {
        MlpModel model = Train(_loss), plain = Train(_loss with { ClampPredictions = false });

        Assert.Equal([12f, -4f], Scores(model, 100));
        Assert.Equal([-15f, 5f], Scores(model, -100));
        Assert.Equal(Scores(plain, 1), Scores(model, 1));
        Assert.True(Scores(plain, 100)[0] > 200);
        Assert.Equal(plain.Values.ToArray(), model.Values.ToArray());
        Assert.Equal(new SquaredError(), model.Loss);
    }

    [Fact]
    public void Train_FromAClampedModel_WidensOrDropsItsLimits()
    {
        MlpModel first = Train(_loss);

        MlpModel wider = Train(_loss, first, shift: 10), dropped = Train(_loss with { ClampPredictions = false }, first);

        Assert.Equal([22f, -4f], Scores(wider, 100));
        Assert.Equal([-15f, 5f], Scores(wider, -100));
        Assert.True(Scores(dropped, 100)[0] > 200);
    }

    [Fact]
    public void Save_Clamped_HasASectionThatOthersDoNotHave()
    {
        Assert.Contains("LIMITS", System.Text.Encoding.Latin1.GetString(SmallData.Saved(Train(_loss))), StringComparison.Ordinal);
        Assert.DoesNotContain("LIMITS", System.Text.Encoding.Latin1.GetString(SmallData.Saved(Train(new SquaredError()))), StringComparison.Ordinal);
    }

    private static float[] Scores(MlpModel model, float x) => RandomModels.Scores(model, [x]);

    private static MlpModel Train(Loss loss, MlpModel? from = null, float shift = 0) => MlpTrainer.Train(new(new(1, 2), loss, Rows(shift))
    {
        Options = _options,
        InitialModel = from,
    }).Model;
}
