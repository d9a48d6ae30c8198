using System.Globalization;
using System.Text;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>
/// What people have to know of a model before they use it, as a page in Markdown: what it is for, how good it is, what it was trained on, its layers and how
/// it was trained. The parts that only people know are texts of the caller; what is not given is named as open.
/// </summary>
/// <remarks>
/// Margaret Mitchell, Simone Wu, Andrew Zaldivar, Parker Barnes, Lucy Vasserman, Ben Hutchinson, Elena Spitzer, Inioluwa Deborah Raji and Timnit Gebru, Model
/// Cards for Model Reporting, 2019.
/// </remarks>
/// <example>
/// <code>
/// using Microsoft.ML.Data;
/// using MlNetMlp.Networks;
///
/// BinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(testData));
/// var card = new ModelCard(model.GetMlp().Summary())
/// {
///     Name = "Income",
///     IntendedUse = "Shows how a census table is classified; not for decisions about people.",
///     Metrics = new Dictionary&lt;string, double> { ["AUC on 6,000 rows"] = metrics.AreaUnderRocCurve },
/// };
/// card.Save("MODEL_CARD.md");
/// </code>
/// </example>
public sealed record ModelCard
{
    private const string Open = "*Not stated.*";

    private readonly ModelSummary _summary;

    /// <param name="summary">The summary of the model, with what is known of its training.</param>
    /// <exception cref="ArgumentNullException"><paramref name="summary"/> is null.</exception>
    public ModelCard(ModelSummary summary) => _summary = Require.NotNull(summary, nameof(summary));

    /// <summary>The title. Default <c>Multilayer perceptron</c>.</summary>
    public string Name { get; init; } = "Multilayer perceptron";

    /// <summary>What the model says of what, in Markdown. Default null.</summary>
    public string? Description { get; init; }

    /// <summary>What it is for and what it is not for, in Markdown. Default null.</summary>
    public string? IntendedUse { get; init; }

    /// <summary>Where its rows come from, in Markdown. Default null.</summary>
    public string? TrainingData { get; init; }

    /// <summary>On which rows the metrics were computed, in Markdown. Default null.</summary>
    public string? EvaluationData { get; init; }

    /// <summary>What it cannot do, for whom it may be wrong, what is to be watched; in Markdown. Default null.</summary>
    public string? Limitations { get; init; }

    /// <summary>Name and value of every metric, in the order in which they stand there. Default none.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get;
        init => field = Require.NotNull(value, nameof(Metrics));
    } = new Dictionary<string, double>();

    /// <summary>The page, its numbers in the invariant culture; lines end with a line feed.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {Name}\n");
        if (Description is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Description}\n");
        }

        Add(text, "Intended use", IntendedUse);
        Add(text, "Metrics", Metrics.Count == 0 ? null : Table(
            ["metric", "value"], Metrics.Select(metric => (string[])[metric.Key, metric.Value.ToString("G6", CultureInfo.InvariantCulture)])));
        Add(text, "Evaluation data", EvaluationData);
        Add(text, "Training data", TrainingData);
        Add(text, "Limitations", Limitations);
        Add(text, "Model", _summary.ToMarkdown());
        return text.ToString();
    }

    /// <summary>Writes the page to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="path">The file, for example <c>MODEL_CARD.md</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToMarkdown());

    /// <summary>The title.</summary>
    public override string ToString() => $"model card of '{Name}'";

    /// <summary>A table, whose texts may have any characters.</summary>
    internal static string Table(string[] head, IEnumerable<string[]> rows)
    {
        IEnumerable<string[]> lines = [head, [.. head.Select(_ => "---")], .. rows.Select(row => Array.ConvertAll(row, Cell))];
        return string.Join('\n', lines.Select(cells => $"| {string.Join(" | ", cells)} |"));

        static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
    }

    private static void Add(StringBuilder text, string title, string? content) =>
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{content?.Trim() ?? Open}\n");
}
