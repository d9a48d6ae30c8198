using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using MlNetMlp.Service.Tests.Support;
using Service;

namespace MlNetMlp.Service.Tests;

/// <summary>What a request may cost, and that the limits themselves are checked when the service starts.</summary>
public sealed class LimitTests
{
    private const string Row = """{"District": "South", "Rooms": 5, "Age": 12}""";

    [Fact]
    public async Task Score_MoreRowsThanAllowed_Is413()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumRows=2");

        await service.ScoreAsync($"[{Row},{Row}]");
        using HttpResponseMessage response = await service.PostAsync($"[{Row},{Row},{Row}]");

        Assert.Contains("more than 2 rows", (await RunningService.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge)).ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Score_MoreBytesThanAllowed_Is413(bool isLengthKnown)
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, $"Limits:MaximumBodyBytes={Row.Length}");
        await service.ScoreAsync(Row);

        using var request = new HttpRequestMessage(HttpMethod.Post, "score") { Content = RunningService.Json(Row + " ") };
        request.Headers.TransferEncodingChunked = !isLengthKnown;
        using HttpResponseMessage response = await service.Client.SendAsync(request);

        Assert.Contains($"The max request body size is {Row.Length} bytes",
            (await RunningService.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_MoreRequestsThanAllowed_Is429AndPasses()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumConcurrentRequests=1");
        using var content = new UnfinishedContent(Row);
        Task<HttpResponseMessage> first = service.Client.PostAsync("score", content);
        await content.Begun;
        HttpResponseMessage second = await service.PostAsync(Row);
        for (int i = 0; second.IsSuccessStatusCode && i < 100; i++)
        {
            // The first half of the first request may not have arrived yet.
            await Task.Delay(10);
            second = await service.PostAsync(Row);
        }

        await RunningService.ProblemAsync(second, HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        second.Dispose();
        content.Finish();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        await service.ScoreAsync(Row);
    }

    [Fact]
    public async Task Score_LongerThanAllowed_Is504()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:Timeout=00:00:00.1");

        // A client that sends one byte of two and waits; HttpClient does not listen before it has sent everything.
        using var client = new TcpClient(service.Address.Host, service.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"u8.ToArray());
        byte[] answer = new byte[4096];
        string text = Encoding.UTF8.GetString(answer, 0, await stream.ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.StartsWith("HTTP/1.1 504", text, StringComparison.Ordinal);
        Assert.Contains("It was not done in 0.1 s.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_CancelledBetweenRows_Stops()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);
        ServedModel model = service.Holder.Current!;
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.Throws<OperationCanceledException>(() =>
            JsonRows.Score(new(Encoding.UTF8.GetBytes($"[{Row}]")), model, model.Rent(), maximumRows: 10, cancellation.Token));
    }

    [Theory]
    [InlineData("Limits:MaximumRows=0", "Limits:MaximumRows is 0; it has to be from 1 to 1000000.")]
    [InlineData("Limits:MaximumBodyBytes=-1", "Limits:MaximumBodyBytes is -1; it has to be from 2 to 1073741824.")]
    [InlineData("Limits:MaximumConcurrentRequests=0", "Limits:MaximumConcurrentRequests is 0; it has to be from 1 to 100000.")]
    [InlineData("Limits:Timeout=00:00:00", "Limits:Timeout is 00:00:00; it has to be from 00:00:00.0100000 to 01:00:00.")]
    [InlineData("Model:Path= ", "Model:Path is empty; it has to be the path of a file.")]
    [InlineData("Model:PollInterval=2.00:00:00", "Model:PollInterval is 2.00:00:00; it has to be from 00:00:00.0100000 to 1.00:00:00.")]
    public async Task Start_SettingOutOfRange_NamesItAndWhatIsAllowed(string setting, string message)
    {
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningService.StartAsync(null, setting));

        Assert.Equal([message], exception.Failures);
    }

    [Theory]
    [InlineData("Limits:MaximumRow=5", "MaximumRow")]
    [InlineData("Limits:MaximumRows=many", "Limits:MaximumRows")]
    public async Task Start_SettingThatIsNone_NamesIt(string setting, string name)
    {
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.StartAsync(null, setting));

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }
}
