using System.Globalization;
using System.Xml.Linq;
using MlNetMlp.Diagnostics;

namespace MlNetMlp.Core.Tests;

public sealed class ReliabilityDiagramTests
{
    /// <summary>Counted by hand: 0.1 and 0.2 in the first quarter, 0.25 in the second, 0.9, 1 and 0.75 in the last.</summary>
    [Fact]
    public void Bins_HaveTheirRows()
    {
        ReliabilityDiagram diagram = ReliabilityDiagram.Of([0.1f, 0.9f, 0.2f, 0.25f, 1, 0.75f], [false, true, true, false, true, false], bins: 4);
        Assert.Equal([2, 1, 0, 3], diagram.Bins.Select(bin => bin.Rows));
        Assert.Equal(6, diagram.Rows);
        Assert.Equal((0.15, 0.5), (diagram.Bins[0].MeanProbability, diagram.Bins[0].Share), new WithinTolerance());
        Assert.Equal((0.25, 0.0), (diagram.Bins[1].MeanProbability, diagram.Bins[1].Share), new WithinTolerance());
        Assert.Equal((2.65 / 3, 2 / 3.0), (diagram.Bins[3].MeanProbability, diagram.Bins[3].Share), new WithinTolerance());
        Assert.True(double.IsNaN(diagram.Bins[2].Share));
        Assert.Equal((2 * 0.35 + 0.25 + 3 * (2.65 - 2) / 3) / 6, diagram.ExpectedCalibrationError, 1e-6);
        Assert.Equal((0.01 + 0.01 + 0.64 + 0.0625 + 0 + 0.5625) / 6, diagram.BrierScore, 1e-6);
        Assert.Equal("0 to 0.25: 2 rows, mean probability 0.15, 0.5 came true", diagram.Bins[0].ToString());
    }

    /// <summary>The example of Wilson's interval in textbooks: 7 of 10 is from 0.3968 to 0.8922 at 95 %.</summary>
    [Fact]
    public void Range_IsWilsons()
    {
        (double low, double high) = ReliabilityDiagram.Range(0.7, 10);
        Assert.Equal(0.3968, low, 1e-4);
        Assert.Equal(0.8922, high, 1e-4);
    }

    [Fact]
    public void Picture_ShowsEveryBin()
    {
        var random = new Random(3);
        float[] probabilities = [.. Enumerable.Range(0, 500).Select(_ => random.NextSingle())];
        ReliabilityDiagram diagram = ReliabilityDiagram.Of(probabilities, [.. probabilities.Select(p => random.NextSingle() < p * p)]);
        XElement root = XDocument.Parse(diagram.ToSvg()).Root!;
        SvgStyles.AssertScoped(root);
        XElement[] dots = [.. root.Elements().Where(element => (string?)element.Attribute("class") == "bin")];
        Assert.Equal(diagram.Bins.Select(bin => bin.ToString()), dots.Select(dot => dot.Value));

        // The frame is 460 pixels wide and high, and begins 72 from the left and 92 from above.
        foreach ((ReliabilityBin bin, XElement dot) in diagram.Bins.Zip(dots))
        {
            Assert.Equal(72 + 460 * bin.MeanProbability, Number(dot, "cx"), 0.01);
            Assert.Equal(92 + 460 * (1 - bin.Share), Number(dot, "cy"), 0.01);
        }

        double[] heights = [.. root.Elements().Where(element => (string?)element.Attribute("class") == "count").Select(bar => Number(bar, "height"))];
        Assert.All(diagram.Bins.Zip(heights), pair => Assert.Equal(pair.First.Rows * heights[0] / diagram.Bins[0].Rows, pair.Second, 0.02));
    }

    [Fact]
    public void What_IsNoProbability_IsRefused()
    {
        Assert.Contains("row 1 (from 0) is 1.5", Assert.Throws<ArgumentOutOfRangeException>(() =>
            ReliabilityDiagram.Of([0.5f, 1.5f], [true, true])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => ReliabilityDiagram.Of([float.NaN], [true]));
        Assert.Throws<ArgumentOutOfRangeException>("bins", () => ReliabilityDiagram.Of([0.5f], [true], bins: 1));
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.Of([0.5f], []));
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.Of([], []));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private sealed class WithinTolerance : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 1e-6 && Math.Abs(x.Item2 - y.Item2) < 1e-6;

        public int GetHashCode((double, double) pair) => 0;
    }
}
