using System.Globalization;
using System.Xml.Linq;
using MlNetMlp.Diagnostics;

namespace MlNetMlp.Core.Tests;

public sealed class LearningRateFinderTests
{
    private static readonly Loss _loss = new SquaredError { StandardizeTargets = false };

    /// <summary>
    /// A line through four points by plain descent on all of them, which is computed here once more:
    /// w and b move by the rate times the mean of (w x + b - y) x and of w x + b - y.
    /// </summary>
    [Fact]
    public void Losses_AreThoseOfTheSteps_UntilTheyExplode()
    {
        LearningRateCurve curve = LearningRateFinder.Run(Line(), new() { From = 1e-3f, To = 100, Steps = 60 });
        double w = 0, b = 0;
        for (int i = 0; i < curve.Points.Count; i++)
        {
            double rate = 1e-3 * Math.Pow(1e5, i / 59.0);
            Assert.Equal(rate, curve.Points[i].Rate, 1e-5 * rate);
            double[] errors = [.. _points.Select(point => w * point.X + b - point.Y)];
            double loss = errors.Average(error => error * error / 2);

            // Beyond that rate errors of rounding grow with every step.
            Assert.True(rate > 1.6 || Math.Abs(loss - curve.Points[i].Loss) <= 1e-5 * loss, $"{i}: {loss}, {curve.Points[i].Loss}");
            (w, b) = (w - rate * errors.Zip(_points).Average(pair => pair.First * pair.Second.X), b - rate * errors.Average());
        }

        // The largest curvature is 1.25, that of w: beyond a rate of 2 / 1.25 every step is worse than the one before.
        Assert.InRange(curve.Points.Count, 42, 55);
        Assert.InRange(curve.Points[^1].Rate, 1.6f, 20);
        Assert.InRange(curve.LowestLossRate, 0.3f, 3);
        Assert.Equal(curve.LowestLossRate / 10, curve.SuggestedRate);
    }

    /// <summary>Written out for one place: weights 1, 2, 1 where a twentieth of the points is one.</summary>
    [Fact]
    public void SmoothedLosses_AreMeansOfThoseAround()
    {
        IReadOnlyList<LearningRatePoint> points = LearningRateFinder.Run(Line(), new() { From = 1e-3f, To = 1, Steps = 30 }).Points;
        Assert.Equal(30, points.Count);
        Assert.Equal((points[4].Loss + 2 * points[5].Loss + points[6].Loss) / 4, points[5].SmoothedLoss, 1e-12);
        Assert.Equal((2 * points[0].Loss + points[1].Loss) / 3, points[0].SmoothedLoss, 1e-12);
    }

    [Fact]
    public void Rates_OfACommonTraining_AreReasonable()
    {
        Loss loss = new SoftmaxCrossEntropy();
        var task = new TrainingTask(new(4, 3) { HiddenLayers = [new(32)] }, loss, SmallData.For(loss, 400)) { Options = new() { Seed = 4 } };
        LearningRateCurve curve = LearningRateFinder.Run(task);
        Assert.InRange(curve.SuggestedRate!.Value, 5e-4f, 5e-2f);

        // The same again, with any number of threads; and the task was not touched.
        Assert.Equal(curve.ToCsv(), LearningRateFinder.Run(task with { Options = task.Options with { NumberOfThreads = 1 } }).ToCsv());

        // Trained with it, the loss is far lower than with a thousandth of it, and than with a thousand times.
        double[] losses = [.. ((float[])[1, 1e-3f, 1e3f]).Select(factor => Train(factor * curve.SuggestedRate.Value))];
        Assert.True(losses[0] < 0.5 * losses[1] && losses[0] < 0.5 * losses[2], string.Join(' ', losses));

        double Train(float rate) => MlpTrainer.Train(task with { Options = new() { NumberOfEpochs = 5, LearningRate = rate } }).History[^1].TrainingLoss;
    }

    [Fact]
    public void Rates_ThatAreAllTooHigh_SuggestNone()
    {
        LearningRateCurve curve = LearningRateFinder.Run(Line(), new() { From = 10, To = 100, Steps = 20 });
        Assert.Null(curve.SuggestedRate);
        Assert.Contains("none is suggested", curve.ToString(), StringComparison.Ordinal);
        AssertPicture(curve);
    }

    [Fact]
    public void Picture_ShowsTheCurveAndTheSuggestion()
    {
        LearningRateCurve curve = LearningRateFinder.Run(Line(), new() { From = 1e-3f, To = 100, Steps = 60 });
        XElement root = AssertPicture(curve);
        double[] marks = [.. new[] { "lowest", "suggested" }.Select(style => double.Parse(
            root.Elements().First(path => (string?)path.Attribute("class") == style).Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture))];

        // A decade apart, as two scale values are.
        double[] ticks = [.. root.Elements().Where(text => text.Name.LocalName == "text" && text.Value is "0.01" or "0.1"
            && (string?)text.Attribute("class") == "x")
            .Select(text => (double)text.Attribute("x")!)];
        Assert.Equal(ticks[1] - ticks[0], marks[0] - marks[1], 0.05);
        Assert.Equal(1 + curve.Points.Count, curve.ToCsv().TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void Table_HasAllDigits()
    {
        LearningRateCurve curve = LearningRateFinder.Run(Line(), new() { From = 1e-3f, To = 1, Steps = 20 });
        string[] last = curve.ToCsv().TrimEnd('\n').Split('\n')[^1].Split(',');
        Assert.Equal((1f, curve.Points[^1].Loss), (float.Parse(last[0], CultureInfo.InvariantCulture), double.Parse(last[1], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void What_CannotBeSearched_IsRefused()
    {
        TrainingTask task = Line();
        Assert.Contains("Lbfgs", Assert.Throws<ArgumentException>(() =>
            LearningRateFinder.Run(task with { Options = new() { Optimizer = new Lbfgs() } })).Message, StringComparison.Ordinal);
        Assert.Contains("From is 1 and To is 1", Assert.Throws<ArgumentException>(() =>
            LearningRateFinder.Run(task, new() { From = 1, To = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("Steps", () => new LearningRateFinderOptions { Steps = 19 });
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => LearningRateFinder.Run(task with { CancellationToken = cancellation.Token }));
    }

    private static readonly (float X, float Y)[] _points = [(-1.5f, 3), (-0.5f, -1), (0.5f, 2), (1.5f, 5)];

    private static TrainingTask Line()
    {
        var rows = new InMemoryRows(1, 1);
        Array.ForEach(_points, point => rows.Add([point.X], [point.Y]));
        return new(new(1, 1) { OutputInitializer = Initializer.Zero }, _loss, rows)
        {
            Options = new() { Optimizer = new Sgd(), BatchSize = 4, FeatureScaling = FeatureScaling.None, OutputBiasFromTargets = false, NumberOfThreads = 1 },
        };
    }

    private static XElement AssertPicture(LearningRateCurve curve)
    {
        XElement root = XDocument.Parse(curve.ToSvg()).Root!;
        SvgStyles.AssertScoped(root);
        Assert.Contains(curve.ToString(), root.Value, StringComparison.Ordinal);
        return root;
    }
}
