namespace MlNetMlp.Core.Tests;

public class WolfeLineSearchTests
{
    /// <summary>
    /// Functions that fall at 0, with their derivatives: a parabola, a deep bend far away, a bend near by, waves, one that is not finite
    /// far out, and a steep wall.
    /// </summary>
    public static TheoryData<string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (string name in Functions.Keys)
            {
                foreach (double first in (double[])[1e-3, 0.1, 1, 10, 1e3])
                {
                    cases.Add(name, first);
                }
            }

            return cases;
        }
    }

    private static Dictionary<string, (Func<double, double> Value, Func<double, double> Slope)> Functions { get; } = new()
    {
        ["parabola"] = (a => ((a - 2) * (a - 2)) + 1, a => 2 * (a - 2)),
        ["far"] = (a => -a / ((a * a) + 900), a => ((a * a) - 900) / Math.Pow((a * a) + 900, 2)),
        ["near"] = (a => Math.Pow(a - 0.01, 4) + 5, a => 4 * Math.Pow(a - 0.01, 3)),
        ["waves"] = (a => (a * a / 50) - Math.Sin(3 * a), a => (a / 25) - (3 * Math.Cos(3 * a))),
        ["logarithm"] = (a => -Math.Log(1.5 - a) - (3 * a), a => (1 / (1.5 - a)) - 3),
        ["wall"] = (a => Math.Exp(20 * (a - 1)) - a, a => (20 * Math.Exp(20 * (a - 1))) - 1),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_AnyFunctionAndFirstStep_MeetsTheStrongWolfeConditions(string name, double first)
    {
        var line = new Line(Functions[name].Value, Functions[name].Slope);
        LinePoint start = line.At(0);
        LinePoint end = new WolfeLineSearch(line, start, 30).Run(first)!.Value;
        Assert.True(end.Step > 0);
        Assert.True(end.Value <= start.Value + (1e-4 * end.Step * start.Slope) + (WolfeLineSearch.Rounding * Math.Abs(start.Value)));
        Assert.True(Math.Abs(end.Slope) <= 0.9 * Math.Abs(start.Slope));
        Assert.Equal(end, line.Last);
    }

    [Fact]
    public void Run_Parabola_NeedsOneInterpolation()
    {
        // The first step is far too long; the cubic through the ends of a parabola is the parabola.
        var line = new Line(a => (a - 2) * (a - 2), a => 2 * (a - 2));
        LinePoint start = line.At(0);
        LinePoint end = new WolfeLineSearch(line, start, 30).Run(10)!.Value;
        Assert.Equal((2.0, 3), (Math.Round(end.Step, 12), line.Evaluations));
    }

    [Fact]
    public void Run_NothingIsLower_ReturnsNull()
    {
        // The slope promises what the values do not keep.
        var line = new Line(a => a == 0 ? 1 : 1.5, _ => -1);
        Assert.Null(new WolfeLineSearch(line, line.At(0), 12).Run(1));
        Assert.Equal(1 + 12, line.Evaluations);
    }

    [Fact]
    public void Run_NeverFinite_ReturnsNull()
    {
        var line = new Line(a => a == 0 ? 1 : double.NaN, _ => -1);
        Assert.Null(new WolfeLineSearch(line, line.At(0), 12).Run(1));
    }

    [Fact]
    public void Run_DownhillForEver_ReturnsTheLastStep()
    {
        var line = new Line(a => -a, _ => -1);
        LinePoint end = new WolfeLineSearch(line, line.At(0), 4).Run(1)!.Value;
        Assert.Equal((1000.0, line.Last), (end.Step, end));
    }

    [Fact]
    public void Run_NotEnoughEvaluations_GoesBackToTheBestStep()
    {
        // Only steps near 0.5 are flat enough. The second one is lower than the start, the third too high.
        var line = new Line(a => 10 * Math.Abs(a - 0.5), a => 10 * Math.Sign(a - 0.5));
        LinePoint end = new WolfeLineSearch(line, line.At(0), 5).Run(1)!.Value;
        Assert.True(end.Value < 5);
        Assert.Equal(end, line.Last);
    }

    [Fact]
    public void Run_FallIsLostInRounding_GoesByTheSlopes()
    {
        // A parabola whose depth is a thousandth of what the values can tell, seen with errors of their last digit.
        const double Unit = 1.0 / (1 << 24);
        var line = new Line(a => 1 + (a > 0 ? Unit : 0), a => 1e-4 * Unit * (a - 2));
        LinePoint end = new WolfeLineSearch(line, line.At(0), 30).Run(10)!.Value;
        Assert.InRange(end.Step, 0.2, 3.8);
    }

    private sealed class Line(Func<double, double> value, Func<double, double> slope) : ILine
    {
        public int Evaluations { get; private set; }

        public LinePoint Last { get; private set; }

        public LinePoint At(double step)
        {
            Evaluations++;
            return Last = new LinePoint(step, value(step), slope(step));
        }
    }
}
