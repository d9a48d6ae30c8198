using System.Net;
using System.Text.Json;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>A model takes the place of another one only if it answers the same requests, unless a setting says otherwise.</summary>
public sealed class ColumnTests
{
    private static readonly Dictionary<string, Lazy<byte[]>> _models = new()
    {
        ["digits"] = new(() => Models.FirstDigits),
        ["houses"] = new(() => Models.Houses),
        ["houses that may have a garden"] = new(() => Models.TrainHouses<HouseWithGarden>()),
        ["houses with a garden"] = new(() => Models.TrainHouses<HouseWithGarden>(nameof(House.Rooms), nameof(House.Age), nameof(HouseWithGarden.Garden))),
        ["houses by age"] = new(() => Models.TrainHouses<House>(nameof(House.Age))),
        ["houses that may have a garden in words"] = new(() => Models.TrainHouses<HouseInWords>()),
        ["two fruits"] = new(() => Models.TrainClasses(["apple", "pear"], isText: true)),
        ["three fruits"] = new(() => Models.TrainClasses(["apple", "pear", "plum"], isText: true)),
        ["two keys"] = new(() => Models.TrainClasses(["apple", "pear"], isText: false)),
        ["three keys"] = new(() => Models.TrainClasses(["pear", "plum", "apple"], isText: false)),
    };

    [Theory]
    [InlineData("digits", "houses", "there is no column 'Pixels'", "there is no column 'Number'", "the column 'Rooms' (Single) is needed in addition",
        "the output 'PredictedLabel' is Boolean instead of UInt32")]
    [InlineData("houses", "houses with a garden", "the column 'Garden' (Single) is needed in addition")]
    [InlineData("houses that may have a garden", "houses with a garden", "the column 'Garden' has to be given")]
    [InlineData("houses that may have a garden", "houses", "there is no column 'Garden'")]
    [InlineData("houses that may have a garden", "houses that may have a garden in words",
        "the column 'Garden' takes a text (String) instead of a number (Single)")]
    [InlineData("three fruits", "two fruits", "the output 'Score' has no value for 'plum'")]
    [InlineData("three keys", "two keys", "the output 'PredictedLabel' is Key<UInt32, 0-1> instead of Key<UInt32, 0-2>")]
    [InlineData("two keys", "two fruits", "the output 'PredictedLabel' is String instead of Key<UInt32, 0-1>")]
    public async Task Reload_RequestsWouldFail_Is422AndTheOldModelStays(string first, string second, params string[] differences)
    {
        await using RunningService service = await RunningService.StartAsync(_models[first].Value, "Model:PollInterval=01:00:00");
        string version = service.Scoring.Current!.Version;
        service.Replace(_models[second].Value);

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.All(differences, difference => Assert.Contains(difference, detail, StringComparison.Ordinal));
        Assert.Contains("Model:AllowOtherColumns", detail, StringComparison.Ordinal);
        Assert.Equal(version, service.Scoring.Current.Version);
    }

    [Theory]
    [InlineData("houses", "houses that may have a garden")]
    [InlineData("houses with a garden", "houses that may have a garden")]
    [InlineData("houses", "houses by age")]
    [InlineData("two fruits", "three fruits")]
    [InlineData("two keys", "three keys")]
    public async Task Reload_RequestsAreAnsweredAsBefore_IsInService(string first, string second)
    {
        await using RunningService service = await RunningService.StartAsync(_models[first].Value, "Model:PollInterval=01:00:00");
        service.Replace(_models[second].Value);

        using HttpResponseMessage response = await service.ReloadAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Reload_OtherColumnsAreAllowed_IsInService()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00", "Model:AllowOtherColumns=true");
        service.Replace(Models.Houses);

        using HttpResponseMessage response = await service.ReloadAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await service.ScoreAsync("""{"District": "South", "Rooms": 5, "Age": 12}""");
    }

    [Fact]
    public async Task File_ReplacedByOneWithOtherColumns_IsLoggedAndNoRequestFails()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        service.Replace(Models.Houses);

        while (service.Log.Lines.Count == 0)
        {
            await service.ScoreAsync(Digit.All[0].Json);
        }

        Assert.Contains("there is no column 'Pixels'", Assert.Single(service.Log.Lines), StringComparison.Ordinal);
        await service.ScoreAsync(Digit.All[0].Json);
    }
}
