using System.Globalization;
using System.Text;

namespace MlNetMlp.Search;

/// <summary>The table of a search in a file, which another run of the same search goes on from.</summary>
/// <param name="path">The file, which need not exist.</param>
/// <param name="names">The labels of the dimensions.</param>
/// <param name="metric">The name of the metric.</param>
/// <param name="folds">The number of training runs of each trial.</param>
/// <param name="prunes">Whether training runs are compared by their losses.</param>
internal sealed class SearchFile(string path, IReadOnlyList<string> names, string metric, int folds, bool prunes)
{
    private readonly AtomicFile _file = new(path);
    private readonly Dictionary<int, IReadOnlyList<string>> _lines = Read(path, [.. SearchTable.Headings(names, metric, folds, prunes)]);

    /// <summary>What the file says of a trial; null: nothing.</summary>
    /// <exception cref="InvalidDataException">The file says it of another point, or a number in it is damaged.</exception>
    public SearchTrial<TOptions>? Find<TOptions>(TrialRun<TOptions> trial)
        where TOptions : MlpTrainerOptions
    {
        if (!_lines.TryGetValue(trial.Number, out IReadOnlyList<string>? cells))
        {
            return null;
        }

        for (int i = 0; i < names.Count; i++)
        {
            string expected = SearchTable.Exact(trial.Values, names[i]);
            if (cells[i + 1] != expected)
            {
                throw new InvalidDataException(
                    $"Trial {trial.Number} in the table '{path}' has '{cells[i + 1]}' for '{names[i]}', and in this search '{expected}': the table was " +
                    $"made with another seed, space or strategy. Go on with those ({nameof(SearchOptions)}.{nameof(SearchOptions.Seed)} must be set), or " +
                    "take another file.");
            }
        }

        int first = names.Count + 3;
        for (int fold = 0; fold < folds && cells[first + fold].Length > 0; fold++)
        {
            int other = first + folds + 3 + ((prunes ? 4 : 3) * fold);
            string[] losses = prunes ? cells[other + 3].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
            bool isPruned = losses is ["pruned", ..];
            trial.End(fold, new FoldScore
            {
                Value = Number(cells[first + fold], trial.Number),
                Epochs = (int)Number(cells[other], trial.Number),
                BestEpoch = (int)Number(cells[other + 1], trial.Number),
                Elapsed = TimeSpan.FromSeconds(Number(cells[other + 2], trial.Number)),
                IsPruned = isPruned,
                Losses = [.. losses.Skip(isPruned ? 1 : 0).Select(loss => Number(loss, trial.Number))],
            }, null);
        }

        if (cells[first + folds + 2] is { Length: > 0 } error)
        {
            trial.Fail(new InvalidOperationException(error));
        }

        return trial.IsOver
            ? trial.Result(metric)
            : throw new InvalidDataException($"Trial {trial.Number} in the table '{path}' has neither the metric of all {folds} folds nor an error.");
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(SearchTable table) => _file.Write(stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        foreach (string line in table.ToCsv())
        {
            writer.WriteLine(line);
        }
    });

    private double Number(string cell, int trial) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? number
        : throw new InvalidDataException($"Trial {trial} in the table '{path}' has '{cell}' where a number is expected.");

    private static Dictionary<int, IReadOnlyList<string>> Read(string path, string[] headings)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        List<List<string>> lines = Split(File.ReadAllText(path));
        if (lines.Count == 0 || !lines[0].SequenceEqual(headings))
        {
            throw new InvalidDataException(
                $"'{path}' is no table of this search: its columns are '{(lines.Count == 0 ? "" : string.Join(',', lines[0]))}', and those of this search " +
                $"'{string.Join(',', headings)}'.");
        }

        var trials = new Dictionary<int, IReadOnlyList<string>>();
        foreach (List<string> cells in lines.Skip(1))
        {
            if (cells.Count != headings.Length || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || !trials.TryAdd(number, cells))
            {
                throw new InvalidDataException(
                    $"The line '{string.Join(',', cells)}' of the table '{path}' is damaged: it must have {headings.Length} cells, the first of them a " +
                    "number that no other line has.");
            }
        }

        return trials;
    }

    /// <summary>The cells of each line; in quotation marks there may be commas, ends of lines and doubled quotation marks.</summary>
    private static List<List<string>> Split(string text)
    {
        var lines = new List<List<string>>();
        var cell = new StringBuilder();
        List<string> cells = [];
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when isQuoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append(text[i++]);
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    cells.Add(Take(cell));
                    break;
                case '\r' or '\n' when !isQuoted:
                    if (cells.Count > 0)
                    {
                        cells.Add(Take(cell));
                        lines.Add(cells);
                        cells = [];
                    }

                    break;
                default:
                    cell.Append(text[i]);
                    break;
            }
        }

        if (cells.Count > 0)
        {
            cells.Add(Take(cell));
            lines.Add(cells);
        }

        return lines;

        static string Take(StringBuilder cell)
        {
            string taken = cell.ToString();
            cell.Clear();
            return taken;
        }
    }
}
