using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MlNetMlp.Hosting;
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
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumConcurrentRequests=1", "Limits:MaximumRows=100000");
        string rows = $"[{string.Join(",", Enumerable.Repeat(Row, 10_000))}]";
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; !statuses.Contains(HttpStatusCode.TooManyRequests) && i < 100; i++)
        {
            foreach (HttpResponseMessage response in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => service.PostAsync(rows)))))
            {
                statuses.Add(response.StatusCode);
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
                    await RunningService.ProblemAsync(response, HttpStatusCode.TooManyRequests);
                }

                response.Dispose();
            }
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses.Distinct().Order());
        await service.ScoreAsync(Row);
    }

    [Fact]
    public async Task Score_ClientsThatSendSlowly_TakeNothingFromTheOthersAndEndQuietly()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumConcurrentRequests=1", "Limits:Timeout=00:00:02");
        Task<string>[] slow = [.. Enumerable.Range(0, 64).Select(_ => SlowAsync(service, bytesPerSecond: 30))];

        int answered = 0;
        for (; !Task.WhenAll(slow).IsCompleted; answered++)
        {
            await service.ScoreAsync(Row);
        }

        Assert.True(answered > 10, $"{answered} requests were answered meanwhile.");
        Assert.All(await Task.WhenAll(slow), answer => Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal));
        await service.ScoreAsync(Row);
        service.Log.AssertEmpty();
    }

    [Fact]
    public async Task Score_BodySlowerThanTheRate_Is408LongBeforeTheTimeout()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MinimumBytesPerSecond=10000", "Limits:Timeout=01:00:00");

        string answer = await SlowAsync(service, bytesPerSecond: 500).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        service.Log.AssertEmpty();
    }

    [Fact]
    public async Task Score_ClientThatDoesNotRead_TakesNothingFromTheOthersAndEndsQuietly()
    {
        const int rows = 30_000;
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Limits:MaximumConcurrentRequests=1",
            "Limits:Timeout=00:00:20", "Limits:MaximumRows=1000000", "Limits:MaximumBodyBytes=100000000");
        string row = Digit.All[0].Json;
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(",", Enumerable.Repeat(row, rows))}]"); // more of an answer than sockets hold
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
        Assert.Equal("HTTP/1.1 200"u8.ToArray(), await ReadAsync(stream, 12));

        // The permit is free again, though most of the answer is still to be read.
        int answerLength = (await service.ScoreAsync(row)).GetRawText().Length;

        // And after the time the connection ends before the answer does.
        await Task.Delay(TimeSpan.FromSeconds(21));
        long read = 0;
        try
        {
            byte[] buffer = new byte[1 << 16];
            for (int count; (count = await stream.ReadAsync(buffer)) > 0; read += count)
            {
            }
        }
        catch (IOException)
        {
            // It was reset.
        }

        Assert.InRange(read, 0, (rows * answerLength) - 1);
        await service.ScoreAsync(row);
        service.Log.AssertEmpty();
    }

    [Fact]
    public async Task Score_LongerThanAllowed_Is504()
    {
        await using RunningService service = await RunningService.StartAsync(Models.SlowHouses, "Limits:Timeout=00:00:04", "Limits:MaximumRows=100000",
            "Limits:MaximumBodyBytes=100000000");

        // It arrives in a part of the time, and takes many times as long to score.
        using HttpResponseMessage response = await service.PostAsync($"[{string.Join(",", Enumerable.Repeat(Row, 100_000))}]");

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.GatewayTimeout);
        Assert.Equal("It was not done in 4 s.", problem.GetProperty("detail").GetString());
        await service.ScoreAsync(Row);
    }

    [Fact]
    public async Task Score_ClientGoesAwayMeanwhile_EndsQuietly()
    {
        await using RunningService service = await RunningService.StartAsync(Models.SlowHouses, "Limits:MaximumConcurrentRequests=1",
            "Limits:Timeout=01:00:00", "Limits:MaximumRows=100000", "Limits:MaximumBodyBytes=100000000");
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(",", Enumerable.Repeat(Row, 100_000))}]");
        using (var client = new TcpClient(service.Address.Host, service.Address.Port) { LingerState = new LingerOption(true, 0) })
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
            await client.GetStream().WriteAsync(body);
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while ((await service.PostAsync(Row)).StatusCode == HttpStatusCode.OK && !enough.IsCancellationRequested)
            {
                // It is not yet being scored; on a slow machine it may never be seen to be.
                await Task.Delay(10);
            }
        }

        // Its permit is free long before all of its rows are scored.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await service.PostAsync(Row)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(10, patience.Token);
        }

        await Task.Delay(100);
        service.Log.AssertEmpty();
    }

    [Fact]
    public async Task Connection_MoreThanAllowed_IsClosedAtOnce()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumConnections=2");
        var connections = new List<TcpClient>();
        for (int i = 0; i < 3; i++)
        {
            var client = new TcpClient(service.Address.Host, service.Address.Port);
            connections.Add(client);
            if (i < 2)
            {
                // So that the server knows of it before the next one.
                await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                Assert.Equal("HTTP/1.1 200"u8.ToArray(), await ReadAsync(client.GetStream(), 12));
            }
        }

        Assert.Empty(await ReadAsync(connections[2].GetStream(), 1));
        connections.ForEach(client => client.Dispose());
        await RunningService.Eventually(() => IsAnswered(service), "Others come in when these have gone.");

        static bool IsAnswered(RunningService service)
        {
            try
            {
                return service.Client.GetAsync("health/live").GetAwaiter().GetResult().IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Score_CancelledBetweenRows_Stops()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);
        ServedModel model = service.Scoring.Current!;
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.Throws<OperationCanceledException>(() =>
            JsonRows.Score(new(Encoding.UTF8.GetBytes($"[{Row}]")), model.Rent(), new JsonAnswer(), maximumRows: 10, cancellation.Token));
    }

    [Theory]
    [InlineData("Limits:MaximumRows=0", "Limits:MaximumRows is 0; it has to be from 1 to 1000000.")]
    [InlineData("Limits:MaximumBodyBytes=-1", "Limits:MaximumBodyBytes is -1; it has to be from 2 to 1073741824.")]
    [InlineData("Limits:MaximumConcurrentRequests=0", "Limits:MaximumConcurrentRequests is 0; it has to be from 1 to 100000.")]
    [InlineData("Limits:MaximumConnections=0", "Limits:MaximumConnections is 0; it has to be from 1 to 100000.")]
    [InlineData("Limits:MinimumBytesPerSecond=0", "Limits:MinimumBytesPerSecond is 0; it has to be from 1 to 1073741824.")]
    [InlineData("Admin:Key=123456789012345", "Admin:Key is too short; it has to be empty, or 16 characters or more.")]
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

    /// <summary>Sends a body of which there is always more to come, until there is an answer.</summary>
    private static async Task<string> SlowAsync(RunningService service, int bytesPerSecond)
    {
        // HttpClient does not listen before it has sent everything.
        using var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n["u8.ToArray());
        Task<byte[]> answer = ReadAsync(stream, 400);
        while (!answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(100));
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', bytesPerSecond / 10)));
            }
            catch (IOException)
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(await answer);
    }

    /// <summary>Reads some bytes, or fewer if that is all.</summary>
    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        byte[] bytes = new byte[count];
        int read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        return bytes[..read];
    }
}
