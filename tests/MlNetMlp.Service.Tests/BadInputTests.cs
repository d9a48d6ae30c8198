using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>Every kind of bad input gets a problem document that says where it is wrong, and the next request is none the worse for it.</summary>
public sealed class BadInputTests
{
    private const string Good = """{"District": "South", "Rooms": 5, "Age": 12}""";

    [Theory]
    [InlineData($$"""[{{Good}}, {{Good}}, {"District": "South", "Rooms": "abc", "Age": 12}]""", 2, "Rooms",
        "Row 2 (from 0): The column 'Rooms' takes a number; the text \"abc\" was given.")]
    [InlineData("""{"District": "South", "Rooms": "NaN", "Age": 12}""", 0, "Rooms", "the text \"NaN\"")]
    [InlineData("""{"District": "South", "Rooms": "5", "Age": 12}""", 0, "Rooms", "the text \"5\"")]
    [InlineData("""{"District": "South", "Rooms": 1e39, "Age": 12}""", 0, "Rooms", "1e39")]
    [InlineData("""{"District": "South", "Rooms": true, "Age": 12}""", 0, "Rooms", "true")]
    [InlineData("""{"District": "South", "Rooms": [5], "Age": 12}""", 0, "Rooms", "an array")]
    [InlineData("""{"District": "South", "Rooms": {}, "Age": 12}""", 0, "Rooms", "an object")]
    [InlineData("""{"District": 7, "Rooms": 5, "Age": 12}""", 0, "District", "a text")]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12, "IsSold": 1}""", 0, "IsSold", "true or false")]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12, "Rooms": 6}""", 0, "Rooms", "given twice")]
    [InlineData("""{"District": "South", "Rooms": 5}""", 0, "Age", "not set")]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12, "Colour": "red"}""", 0, "Colour",
        "There is no column 'Colour'. The columns are 'District', 'Rooms', 'Age', 'IsSold'.")]
    [InlineData("""{"district": "South", "Rooms": 5, "Age": 12}""", 0, "district", "There is no column 'district'")]
    [InlineData("""[3]""", 0, null, "an object by column name")]
    [InlineData("""[[]]""", 0, null, "an object by column name")]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12} {}""", null, null, "not JSON")]
    [InlineData("""{"District": "South", "Rooms": 5, "Age": 12""", null, null, "not JSON")]
    [InlineData("""{"District": "South", "Rooms": NaN, "Age": 12}""", null, null, "not JSON")]
    [InlineData("""[{"District": "South", "Rooms": 05, "Age": 12}]""", null, null, "not JSON")]
    [InlineData("", null, null, "not JSON")]
    [InlineData("3", null, null, "an array of rows")]
    public async Task Score_BadBody_SaysWhereAndWhat(string body, int? row, string? column, string detail)
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        using HttpResponseMessage response = await service.PostAsync(body);

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(row is null ? 0 : 1, Regex.Count(problem.GetProperty("detail").GetString()!, "[Rr]ow [0-9]"));
        Assert.Equal(row, problem.TryGetProperty("row", out JsonElement found) ? found.GetInt32() : null);
        Assert.Equal(column, problem.TryGetProperty("column", out found) ? found.GetString() : null);
        await service.ScoreAsync(Good);
    }

    [Theory]
    [InlineData(63, "63 values")]
    [InlineData(65, "more than 64 values")]
    public async Task Score_VectorOfAnotherSize_IsRefused(int size, string found)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);

        using HttpResponseMessage response = await service.PostAsync($$"""{"Pixels": [{{string.Join(",", Enumerable.Repeat("1", size))}}]}""");

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(found, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Pixels", problem.GetProperty("column").GetString());
    }

    [Fact]
    public async Task Score_TextInAVectorOfNumbers_IsRefused()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);

        using HttpResponseMessage response = await service.PostAsync($$"""{"Pixels": [null, {{string.Join(",", Enumerable.Repeat("1", 62))}}, "Infinity"]}""");

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains("the text \"Infinity\" was given", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_ValueThatTheNetworkRefuses_IsNamedByTheNumberOfItsRowAlone()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        string bad = $$"""{"Pixels": [0, 3e38, {{string.Join(",", Enumerable.Repeat("1", 62))}}]}""";

        using HttpResponseMessage response = await service.PostAsync($"[{Digit.All[0].Json}, {Digit.All[1].Json}, {bad}]");

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(2, problem.GetProperty("row").GetInt32());
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.Contains("olumn 'Pixels', slot 1 is 3E+38: it is too far from the training rows", detail, StringComparison.Ordinal);
        Assert.Equal(["2"], Regex.Matches(detail, "[Rr]ow ([0-9]+)").Select(match => match.Groups[1].Value));
    }

    [Theory]
    [InlineData("{\"District\": \"\u00FF\", \"Rooms\": 5, \"Age\": 12}")]
    [InlineData("{\"\u00FF\": \"South\", \"Rooms\": 5, \"Age\": 12}")]
    public async Task Score_BytesThatAreNoUnicode_AreRefused(string body)
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using HttpResponseMessage response = await service.Client.PostAsync("score", content);

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains("not valid Unicode", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_BodyThatIsNotSaidToBeJson_IsRefused()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        using HttpResponseMessage response = await service.Client.PostAsync("score", new StringContent(Good, Encoding.UTF8, "text/plain"));

        await RunningService.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("GET", "score", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "nothing", HttpStatusCode.NotFound)]
    public async Task WrongAddress_IsAProblemToo(string method, string path, HttpStatusCode status)
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        using HttpResponseMessage response = await service.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await RunningService.ProblemAsync(response, status);
    }
}
