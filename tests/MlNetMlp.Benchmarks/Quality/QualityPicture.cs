using System.Security;
using System.Text;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>
/// Draws how far every side is from the reference on every set, as one SVG without anything from outside: sets are rows, a dot to the left is better. The
/// style is in the elements themselves, so that it stays what it is within a page.
/// </summary>
/// <param name="standings">The numbers.</param>
internal sealed class QualityPicture(QualityStandings standings)
{
    /// <summary>Differences beyond this are drawn as arrows at the border.</summary>
    private const double Clip = 0.4;

    private const double Left = 176, Width = 700, Right = 24, LineHeight = 19, LaneHeight = 7;
    private const string Ink = "#1c212b", Grey = "#69717f";

    private static readonly string[] _ours = ["#2f6fde", "#d9650b", "#14875a", "#8a3fc0", "#c02f5f", "#0f8ea3"];
    private static readonly string[] _others = ["#7d8796", "#b0923a", "#9a7fb0", "#b97a6a"];

    private readonly QualitySide[] _sides = [.. standings.Sides.Where(side => side.Name != QualitySide.Reference)];
    private readonly StringBuilder _svg = new();

    private double RowHeight => Math.Max(24, (LaneHeight * _sides.Length) + 8);

    public string Draw()
    {
        QualitySet[] sets = [.. standings.Sets.Where(set => standings.Reference(set) is { Metric: not double.NaN }).OrderBy(MedianOfOurs)];
        double top = 98 + (LineHeight * _sides.Length), bottom = top + (RowHeight * sets.Length), width = Left + Width + Right, height = bottom + 58;
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" " +
            $"font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\" font-size=\"13\">");
        Append($"<title>Difference to {QualitySide.Reference}</title>");
        Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Words(20, 30, $"Difference of RMSE or log-loss to {QualitySide.Reference} with its defaults", $"font-size=\"18\" font-weight=\"600\" fill=\"{Ink}\"");
        Words(20, 52, Setting(), $"fill=\"{Grey}\"");
        DrawLegend(78);
        DrawScale(top, bottom);
        foreach ((int number, QualitySet set) in sets.Index())
        {
            DrawRow(set, top + (RowHeight * number), isOdd: number % 2 == 1);
        }

        return _svg.Append("</svg>\n").ToString();
    }

    private string Setting()
    {
        string rows = standings.Options.Folds is { } folds ? $"{folds} folds of the training rows" : "Test rows";
        string threads = standings.Options.Threads is { } count ? $"threads: {count}" : "all threads";
        return $"{rows}, seeds: {standings.Options.SeedCount} (the median), {threads}. {Machine.Description()}";
    }

    private void DrawLegend(double top)
    {
        foreach ((int lane, QualitySide side) in _sides.Index())
        {
            double y = top + (LineHeight * lane);
            QualityComparison comparison = standings.Compare(side, standing => standing.Metric);
            Dot(side, 28, y - 4.5, $"{side.Name}");
            Words(42, y, side.Name, $"fill=\"{Ink}\" font-weight=\"{(side.Code is null ? 400 : 600)}\"");
            Words(Left, y, $"wins {comparison.Wins}, ties {comparison.Ties}, losses {comparison.Losses.Count} of {comparison.Sets.Count}; median " +
                QualityTable.Percent(comparison.MedianDifference), $"fill=\"{Grey}\"");
        }
    }

    private void DrawScale(double top, double bottom)
    {
        Append($"<rect x=\"{X(-QualityComparison.Band):0.#}\" y=\"{top}\" width=\"{X(QualityComparison.Band) - X(-QualityComparison.Band):0.#}\" " +
            $"height=\"{bottom - top}\" fill=\"#dfe3ea\"/>");
        for (int percent = -40; percent <= 40; percent += 10)
        {
            double x = X(percent / 100.0);
            Append($"<path d=\"M{x:0.#} {top}V{bottom + 5}\" stroke=\"{(percent == 0 ? "#3d4450" : "#e4e7ec")}\" fill=\"none\"/>");
            Words(x, bottom + 22, percent == 0 ? QualitySide.Reference : $"{percent:+0;-0} %",
                $"text-anchor=\"middle\" fill=\"{Grey}\"");
        }

        Words(Left, bottom + 44, "← better", $"fill=\"{Grey}\"");
        Words(Left + Width, bottom + 44, "worse →", $"text-anchor=\"end\" fill=\"{Grey}\"");
        Words(X(0), bottom + 44, "grey band: ties, within 1 %. Arrows: beyond the scale", $"text-anchor=\"middle\" fill=\"{Grey}\"");
    }

    private void DrawRow(QualitySet set, double top, bool isOdd)
    {
        if (isOdd)
        {
            Append($"<rect x=\"12\" y=\"{top}\" width=\"{Left + Width}\" height=\"{RowHeight}\" fill=\"#2f6fde\" fill-opacity=\"0.045\"/>");
        }

        double middle = top + (RowHeight / 2);
        QualityStanding reference = standings.Reference(set)!;
        Words(Left - 12, middle - 1, set.Name, $"text-anchor=\"end\" fill=\"{Ink}\"");
        Words(Left - 12, middle + 11, $"{(set.Task == QualityTask.Regression ? "RMSE" : "log-loss")} {QualityTable.Number(reference.Metric)}",
            $"text-anchor=\"end\" font-size=\"10\" fill=\"{Grey}\"");
        foreach ((int lane, QualitySide side) in _sides.Index())
        {
            if (standings.Of(set, side) is not { } standing)
            {
                continue;
            }

            double difference = QualityComparison.Difference(standing.Metric, reference.Metric);
            double y = middle + (LaneHeight * (lane - ((_sides.Length - 1) / 2.0)));
            string words = $"{set.Name}, {side.Name}: {QualityTable.Number(standing.Metric)} ({QualityTable.Percent(difference)})";
            if (Math.Abs(difference) <= Clip)
            {
                Dot(side, X(difference), y, words);
            }
            else
            {
                Arrow(side, X(Math.Clamp(difference, -Clip, Clip)), y, Math.Sign(difference), words);
            }
        }
    }

    private void Dot(QualitySide side, double x, double y, string words) =>
        Append($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{(side.Code is null ? 2.8 : 4)}\" {Paint(side)}><title>{Escaped(words)}</title></circle>");

    private void Arrow(QualitySide side, double x, double y, int direction, string words) =>
        Append($"<path d=\"M{x:0.#} {y - 4.5:0.#}L{x + (9 * direction):0.#} {y:0.#}L{x:0.#} {y + 4.5:0.#}Z\" {Paint(side)}>" +
            $"<title>{Escaped(words)}</title></path>");

    /// <summary>Ours are filled, the others are outlines.</summary>
    private string Paint(QualitySide side)
    {
        int place = Array.IndexOf([.. _sides.Where(one => one.Code is null == side.Code is null)], side);
        return side.Code is null
            ? $"fill=\"#ffffff\" stroke-width=\"1.6\" stroke=\"{_others[place % _others.Length]}\""
            : $"fill=\"{_ours[place % _ours.Length]}\" stroke=\"#ffffff\" stroke-width=\"0.8\"";
    }

    private double MedianOfOurs(QualitySet set) => QualityComparison.Median(
        from side in _sides
        where side.Code is not null || _sides.All(one => one.Code is null)
        let standing = standings.Of(set, side)
        where standing is not null
        select QualityComparison.Difference(standing.Metric, standings.Reference(set)!.Metric));

    private static double X(double difference) => Left + (Width * (difference + Clip) / (2 * Clip));

    private void Words(double x, double y, string words, string style) => Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" {style}>{Escaped(words)}</text>");

    private void Append(string element) => _svg.Append(element).Append('\n');

    private static string Escaped(string text) => SecurityElement.Escape(text);
}
