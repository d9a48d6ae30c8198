using System.Globalization;
using System.Text.Json;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>A set of rows in a folder: <c>train.csv</c>, <c>test.csv</c> and <c>schema.json</c>, or texts in <c>train.tsv</c> and <c>test.tsv</c>.</summary>
/// <remarks>
/// In a .csv, the columns <c>n0</c>, <c>n1</c>... are numbers (NaN where they are missing), <c>c0</c>, <c>c1</c>... texts, and the last is <c>Label</c>. In
/// a .tsv, the first column is <c>Label</c> and the second <c>Text</c>. The file schema.json names the task.
/// </remarks>
internal sealed class QualitySet
{
    private readonly string _folder;
    private readonly Lazy<string[]> _train;

    private QualitySet(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(folder);
        IsText = !File.Exists(Path.Combine(folder, "train.csv"));
        _train = new(() => Lines("train"));
        string[] labels = LabelsOf(_train.Value[1..]);
        Rows = labels.Length;
        string[] classes = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        Task = TaskOf(classes.Length);
        Classes = Task == QualityTask.Regression ? [] : IsText ? classes : [.. classes.OrderBy(Number)];
    }

    public string Name { get; }

    /// <summary>Whether the rows are texts.</summary>
    public bool IsText { get; }

    public QualityTask Task { get; }

    /// <summary>How many training rows there are.</summary>
    public int Rows { get; }

    /// <summary>What the labels of the training rows are, in order; none of numbers.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The names of the columns.</summary>
    public string[] Columns => _train.Value[0].Split(Separator);

    public char Separator => IsText ? '\t' : ',';

    /// <summary>The sets of a folder, small ones first and texts last.</summary>
    /// <param name="folder">Has a folder for each set.</param>
    /// <param name="only">The names of those wanted; none: all.</param>
    /// <exception cref="ArgumentException">There is none, or one of those wanted is not there.</exception>
    public static QualitySet[] Of(string folder, IReadOnlyList<string> only)
    {
        string[] folders = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(one => File.Exists(Path.Combine(one, "train.csv")) || File.Exists(Path.Combine(one, "train.tsv")))]
            : throw new ArgumentException($"'{folder}' is no folder.");
        string[] names = [.. folders.Select(one => Path.GetFileName(one)!)];
        string[] missing = [.. only.Except(names)];
        return missing.Length > 0 || names.Length == 0
            ? throw new ArgumentException($"'{folder}' has the sets [{string.Join(", ", names.Order())}], and not [{string.Join(", ", missing)}].")
            : [.. folders
                .Where(one => only.Count == 0 || only.Contains(Path.GetFileName(one)))
                .Select(one => new QualitySet(Path.GetFullPath(one)))
                .OrderBy(set => set.IsText)
                .ThenBy(set => set.Rows)];
    }

    /// <summary>Training and test lines, each with the header in front; those of a fold are both from the training file.</summary>
    /// <param name="split">What is the test.</param>
    public (string[] Train, string[] Test) Split(QualitySplit split)
    {
        string[] train = _train.Value;
        if (split.Folds is not { } folds)
        {
            return (train, Lines("test"));
        }

        string[] rows = train[1..];
        int[] classes = Task == QualityTask.Regression ? new int[rows.Length] : ClassesOf(rows);
        int[] fold = Folds.Assign(classes, folds, seed: 1);
        string[] Rows(bool test) => [train[0], .. rows.Where((_, row) => (fold[row] == split.Fold) == test)];
        return (Rows(test: false), Rows(test: true));
    }

    /// <summary>The labels of lines without a header, as numbers.</summary>
    public double[] NumbersOf(IEnumerable<string> rows) => [.. LabelsOf(rows).Select(Number)];

    /// <summary>The labels of lines without a header, as places in <see cref="Classes"/>; -1 where it has none such.</summary>
    public int[] ClassesOf(IEnumerable<string> rows)
    {
        var places = Classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        return [.. LabelsOf(rows).Select(label => places.GetValueOrDefault(label, -1))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string[] LabelsOf(IEnumerable<string> rows) => [.. rows.Select(row => IsText ? row[..row.IndexOf('\t')] : row[(row.LastIndexOf(',') + 1)..])];

    private string[] Lines(string part) => [.. File.ReadLines(Path.Combine(_folder, part + (IsText ? ".tsv" : ".csv"))).Where(line => line.Length > 0)];

    private QualityTask TaskOf(int labels)
    {
        string schema = Path.Combine(_folder, "schema.json");
        string? named = File.Exists(schema) ? JsonDocument.Parse(File.ReadAllText(schema)).RootElement.GetProperty("task").GetString() : null;
        return named is null
            ? labels == 2 ? QualityTask.Binary : QualityTask.Multiclass
            : Enum.TryParse(named, ignoreCase: true, out QualityTask task)
                ? task
                : throw new ArgumentException($"'{schema}' names the task '{named}'; it must be regression, binary or multiclass.");
    }
}
