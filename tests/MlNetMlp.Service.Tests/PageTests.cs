using System.Text.Json.Nodes;
using MlNetMlp.Service.Tests.Support;
using Xunit.Abstractions;

namespace MlNetMlp.Service.Tests;

/// <summary>The page: it is served, and where there is a Chromium, digits are drawn on it and read.</summary>
public sealed class PageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Page_DigitsDrawnOnIt_AreRead()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        string page = await service.Client.GetStringAsync(service.Address);
        Assert.Contains("<title>Draw a digit</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal); // nothing from elsewhere
        if (Browser.Find() is not { } program)
        {
            output.WriteLine("There is no Chromium in PATH: only the text of the page was looked at.");
            return;
        }

        await using Browser browser = await Browser.OpenAsync(program, service.Address);
        string mouse = await DrawAsync(browser, "0123456789", withFinger: false);
        await browser.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = 390,
            ["height"] = 844,
            ["deviceScaleFactor"] = 3,
            ["mobile"] = true
        });
        await browser.SendAsync("Emulation.setTouchEmulationEnabled", new JsonObject { ["enabled"] = true });
        string finger = await DrawAsync(browser, "0347", withFinger: true);
        output.WriteLine($"Chromium read {mouse} of 0123456789 drawn with the mouse, and {finger} of 0347 with a finger on a phone.");
        Assert.Equal("0123456789", mouse);
        Assert.Equal("0347", finger);
    }

    private static async Task<string> DrawAsync(Browser browser, string digits, bool withFinger)
    {
        string read = "";
        foreach ((double X, double Y)[][] digit in digits.Select(digit => Handwriting.Digits[digit - '0']))
        {
            await browser.EvaluateAsync("document.getElementById('clear').click()");
            JsonNode pad = JsonNode.Parse((
                await browser.EvaluateAsync("JSON.stringify(document.getElementById('pad').getBoundingClientRect())"))!.GetValue<string>())!;
            double left = pad["left"]!.GetValue<double>(), top = pad["top"]!.GetValue<double>(), size = pad["width"]!.GetValue<double>();
            await browser.DrawAsync(digit.Select(stroke => stroke.Select(point => (left + size * point.X, top + size * point.Y)).ToArray()), withFinger);
            await browser.EvaluateAsync("new Promise(resolve => { const look = () => asking ? setTimeout(look, 5) : resolve(); look(); })");
            read += (await browser.EvaluateAsync("document.getElementById('digit').textContent"))!.GetValue<string>();
        }

        return read;
    }
}
