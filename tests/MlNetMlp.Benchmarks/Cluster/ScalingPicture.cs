using System.Globalization;
using System.Text;
using MlNetMlp.Benchmarks.Growth;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>Draws how much faster machines together are than one, for every plan, as one SVG without anything from outside.</summary>
internal static class ScalingPicture
{
    private const double Left = 64, Top = 86, Across = 560, Down = 330;

    private const string Style = """
        text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #3d4450 }
        .paper { fill: #ffffff }
        .head { font-size: 18px; font-weight: 600; fill: #1c212b }
        .note { fill: #69717f }
        .x { text-anchor: middle }
        .y { text-anchor: end }
        .grid { stroke: #e4e7ec; fill: none }
        .ideal { stroke: #9aa2af; stroke-dasharray: 5 4; fill: none }
        .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
        .line0 { stroke: #2f6fde }
        .line1 { stroke: #d9650b }
        .line2 { stroke: #14875a }
        .line3 { stroke: #8d4bbb }
        .line4 { stroke: #b0313f }
        """;

    private static readonly int[] _machines = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    public static string Draw(StepModel model, double parameters, string network, string assumptions)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var axis = new LogarithmicAxis([1, 512]);
        double width = Left + Across + 290, height = Top + Down + 60;
        var svg = new StringBuilder();
        svg.Append(culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" ");
        svg.Append(culture, $"width=\"{width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append(culture, $"<title>How a training grows with the machines</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n");
        svg.Append(culture, $"<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n");
        svg.Append(culture, $"<text class=\"head\" x=\"{Left}\" y=\"30\">Rows a second, in those of one machine: {network}</text>\n");
        svg.Append(culture, $"<text class=\"note\" x=\"{Left}\" y=\"52\">{assumptions}</text>\n");
        foreach (double tick in new double[] { 1, 8, 64, 512 })
        {
            double x = X(tick), y = Y(tick);
            svg.Append(culture, $"<path class=\"grid\" d=\"M{x:F1} {Top}V{Top + Down}M{Left} {y:F1}H{Left + Across}\"/>\n");
            svg.Append(culture, $"<text class=\"x\" x=\"{x:F1}\" y=\"{Top + Down + 20}\">{tick}</text>");
            svg.Append(culture, $"<text class=\"y\" x=\"{Left - 8}\" y=\"{y + 4:F1}\">{tick}</text>\n");
        }

        svg.Append(culture, $"<text class=\"x\" x=\"{Left + Across / 2}\" y=\"{Top + Down + 42}\">machines</text>\n");
        svg.Append(culture, $"<path class=\"ideal\" d=\"M{X(1):F1} {Y(1):F1}L{X(512):F1} {Y(512):F1}\"/>\n");
        double lastLabel = double.NegativeInfinity;
        foreach ((ScalingPlan plan, double end, int number) in ScalingPlan.All
            .Select((plan, number) => (plan, Speed(plan, 512), number)).OrderByDescending(entry => entry.Item2))
        {
            IEnumerable<string> points = _machines.Select(machines => string.Create(culture, $"{X(machines):F1} {Y(Speed(plan, machines)):F1}"));
            svg.Append(culture, $"<path class=\"curve line{number}\" d=\"M{string.Join('L', points)}\"/>\n");
            lastLabel = Math.Max(Y(end) + 4, lastLabel + 17);
            svg.Append(culture, $"<text x=\"{Left + Across + 10}\" y=\"{lastLabel:F1}\">{plan.Name}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();

        double Speed(ScalingPlan plan, int machines) => Math.Max(1, plan.Efficiency(model, parameters, machines) * machines);

        double X(double machines) => Left + Across * axis.Position(machines);

        double Y(double speed) => Top + Down * (1 - axis.Position(speed));
    }
}
