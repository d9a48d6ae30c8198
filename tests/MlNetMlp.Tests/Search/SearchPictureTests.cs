using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

public sealed class SearchPictureTests
{
    /// <summary>
    /// Three groups of two: with the means 2, 6 and 10, the sum of squares between 1 and 3, 5 and 7, 9 and 11 is 64, and within them 6, of which a group has
    /// 6 / 3: epsilon squared is (64 - 2 * 6 / 3) / 70.
    /// </summary>
    [Fact]
    public void Importance_OfChoices_IsEpsilonSquared()
    {
        SearchTrial[] trials = [.. new[] { 1.0, 3, 5, 7, 9, 11 }.Select((mean, i) => Trial(i + 1, mean, new SearchValue("kind", $"{i / 2}", $"{i / 2}")))];
        Assert.Equal((64 - 4) / 70.0, SearchImportance.Of(trials, "kind")!.Value, 1e-12);
    }

    [Fact]
    public void Importance_OfNumbers_IsThatOfGroupsOfNearOnes()
    {
        // Twelve numbers in no order make three groups of four; the metric is the group, and in the second option it has nothing to do with the number.
        int[] order = [.. Enumerable.Range(0, 12).Select(i => i * 5 % 12)];
        SearchTrial[] trials = [.. order.Select((number, i) => Trial(
            i + 1, number / 4, SearchValue.Of("rate", 0.1f * number), SearchValue.Of("none", number % 4 * 10 + number / 4)))];
        Assert.Equal(1, SearchImportance.Of(trials, "rate")!.Value, 1e-12);
        Assert.InRange(SearchImportance.Of(trials, "none")!.Value, 0, 0.2);
    }

    [Fact]
    public void Importance_OfTooFewTrials_OrOfNoDifference()
    {
        Assert.Null(SearchImportance.Of([Trial(1, 1, SearchValue.Of("a", 1)), Trial(2, 2, SearchValue.Of("a", 2))], "a"));
        Assert.Null(SearchImportance.Of([Trial(1, 1, SearchValue.Of("a", 1))], "b"));
        Assert.Equal(0, SearchImportance.Of([.. Enumerable.Range(1, 9).Select(i => Trial(i, 0.5, SearchValue.Of("a", i)))], "a"));
    }

    [Fact]
    public void ParallelCoordinates_HaveAnAxisForEachOptionAndTheMetric_AndALineForEachTrial()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var space = new SearchSpace<MlpBinaryTrainer.Options>(new() { Effort = Effort.Plain, NumberOfEpochs = 2, Seed = 1, HiddenLayers = [new(3)] })
            .Number("rate", 1e-4f, 1, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = rate })
            .Branch("optimizer",
                ("AdamW <&>", inner => inner.Number("decay", 0, 1, SearchScale.Linear,
                    (options, x) => options with { Optimizer = new AdamW { WeightDecay = x } })),
                ("Sgd", inner => inner));
        SearchResult<MlpBinaryTrainer.Options> result = new MLContext(1).BinaryClassification.SearchMlp(
            trainer.Data, space, new RandomSearch(12), new HeldOut(0.3), BinaryMetric.LogLoss, new SearchOptions { Seed = 2 });

        XElement root = XDocument.Parse(result.ParallelCoordinatesToSvg()).Root!;

        SvgStyles.AssertScoped(root);
        Assert.Equal(["rate (log)", "optimizer", "decay", "log-loss"], Texts("x title").Select(title =>
             title.Replace("log-loss (log)", "log-loss", StringComparison.Ordinal)));
        XElement[] lines = [.. root.Elements().Where(element => $"{element.Attribute("class")?.Value}".StartsWith("line ", StringComparison.Ordinal))];
        Assert.Equal(result.Trials.Select(trial => trial.ToString()).Order(), lines.Select(line => line.Value).Order());
        Assert.Equal(result.Best.ToString(), Assert.Single(lines, line => line.Attribute("class")!.Value == "line best").Value);
        Assert.Equal(2, lines.Count(line => line.Attribute("class")!.Value == "line good"));
        Assert.All(lines, line => Assert.Equal(4, line.Attribute("d")!.Value.Split('M', 'L').Length - 1));

        // A trial of the other alternative lies below the axis of what it does not have.
        Assert.Equal(["none"], Texts("y note"));
        Assert.Contains("AdamW <&>", Texts("y"));

        string[] Texts(string style) => [.. root.Elements().Where(element => element.Attribute("class")?.Value == style).Select(element => element.Value)];
    }

    [Fact]
    public void Picture_HasAPanelForEachOption_AndADotForEachTrial()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var space = new SearchSpace<MlpBinaryTrainer.Options>(new() { Effort = Effort.Plain, NumberOfEpochs = 2, Seed = 1 })
            .Number("rate", 1e-4f, 1, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = rate })
            .WholeNumber("units", 2, 9, SearchScale.Linear, (options, units) => options with { HiddenLayers = [new(units)] })
            .Choice("activation <&>", [Activation.Relu, Activation.Tanh], (options, activation) =>
                options with { HiddenLayers = [new(3) { Activation = activation }] });
        SearchResult<MlpBinaryTrainer.Options> result = new MLContext(1).BinaryClassification.SearchMlp(
            trainer.Data, space, new RandomSearch(12), new HeldOut(0.3), BinaryMetric.LogLoss);
        XElement root = XDocument.Parse(result.ToSvg()).Root!;
        SvgStyles.AssertScoped(root);
        XElement[] dots = [.. root.Elements().Where(element => element.Name.LocalName == "circle")];
        Assert.Equal(3 * 12, dots.Length);
        Assert.Equal(3, dots.Count(dot => dot.Value == result.Best.ToString() && (string)dot.Attribute("class")! == "best"));
        Assert.Equal(["rate", "units", "activation <&>"], result.Importance.Keys);
        string rate = string.Create(CultureInfo.InvariantCulture, $"rate, explains {result.Importance["rate"]:P0} (logarithmic)");
        Assert.Contains(rate, root.Value, StringComparison.Ordinal);

        // A rate ten times as high is as far to the right, whatever it is.
        (double X, float Rate)[] rates = [.. dots.Select(dot => (double.Parse(dot.Attribute("cx")!.Value, CultureInfo.InvariantCulture),
            result.Trials.Single(trial => trial.ToString() == dot.Value))).Take(12).Select(pair => (pair.Item1, (float)pair.Item2.Values[0].Value!))
            .OrderBy(pair => pair.Item2)];
        double decade = (rates[^1].X - rates[0].X) / Math.Log10(rates[^1].Rate / rates[0].Rate);
        Assert.All(rates, point => Assert.Equal(rates[0].X + decade * Math.Log10(point.Rate / rates[0].Rate), point.X, 0.02));
        using var folder = new TemporaryFolder();
        result.SaveSvg(folder.Path("search.svg"));
        Assert.Equal(result.ToSvg(), File.ReadAllText(folder.Path("search.svg")));
    }

    /// <summary>A trial that was pruned is never the best while there is another, whatever it came to, and does not count among the better quarter.</summary>
    [Fact]
    public void Pictures_ShowWhatWasPruned()
    {
        SearchTrial[] trials =
        [
            .. Enumerable.Range(1, 8).Select(i => Trial(i, i, SearchValue.Of("rate", i))),
            Trial(9, 0.5, isPruned: true, SearchValue.Of("rate", 9)), Trial(10, 20, isPruned: true, SearchValue.Of("rate", 10)),
        ];
        XElement dots = XDocument.Parse(
            new SearchPicture(["rate"], new Dictionary<string, double>(), "log-loss", SearchGoal.Minimize, trials).ToSvg()).Root!;
        XElement lines = XDocument.Parse(new ParallelPicture(["rate"], "log-loss", SearchGoal.Minimize, trials).ToSvg()).Root!;

        Assert.Equal(["best", "pruned", "pruned", .. Enumerable.Repeat("trial", 7)], Styles(dots, "circle"));
        Assert.Equal(["line best", "line good", "line pruned", "line pruned", .. Enumerable.Repeat("line trial", 6)],
            Styles(lines, "path").Where(style => style.StartsWith("line", StringComparison.Ordinal)));
        Assert.Contains("the best is 1: 1; 2 pruned, hollow", dots.Value, StringComparison.Ordinal);
        Assert.Contains("; 2 pruned, dashed", lines.Value, StringComparison.Ordinal);
        Assert.Contains("stroke-dasharray", lines.Value, StringComparison.Ordinal);

        static IEnumerable<string> Styles(XElement picture, string kind) => picture.Elements()
            .Where(element => element.Name.LocalName == kind).Select(element => element.Attribute("class")!.Value).Order(StringComparer.Ordinal);
    }

    /// <summary>A name of eight choices has room for four letters beside two other options, and for eleven alone.</summary>
    [Fact]
    public void Picture_OfOneOption_HasRoomForNames()
    {
        SearchTrial[] trials = [.. Enumerable.Range(0, 8).Select(i => Trial(i + 1, i, new SearchValue("kind", null, $"smoothing{i}")))];
        IEnumerable<string> Texts(params string[] names) => XDocument.Parse(
            new SearchPicture(names, new Dictionary<string, double>(), "log-loss", SearchGoal.Minimize, trials).ToSvg()).Root!
            .Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value);

        Assert.Contains("smoothing7", Texts("kind"));
        Assert.DoesNotContain("smoothing7", Texts("kind", "other", "third"));
    }

    [Fact]
    public void Scale_OfWholeNumbers_HasOnlySuch()
    {
        Assert.Equal([1, 2], SearchPicture.Scale([1, 2, 1]).Ticks);
        Assert.Equal([1, 1.5, 2], SearchPicture.Scale([1, 2, 1.25]).Ticks);
    }

    [Fact]
    public void Picture_OfOneTrial_IsDrawn()
    {
        SearchTrial trial = Trial(1, 0.5, SearchValue.Of("rate", 0.1f), new SearchValue("kind", null, "none"));
        var picture = new SearchPicture(["rate", "kind", "other"], new Dictionary<string, double>(), "log-loss", SearchGoal.Minimize, [trial]);
        XElement root = XDocument.Parse(picture.ToSvg()).Root!;
        Assert.Equal(2, root.Elements().Count(element => element.Name.LocalName == "circle"));
        Assert.All(root.Descendants().Attributes(), attribute => Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal));
    }

    private static SearchTrial<MlpBinaryTrainer.Options> Trial(int number, double mean, params SearchValue[] values) =>
        Trial(number, mean, isPruned: false, values);

    private static SearchTrial<MlpBinaryTrainer.Options> Trial(int number, double mean, bool isPruned, params SearchValue[] values) => new(
        number, values, new(), "log-loss",
        [new FoldScore { Value = mean, Epochs = 1, BestEpoch = 1, Elapsed = TimeSpan.Zero, IsPruned = isPruned }], null);
}
