using System.Text.Json;
using Microsoft.ML;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>What <c>POST /score</c> answers is what a <c>PredictionEngine</c> says of the same row, bit for bit.</summary>
public sealed class ScoringTests
{
    [Fact]
    public async Task Score_RowsOneByOneAndTogether_AreThoseOfThePredictionEngine()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        using PredictionEngine<Digit, DigitScore> engine = Models.Engine<Digit, DigitScore>(Models.FirstDigits);

        JsonElement together = await service.ScoreAsync($"[{string.Join(",", Digit.All.Select(digit => digit.Json))}]");

        Assert.Equal(Digit.All.Count, together.GetArrayLength());
        foreach ((Digit digit, JsonElement answer) in Digit.All.Zip(together.EnumerateArray()))
        {
            AssertEqual(engine.Predict(digit), answer);
        }

        foreach (Digit digit in Digit.All.Take(10))
        {
            AssertEqual(engine.Predict(digit), await service.ScoreAsync(digit.Json));
        }
    }

    [Theory]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12}""", "South", 5f, 12f)]
    [InlineData("""{ "Age":1.2e1,"Rooms" :5.0, "District":"\u0053outh" }""", "South", 5f, 12f)] // another order, and an escaped letter
    [InlineData("""{"District": "North", "Rooms": null, "Age": 0.1, "IsSold": true}""", "North", float.NaN, 0.1f)] // a missing number, and the label
    [InlineData("""{"District": "Nowhere", "Rooms": -3.4028235e38, "Age": 1e-45}""", "Nowhere", float.MinValue, float.Epsilon)]
    public async Task Score_AnotherModel_TakesItsColumnsByName(string json, string district, float rooms, float age)
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);
        using PredictionEngine<House, HouseScore> engine = Models.Engine<House, HouseScore>(Models.Houses);
        HouseScore expected = engine.Predict(new House { District = district, Rooms = rooms, Age = age });

        JsonElement answer = await service.ScoreAsync(json);

        Assert.Equal(BitConverter.SingleToInt32Bits(expected.Score), BitConverter.SingleToInt32Bits(answer.GetProperty("Score").GetSingle()));
        Assert.Equal(BitConverter.SingleToInt32Bits(expected.Probability), BitConverter.SingleToInt32Bits(answer.GetProperty("Probability").GetSingle()));
        Assert.Equal(expected.PredictedLabel, answer.GetProperty("PredictedLabel").GetBoolean());
        Assert.Equal(["PredictedLabel", "Probability", "Score"], answer.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Score_NamedOutputs_AreThoseAlone()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Model:Outputs:0=Probability");

        JsonElement answer = await service.ScoreAsync("""{"District": "South", "Rooms": 5, "Age": 12}""");

        Assert.Equal("Probability", Assert.Single(answer.EnumerateObject()).Name);
    }

    [Fact]
    public async Task Score_NoRows_AreNoAnswers()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        Assert.Equal(0, (await service.ScoreAsync("[]")).GetArrayLength());
    }

    private static void AssertEqual(DigitScore expected, JsonElement answer)
    {
        Assert.Equal(expected.PredictedLabel, answer.GetProperty("PredictedLabel").GetUInt32());
        JsonProperty[] scores = [.. answer.GetProperty("Score").EnumerateObject()];
        Assert.Equal("0123456789", string.Concat(scores.Select(score => score.Name)));
        Assert.Equal(expected.Score.Select(BitConverter.SingleToInt32Bits), scores.Select(score => BitConverter.SingleToInt32Bits(score.Value.GetSingle())));
    }
}
