using System.Globalization;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>
/// A confusion matrix as a picture: a row for each class that rows have, a column for each that is predicted, colored by the share of the row.
/// </summary>
internal sealed class ConfusionPicture
{
    private const double Top = 130, Widest = 620, LargestCell = 64, SmallestCell = 9, CellWithText = 30, LetterWidth = 6.4;
    private const int LongestName = 18;

    private static readonly SvgRule[] _style =
    [
        new(".cell", "fill", "#2f6fde", "#6ea3ff"),
        new(".empty", "fill", "#f3f5f8", "#1b2028"),
        new(".full", "fill", "#ffffff", "#0c0f14"),
        new(".number", "text-anchor", "middle"),
    ];

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private readonly double[][] _counts;
    private readonly string[] _names;

    /// <param name="matrix">The matrix.</param>
    /// <param name="classNames">The names of the classes; null: their numbers, from 0, or of a binary matrix positive and negative.</param>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public ConfusionPicture(ConfusionMatrix matrix, IReadOnlyList<string>? classNames)
    {
        int classes = matrix.NumberOfClasses;
        if (classNames is not null && classNames.Count != classes)
        {
            throw new ArgumentException(string.Create(_culture, $"There are {classNames.Count} names of classes, and the matrix has {classes} classes."),
                nameof(classNames));
        }

        IReadOnlyList<string>? known = classNames ?? (IsBinary(matrix) ? ["positive", "negative"] : null);
        _counts = [.. matrix.Counts.Select(row => row.ToArray())];
        _names = [.. Enumerable.Range(0, classes).Select(i => SvgDocument.Shortened(known?[i] ?? i.ToString(_culture), LongestName))];
    }

    /// <summary>Whether it is of a positive class, which comes first, and a negative one: nothing but its text says so.</summary>
    private static bool IsBinary(ConfusionMatrix matrix) =>
        matrix.GetFormattedConfusionTable().StartsWith("TEST POSITIVE RATIO", StringComparison.Ordinal);

    public string ToSvg()
    {
        int n = _names.Length;
        double cell = Math.Clamp(Widest / n, SmallestCell, LargestCell), names = 30 + LetterWidth * _names.Max(name => name.Length);
        double all = _counts.Sum(row => row.Sum()), right = Enumerable.Range(0, n).Sum(i => _counts[i][i]);
        bool hasText = cell >= CellWithText, areShort = LetterWidth * _names.Max(name => name.Length) <= cell - 4;
        double left = Math.Max(80, names), below = Top + n * cell;
        var document = new SvgDocument("Confusion matrix", Math.Max(360, left + n * cell + 90), below + (areShort ? 34 : names + 20), _style);
        document.AddHead(24, all > 0
            ? string.Create(_culture, $"{right:0.##} of {all:0.##} rows are right: {right / all:P1}")
            : "no rows");
        document.AddText("title", left, Top - 28, "predicted");
        document.AddText("y title", left - 10, Top - 10, "actual");
        if (hasText)
        {
            document.AddText("note", left + n * cell + 8, Top - 10, "found");
            document.AddText("y note", left - 10, below + 16, "right");
        }

        // Where cells are narrower than a line of text is high, some of the names.
        int every = (int)Math.Ceiling(13 / cell);
        for (int i = 0; i < n; i++)
        {
            double of = _counts[i].Sum(), predicted = _counts.Sum(row => row[i]);
            double middle = (i + 0.5) * cell;
            if (i % every == 0)
            {
                document.AddText("y", left - 10, Top + middle + 4, _names[i]);
                string place = areShort
                    ? string.Create(_culture, $"class=\"number\" x=\"{left + middle:0.##}\" y=\"{Top - 10}\"")
                    : string.Create(_culture, $"class=\"y\" transform=\"translate({left + middle + 4:0.##} {below + (hasText ? 28 : 10)}) rotate(-90)\"");
                document.Body.Append(_culture, $"<text {place}>{SvgDocument.Escape(_names[i])}</text>\n");
            }

            if (hasText)
            {
                document.AddText("note", left + n * cell + 8, Top + middle + 4, Share(_counts[i][i], of));
                document.AddText("note number", left + middle, below + 16, Share(_counts[i][i], predicted));
            }

            for (int j = 0; j < n; j++)
            {
                DrawCell(document, left + j * cell, Top + i * cell, cell, i, j, of);
            }
        }

        return document.ToString();
    }

    private void DrawCell(SvgDocument document, double x, double y, double cell, int actual, int predicted, double of)
    {
        double count = _counts[actual][predicted], share = of > 0 ? count / of : 0;
        string shape = string.Create(_culture, $"x=\"{x + 0.5:0.##}\" y=\"{y + 0.5:0.##}\" width=\"{cell - 1:0.##}\" height=\"{cell - 1:0.##}\"");
        string what = SvgDocument.Escape($"{_names[actual]} taken for {_names[predicted]}");
        document.Body.Append(_culture, $"<g><title>{what}: {count:0.##} rows, {Share(count, of)}</title><rect class=\"empty\" {shape}/>");

        // A single mistake among thousands is to be seen as well.
        double opacity = count > 0 ? 0.12 + 0.88 * share : 0;
        document.Body.Append(_culture, $"<rect class=\"cell\" fill-opacity=\"{opacity:0.###}\" {shape}/>");
        if (cell >= CellWithText && count > 0)
        {
            document.AddText(opacity > 0.6 ? "number full" : "number", x + cell / 2, y + cell / 2 + 4, count.ToString("0.##", _culture));
        }

        document.Body.Append("</g>\n");
    }

    private static string Share(double part, double all) => all > 0 ? string.Create(_culture, $"{100 * part / all:0.#} %") : "";
}
