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

    [Fact]
    public async Task Page_ServiceCannotBeReached_SaysSoKeepsTheDrawingAndAsksAgain()
    {
        if (Browser.Find() is not { } program)
        {
            output.WriteLine("There is no Chromium in PATH.");
            return;
        }

        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        await using Browser browser = await Browser.OpenAsync(program, service.Address);
        await DrawAsync(browser, "3", withFinger: false);
        double ink = await InkAsync(browser);
        Assert.True(ink > 0);

        await browser.EvaluateAsync("globalThis.network = fetch; globalThis.fetch = () => Promise.reject(new TypeError()); ask()");

        Assert.Equal("The service cannot be reached.", await TextAsync(browser, "words"));
        Assert.True((await browser.EvaluateAsync("document.getElementById('answer').classList.contains('alarm')"))!.GetValue<bool>());
        Assert.Equal(ink, await InkAsync(browser));

        await browser.EvaluateAsync("globalThis.fetch = network; null");
        string digit = "";
        for (int i = 0; digit != "3" && i < 1000; i++)
        {
            await Task.Delay(20);
            digit = await TextAsync(browser, "digit");
        }

        Assert.Equal("3", digit);
        Assert.False((await browser.EvaluateAsync("document.getElementById('answer').classList.contains('alarm')"))!.GetValue<bool>());
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    [InlineData(412, 915)]
    public async Task Page_OnThisScreen_NothingIsCutOrWrapped(int width, int height)
    {
        if (Browser.Find() is not { } program)
        {
            output.WriteLine("There is no Chromium in PATH.");
            return;
        }

        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        await using Browser browser = await Browser.OpenAsync(program, service.Address);
        await browser.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 1000,
        });
        await DrawAsync(browser, "0", withFinger: false);
        await browser.EvaluateAsync("show({ PredictedLabel: 0, Score: { 0: 0.99999, 1: 0.00001 } })");

        Assert.Equal("> 99.9 %", (await browser.EvaluateAsync("document.querySelector('li.best .value').textContent"))!.GetValue<string>());
        Assert.Equal("very likely", await TextAsync(browser, "words"));
        JsonNode sizes = JsonNode.Parse((await browser.EvaluateAsync("""
            JSON.stringify({
                lines: Math.max(...[...document.querySelectorAll('.value')].map(value => value.getClientRects()[0].height)),
                line: parseFloat(getComputedStyle(document.querySelector('.value')).lineHeight),
                below: document.documentElement.scrollHeight - innerHeight,
                beside: document.documentElement.scrollWidth - innerWidth,
                outside: Math.max(...[...document.querySelectorAll('.value')].map(value => value.scrollWidth - value.clientWidth)),
            })
            """))!.GetValue<string>())!;
        Assert.InRange(sizes["lines"]!.GetValue<double>(), 1, sizes["line"]!.GetValue<double>() + 1);
        Assert.InRange(sizes["below"]!.GetValue<double>(), -10_000, 0);
        Assert.InRange(sizes["beside"]!.GetValue<double>(), -10_000, 0);
        Assert.InRange(sizes["outside"]!.GetValue<double>(), -10_000, 0);
    }

    [Fact]
    public async Task Page_Probability_IsNeverRoundedTo0Or1()
    {
        if (Browser.Find() is not { } program)
        {
            output.WriteLine("There is no Chromium in PATH.");
            return;
        }

        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        await using Browser browser = await Browser.OpenAsync(program, service.Address);

        string texts = (await browser.EvaluateAsync("[1 - 1e-16, 0.9996, 0.9994, 0.5, 0.0006, 0.0004, 1e-30].map(percent).join()"))!.GetValue<string>();

        Assert.Equal("> 99.9 %,> 99.9 %,99.9 %,50.0 %,0.1 %,< 0.1 %,< 0.1 %", texts);
    }

    [Fact]
    public async Task Docs_ShowTheColumnsAndTakeNothingFromElsewhere()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);
        Assert.Contains("openapi.json", await service.Client.GetStringAsync("docs/"), StringComparison.Ordinal);
        if (Browser.Find() is not { } program)
        {
            output.WriteLine("There is no Chromium in PATH: only the text of the page was looked at.");
            return;
        }

        await using Browser browser = await Browser.OpenAsync(program, new Uri(service.Address, "docs/"));
        string text = "";
        for (int i = 0; !text.Contains("District", StringComparison.Ordinal) && i < 500; i++)
        {
            await Task.Delay(20);
            text = (await browser.EvaluateAsync("document.body.innerText"))!.GetValue<string>();
        }

        Assert.Contains("District", text, StringComparison.Ordinal);
        Assert.Contains("Scores one row, or many.", text, StringComparison.Ordinal);
        string resources = (await browser.EvaluateAsync("performance.getEntriesByType('resource').map(entry => entry.name).join(' ')"))!.GetValue<string>();
        Assert.All(resources.Split(' '), resource => Assert.StartsWith(service.Address.ToString(), resource, StringComparison.Ordinal));
    }

    private static async Task<string> TextAsync(Browser browser, string id) =>
        (await browser.EvaluateAsync($"document.getElementById('{id}').textContent"))!.GetValue<string>();

    /// <summary>How much the picture of what the network sees shows.</summary>
    private static async Task<double> InkAsync(Browser browser) => (await browser.EvaluateAsync(
        "seen.getContext('2d').getImageData(0, 0, 8, 8).data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + alpha, 0)"))!.GetValue<double>();

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
