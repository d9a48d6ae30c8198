using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MlNetMlp.Core.Tests;

/// <summary>The picture is read as a person reads it: by what is written beside the scales.</summary>
public partial class LearningCurvesTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    /// <summary>Values that make linear scales, and ones that make logarithmic ones.</summary>
    public static TheoryData<double, int> Shapes => new() { { 0.3, 7 }, { 40, 60 }, { 1e-7, 25 }, { 3e8, 1200 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ToSvg_Points_AreWhereTheScaleSaysTheyAre(double size, int count)
    {
        var random = new Random(count);
        EpochReport[] reports = [.. Enumerable.Range(1, count).Select(epoch => new EpochReport
        {
            Epoch = epoch,
            NumberOfEpochs = count,
            TrainingLoss = size * (0.1 + (2.0 / epoch)),
            ValidationLoss = size * (0.2 + random.NextDouble()),
            TrainingMetric = random.NextDouble(),
            ValidationMetric = random.NextDouble(),
            LearningRate = (float)(size / epoch),
            GradientNorm = size * Math.Exp(-20.0 * epoch / count),
            Elapsed = TimeSpan.FromSeconds(epoch),
            IsBest = epoch == 5,
        })];
        XElement[] panels = Panels(reports);

        Assert.Equal(["Loss", "Accuracy", "Learning rate", "Gradient norm"], panels.Select(panel => Title(panel).Split(" (")[0]));
        AssertCurve(panels[0], "training", reports, report => report.TrainingLoss);
        AssertCurve(panels[0], "validation", reports, report => report.ValidationLoss!.Value);
        AssertCurve(panels[1], "training", reports, report => report.TrainingMetric);
        AssertCurve(panels[1], "validation", reports, report => report.ValidationMetric!.Value);
        AssertCurve(panels[2], "rate", reports, report => report.LearningRate);
        AssertCurve(panels[3], "norm", reports, report => report.GradientNorm);
        Assert.EndsWith(" (logarithmic)", Title(panels[3]), StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_BestEpoch_IsMarkedInEveryPanel()
    {
        EpochReport[] reports = [.. Enumerable.Range(1, 20).Select(epoch => Report(epoch, Math.Abs(epoch - 8), epoch is 3 or 8))];
        XElement[] panels = Panels(reports);

        foreach (XElement panel in panels)
        {
            double x = Points(panel, CurvesOf(panel)[0])[7].X;
            Assert.Equal(x, Points(panel.Elements(_svg + "path").Last(path => Class(path) == "best").Attribute("d")!.Value)[0].X);
            Assert.Equal([x], panel.Elements(_svg + "circle").Select(dot => Number(dot, "cx")));
        }

        string summary = Document(reports).Root!.Elements(_svg + "text").Single(text => Class(text) == "note").Value;
        Assert.Equal("20 of 20 epochs in 20.0 s; best: epoch 8, training loss 0", summary);
    }

    [Fact]
    public void ToSvg_EpochsBelow_StandUnderTheirPoints()
    {
        EpochReport[] reports = [.. Enumerable.Range(1, 47).Select(epoch => Report(epoch, epoch))];
        XDocument document = Document(reports);
        XElement panel = document.Root!.Elements(_svg + "g").First();
        (double X, double Y)[] points = Points(panel, "training");
        (string Text, double X)[] ticks = [.. document.Root.Elements(_svg + "text").Where(text => Class(text) == "x").Select(text =>
            (text.Value, Number(text, "x")))];

        Assert.Equal(["1", "5", "10", "15", "20", "25", "30", "35", "40", "45"], ticks.Select(tick => tick.Text));
        Assert.All(ticks, tick => Assert.Equal(points[int.Parse(tick.Text, CultureInfo.InvariantCulture) - 1].X, tick.X));
    }

    [Fact]
    public void ToSvg_ValuesThatAreNotFinite_LeaveGaps()
    {
        double[] losses = [1, 2, double.NaN, 3, double.PositiveInfinity, 1e300, 4, 5, 6, double.NegativeInfinity];
        EpochReport[] reports = [.. losses.Select((loss, i) => Report(i + 1, loss, isBest: i == 2))];
        XElement panel = Panels(reports)[0];

        // Two lines and, between them, a dot.
        Assert.Matches("^M[^MLh]+L[^MLh]+M[^MLh]+h0M[^MLh]+L[^MLh]+L[^MLh]+$", Curve(panel, "training"));
        Assert.Equal([1, 2, 3, 4, 5, 6], Values(panel, "training").Select(value => Math.Round(value, 2)));
        Assert.Empty(panel.Elements(_svg + "circle"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(-3)]
    [InlineData(1e-320)]
    [InlineData(1e99)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void ToSvg_OneEpochOrAFlatLine_IsDrawn(double value)
    {
        foreach (int count in new[] { 1, 2, 30 })
        {
            EpochReport[] reports = [.. Enumerable.Range(1, count).Select(epoch => new EpochReport
            {
                Epoch = epoch,
                NumberOfEpochs = 30,
                TrainingLoss = value,
                TrainingMetric = value,
                ValidationLoss = value,
                ValidationMetric = value,
                LearningRate = (float)value,
                GradientNorm = value,
                Elapsed = TimeSpan.Zero,
                IsBest = epoch == 1,
            })];
            foreach (XElement panel in Panels(reports))
            {
                double[] drawn = [.. CurvesOf(panel).SelectMany(style => Points(panel, style)).SelectMany(point => new[] { point.X, point.Y })];
                Assert.All(drawn, place => Assert.InRange(place, 0, 900));
                Assert.Equal(double.IsFinite(value) && !Title(panel).StartsWith("Learning", StringComparison.Ordinal), drawn.Length > 0
                    && !Title(panel).StartsWith("Learning", StringComparison.Ordinal));
                Assert.Equal(drawn.Length == 0, panel.Value.Contains("nothing finite to show", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>In a page of other pictures it leaves them alone, and they it.</summary>
    [Fact]
    public void ToSvg_Style_ReachesNothingElse()
    {
        EpochReport[] some = [.. Enumerable.Range(1, 9).Select(epoch => Report(epoch, epoch, epoch == 3))], others = [Report(1, 7)];
        SvgStyles.AssertScoped(Document(some).Root!);
        SvgStyles.AssertScoped(Document([.. Members((3, 3), (3, 2))]).Root!);
        Assert.NotEqual(Document(some).Root!.Attribute("id")!.Value, Document(others).Root!.Attribute("id")!.Value);
    }

    [Fact]
    public void ToSvg_NoEpochs_IsDrawn()
    {
        XDocument document = Document([]);
        Assert.Equal(4, document.Root!.Elements(_svg + "g").Count());
        Assert.Contains("no epochs", document.Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_Text_IsEscapedAndIndependentOfTheCulture()
    {
        var history = new TrainingHistory([new() { Epoch = 1, NumberOfEpochs = 9, TrainingLoss = 0.5, ValidationLoss = 0.25,
            ValidationMetric = 0.125, LearningRate = 0.1f, GradientNorm = 1.5, Elapsed = TimeSpan.FromSeconds(1.5), IsBest = true },
            Report(2, 0.75) with { ValidationLoss = 1.5, ValidationMetric = 2 }], "<A & \"b\">\u0001");
        string text = history.ToSvg();
        Assert.Equal("<A & \"b\">", Title(XDocument.Parse(text).Root!.Elements(_svg + "g").ElementAt(1)));
        Assert.DoesNotContain("script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\r', text);

        string table = history.ToCsv();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "minus" } };
            Assert.Equal(text, history.ToSvg());
            Assert.Equal(table, history.ToCsv());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ToSvg_Strips_TellTheNumbersOfTheirEpoch()
    {
        EpochReport[] reports = [Report(1, 0.5), new() { Epoch = 2, NumberOfEpochs = 2, TrainingLoss = 0.123456, ValidationLoss = 1e-9,
            ValidationMetric = 31234.5, LearningRate = 0.001f, GradientNorm = 7, Elapsed = TimeSpan.Zero }];
        Assert.Equal(
            [
                "epoch 1: training loss 0.5, learning rate 0.1, gradient norm 1",
                "epoch 2: training loss 0.1235, validation loss 1e-9, Accuracy 31235, learning rate 0.001, gradient norm 7",
            ],
            Document(reports).Root!.Elements(_svg + "rect").Where(strip => Class(strip) == "strip").Select(strip => strip.Value));
    }

    [Fact]
    public void ToSvg_MembersOfAnEnsemble_StandSideBySide()
    {
        // Five, three and four epochs; the second member has no best.
        EpochReport[] reports = [.. Members((5, 4), (3, 0), (4, 1))];
        XElement root = Document(reports).Root!;
        double step = (836 - 72) / 12.0;
        foreach (XElement panel in root.Elements(_svg + "g"))
        {
            string style = CurvesOf(panel)[0];
            Assert.Equal([72 + (5 * step), 72 + (8 * step)], Lines(panel, "member"), (a, b) => Math.Abs(a - b) < 0.01);
            Assert.Equal([72 + (3.5 * step), 72 + (8.5 * step)], Lines(panel, "best").Where(x => x < 800).Distinct(), (a, b) => Math.Abs(a - b) < 0.01);
            Assert.Equal(2, panel.Elements(_svg + "circle").Count());

            // A line for each member, none from one to the next.
            Assert.Matches("^M[^ML]+(L[^ML]+){4}M[^ML]+(L[^ML]+){2}M[^ML]+(L[^ML]+){3}$", Curve(panel, style));
        }

        Assert.Equal(["1", "2", "4", "2", "2", "4"], Texts(root, "x"));
        Assert.Equal(["1", "2", "3"], Texts(root, "x title"));
        Assert.Equal(["epoch", "member"], Texts(root, "y note"));
        Assert.Equal([72 + (2.5 * step), 72 + (6.5 * step), 72 + (10 * step)], root.Elements(_svg + "text").Where(text => Class(text) == "x title")
            .Select(text => Number(text, "x")), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.Equal("12 epochs of 3 members in 4.0 s", Texts(root, "note").Single());
        Assert.StartsWith("member 2, epoch 1: training loss ", root.Elements(_svg + "rect").Where(strip => Class(strip) == "strip").ElementAt(5)
            .Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_ManyMembers_AreNumberedWhereThereIsRoom()
    {
        XElement root = Document([.. Members([.. Enumerable.Repeat((3, 3), 100)])]).Root!;
        Assert.Equal(["1", "5", "9"], Texts(root, "x title").Take(3));
        Assert.Equal(["1"], Texts(root, "x"));
        Assert.Equal(99, Lines(root.Elements(_svg + "g").First(), "member").Length);
    }

    [Fact]
    public void ToSvg_SomeOfTheMembers_AreCounted()
    {
        EpochReport[] reports = [.. Members((2, 1), (2, 2), (2, 2))];
        Assert.Equal("3 epochs of 2 of 3 members in 1.0 s", Texts(Document(reports[..3]).Root!, "note").Single());

        // One alone is drawn as any network is.
        XElement alone = Document(reports[2..4]).Root!;
        Assert.Equal("2 of 20 epochs in 2.0 s; best: epoch 2, training loss 0.5", Texts(alone, "note").Single());
        Assert.Equal(["epoch"], Texts(alone, "x note"));
        Assert.Empty(Texts(alone, "x title"));
        Assert.Empty(Lines(alone.Elements(_svg + "g").First(), "member"));
    }

    /// <summary>Low, high, and what is written beside the scale.</summary>
    [Theory]
    [InlineData(0.17, 0.47, "0.2 0.3 0.4")]
    [InlineData(0.12, 0.47, "0 0.1 0.2 0.3 0.4")]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(90, 97, "90 92 94 96")]
    [InlineData(-3, 4, "-2 0 2 4")]
    [InlineData(2e-7, 9e-7, "0 2e-7 4e-7 6e-7 8e-7")]
    public void Ticks_LinearScale_AreRound(double low, double high, string ticks)
    {
        var axis = new CurveAxis([low, (low + high) / 2, high], room: 6);
        Assert.Equal((ticks, false), (string.Join(' ', axis.Ticks.Select(CurveAxis.Text)), axis.IsLogarithmic));
    }

    [Theory]
    [InlineData(0.012, 0.9, "0.01 0.02 0.05 0.1 0.2 0.5 1")]
    [InlineData(0.0001, 3, "0.0001 0.001 0.01 0.1 1")]
    [InlineData(1e-20, 1e4, "1e-20 1e-15 1e-10 1e-5 1 1e5")]
    public void Ticks_LogarithmicScale_ArePowersOfTen(double low, double high, string ticks)
    {
        var axis = new CurveAxis([low, low, low, high], room: 6);
        Assert.Equal((ticks, true), (string.Join(' ', axis.Ticks.Select(CurveAxis.Text)), axis.IsLogarithmic));
    }

    private static EpochReport Report(int epoch, double loss, bool isBest = false) => new()
    {
        Epoch = epoch,
        NumberOfEpochs = 20,
        TrainingLoss = loss,
        LearningRate = 0.1f,
        GradientNorm = 1,
        Elapsed = TimeSpan.FromSeconds(epoch),
        IsBest = isBest
    };

    /// <summary>Members of so many epochs, each with its best epoch or 0.</summary>
    private static IEnumerable<EpochReport> Members(params (int Epochs, int Best)[] members) =>
        members.SelectMany((member, i) => Enumerable.Range(1, member.Epochs)
        .Select(epoch => Report(epoch, 1.0 / epoch, epoch == member.Best) with { Member = i + 1, Members = members.Length }));

    private static string[] Texts(XElement root, string name) => [.. root.Elements(_svg + "text").Where(text => Class(text) == name).Select(text =>
        text.Value)];

    /// <summary>Where the upright lines of a panel are.</summary>
    private static double[] Lines(XElement panel, string name) =>
        [.. panel.Elements(_svg + "path").Where(path => Class(path) == name).SelectMany(path => Points(path.Attribute("d")!.Value)).Select(point => point.X)];

    private static XDocument Document(EpochReport[] reports) => XDocument.Parse(new TrainingHistory(reports, "Accuracy").ToSvg());

    private static XElement[] Panels(EpochReport[] reports) => [.. Document(reports).Root!.Elements(_svg + "g")];

    private static string Title(XElement panel) => panel.Elements(_svg + "text").Single(text => Class(text) == "title").Value;

    private static string Class(XElement element) => element.Attribute("class")?.Value ?? "";

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The curves of a panel, without the short lines of the legend.</summary>
    private static string[] CurvesOf(XElement panel) =>
        [.. panel.Elements(_svg + "path").Select(Class).Where(name => name.StartsWith("curve ", StringComparison.Ordinal)).Select(name => name[6..])
            .Distinct()];

    private static string Curve(XElement panel, string style) => panel.Elements(_svg + "path").First(path => Class(path) == "curve " + style)
        .Attribute("d")!.Value;

    private static (double X, double Y)[] Points(XElement panel, string style) => Points(Curve(panel, style));

    private static (double X, double Y)[] Points(string path) => [.. Point().Matches(path).Select(match => (
        double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse("0" + match.Groups[2].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex("[ML]([-0-9.]+) ?([-0-9.]*)")]
    private static partial Regex Point();

    /// <summary>The values of a curve, from the places of the lowest and the highest number beside the scale.</summary>
    private static double[] Values(XElement panel, string style)
    {
        (double Value, double Y)[] ticks = [.. panel.Elements(_svg + "text").Where(text => Class(text) == "y")
            .Select(text => (double.Parse(text.Value, CultureInfo.InvariantCulture), Number(text, "y") - 4))];
        bool isLogarithmic = Title(panel).EndsWith("(logarithmic)", StringComparison.Ordinal);
        double Scale(double value) => isLogarithmic ? Math.Log10(value) : value;
        (double low, double high) = (Scale(ticks[0].Value), Scale(ticks[^1].Value));
        return [.. Points(panel, style).Select(point =>
        {
            double value = low + ((high - low) * (point.Y - ticks[0].Y) / (ticks[^1].Y - ticks[0].Y));
            return isLogarithmic ? Math.Pow(10, value) : value;
        })];
    }

    /// <summary>All points, read from the scale, within the hundredth of a pixel that places are rounded to; evenly spaced from left to right.</summary>
    private static void AssertCurve(XElement panel, string style, EpochReport[] reports, Func<EpochReport, double> expected)
    {
        double[] values = Values(panel, style);
        bool isLogarithmic = Title(panel).EndsWith("(logarithmic)", StringComparison.Ordinal);
        double[] all = [.. reports.Select(expected)];
        Assert.Equal(all.Length, values.Length);
        double range = isLogarithmic ? Math.Log10(all.Max() / all.Min()) : Math.Max(all.Max() - all.Min(), all.Max() / 2);
        for (int i = 0; i < all.Length; i++)
        {
            double error = isLogarithmic ? Math.Log10(values[i] / all[i]) : values[i] - all[i];
            Assert.InRange(Math.Abs(error) / range, 0, 0.001);
        }

        double[] xs = [.. Points(panel, style).Select(point => point.X)];
        Assert.All(Enumerable.Range(1, xs.Length - 1), i => Assert.Equal((xs[^1] - xs[0]) / (xs.Length - 1), xs[i] - xs[i - 1], 0.021));
    }
}
