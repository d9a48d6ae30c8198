using System.Text;

namespace MlNetMlp.Diagnostics;

/// <summary>Lines of cells that stand below each other, for reports that people read.</summary>
/// <param name="headers">The headers; one that begins with <c>&gt;</c> is of a column of numbers, which are aligned to the right.</param>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _lines = [[.. headers.Select(header => header.TrimStart('>'))]];

    /// <param name="cells">As many as there are headers.</param>
    public void Add(params string[] cells) => _lines.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. headers.Select((_, column) => _lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in _lines)
        {
            IEnumerable<string> cells = line.Select((cell, column) => headers[column].StartsWith('>') ? cell.PadLeft(widths[column])
                : cell.PadRight(widths[column]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }
}
