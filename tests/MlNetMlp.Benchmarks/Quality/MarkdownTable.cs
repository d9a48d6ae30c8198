using System.Text;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>A table as Markdown, its columns aligned for whoever reads it as text.</summary>
/// <param name="heads">The heads of the columns; the first is of names, the others of numbers.</param>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => Math.Max(3, _rows.Max(row => row[column].Length)))];
        var text = new StringBuilder();
        foreach ((int number, string[] row) in _rows.Index())
        {
            Append(text, row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
            if (number == 0)
            {
                Append(text, widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":"));
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
