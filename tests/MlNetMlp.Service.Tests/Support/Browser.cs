using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetMlp.Service.Tests.Support;

/// <summary>A Chromium without a window, driven over its DevTools protocol: one page, real pointers, no package.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();

    /// <summary>A browser that does not answer any more fails the test instead of holding it up.</summary>
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2));
    private int _commands;

    private Browser(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>The path of a browser on this machine, or null.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(_ => _names, Path.Combine).FirstOrDefault(File.Exists);

    public static async Task<Browser> OpenAsync(string program, Uri address)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("mlnetmlp");
        var start = new ProcessStartInfo(program,
            ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}",
                address.ToString()])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        await browser.ConnectAsync();
        while (!await browser.IsCompleteAsync(address))
        {
            await Task.Delay(20, browser._patience.Token);
        }

        return browser;
    }

    private async Task<bool> IsCompleteAsync(Uri address)
    {
        try
        {
            return (await EvaluateAsync($"location.href === '{address}' && document.readyState === 'complete'"))!.GetValue<bool>();
        }
        catch (InvalidOperationException)
        {
            // Between two pages there is none to ask.
            return false;
        }
    }

    /// <summary>Runs a command of the protocol.</summary>
    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null)
    {
        int id = ++_commands;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, _patience.Token);
        while (true)
        {
            // Events come in between and are passed over.
            JsonNode message = await ReceiveAsync();
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
            }
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression) =>
        (await SendAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression,
            ["awaitPromise"] = true,
            ["returnByValue"] = true
        }))["result"]?["value"];

    /// <summary>Draws lines with the button held down, or with a finger on the glass.</summary>
    public async Task DrawAsync(IEnumerable<(double X, double Y)[]> strokes, bool withFinger)
    {
        foreach ((double X, double Y)[] stroke in strokes)
        {
            for (int i = 0; i <= stroke.Length; i++)
            {
                (double x, double y) = stroke[Math.Min(i, stroke.Length - 1)];
                string phase = i == 0 ? "Start" : i < stroke.Length ? "Move" : "End";
                await (withFinger ? TouchAsync(phase, x, y) : MouseAsync(phase, x, y));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _patience.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser is still writing; the folder is a temporary one.
        }
    }

    private Task<JsonNode> MouseAsync(string phase, double x, double y) => SendAsync("Input.dispatchMouseEvent", new JsonObject
    {
        ["type"] = phase switch { "Start" => "mousePressed", "Move" => "mouseMoved", _ => "mouseReleased" },
        ["x"] = x,
        ["y"] = y,
        ["button"] = "left",
        ["buttons"] = phase == "End" ? 0 : 1,
        ["clickCount"] = 1,
    });

    private Task<JsonNode> TouchAsync(string phase, double x, double y) => SendAsync("Input.dispatchTouchEvent", new JsonObject
    {
        ["type"] = "touch" + phase,
        ["touchPoints"] = phase == "End" ? [] : new JsonArray(new JsonObject { ["x"] = x, ["y"] = y }),
    });

    private async Task ConnectAsync()
    {
        // "DevTools listening on ws://127.0.0.1:1234/devtools/browser/..."
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(_patience.Token) ?? throw new InvalidOperationException("The browser ended at once.");
        }
        while (!line.StartsWith("DevTools listening on ", StringComparison.Ordinal));

        var endpoint = new Uri(line["DevTools listening on ".Length..]);
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        using var client = new HttpClient();
        JsonNode pages = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{endpoint.Authority}/json/list")))!;
        string page = pages.AsArray().First(target => target!["type"]!.GetValue<string>() == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
        await _socket.ConnectAsync(new Uri(page), _patience.Token);
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
