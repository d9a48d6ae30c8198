using System.Globalization;
using System.Text;

namespace MlNetMlp.Networks;

/// <summary>A model in words and numbers: its layers, what is done to the features, and, where it is known, how it was trained. Immutable.</summary>
/// <remarks><see cref="ToString"/> is a text of several lines, with a table of the layers.</remarks>
public sealed record ModelSummary
{
    private readonly string _title;
    private readonly int _networks;

    internal ModelSummary(MlpModel model)
    {
        _title = model.ToString();
        _networks = model.Networks.Count;
        Layers = [.. LayersOf(model.Architecture)];
        StatisticCount = _networks * model.Architecture.Layout().Parameters.Where(parameter => !parameter.Trainable).Sum(parameter => (long)parameter.Length);
        Features = [.. FeaturesOf(model)];
    }

    /// <summary>The parts that learn, from the features to the scores; those of one network of an ensemble.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The number of learned numbers, of all networks.</summary>
    public long ParameterCount => _networks * Layers.Sum(layer => layer.ParameterCount);

    /// <summary>How many numbers are measured in training instead of learned, such as the means of <see cref="BatchNormalization"/>; of all networks.</summary>
    public long StatisticCount { get; }

    /// <summary>What is done to the features before the first layer, in sentences.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>How the model was trained, in sentences; empty where that is not known.</summary>
    public IReadOnlyList<string> Training { get; internal init; } = [];

    /// <summary>The text, its numbers in the invariant culture.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string all = _networks == 1 ? "in all" : string.Create(culture, $"{_networks} networks");
        string[][] lines =
        [
            ["part", "units", "learned", "numbers"],
            .. Layers.Select(layer => (string[])[layer.Name, layer.Units, layer.Shapes, layer.ParameterCount.ToString("N0", culture)]),
            [all, "", "", ParameterCount.ToString("N0", culture)],
        ];
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder().Append(culture, $"{_title}\n");
        foreach (string[] line in lines)
        {
            text.Append(culture, $"  {line[0].PadRight(widths[0])}  {line[1].PadRight(widths[1])}  ");
            text.Append(culture, $"{line[2].PadRight(widths[2])}  {line[3].PadLeft(widths[3])}\n");
        }

        if (StatisticCount > 0)
        {
            text.Append(culture, $"Beside them {StatisticCount:N0} numbers are measured, not learned.\n");
        }

        return text.AppendJoin('\n', Features.Concat(Training)).ToString();
    }

    /// <summary>The same in Markdown: a table of the layers, and lists of the sentences.</summary>
    internal string ToMarkdown()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string table = ModelCard.Table(
            ["part", "units", "learned", "numbers"],
            Layers.Select(layer => (string[])[layer.Name, layer.Units, layer.Shapes, layer.ParameterCount.ToString("N0", culture)]));
        string networks = _networks == 1 ? "" : string.Create(culture, $" of {_networks} networks, of which the table shows one");
        string statistics = StatisticCount == 0 ? "" : string.Create(culture, $", and {StatisticCount:N0} that were measured");
        return string.Create(culture, $"{_title}: {ParameterCount:N0} learned numbers{networks}{statistics}.\n\n{table}\n\n") +
            string.Join('\n', Features.Concat(Training).Select(sentence => $"- {sentence}"));
    }

    private static IEnumerable<LayerSummary> LayersOf(MlpArchitecture architecture)
    {
        int members = architecture.SharedMembers;
        foreach (IGrouping<string, Parameter> part in architecture.Layout().Parameters.Where(parameter => parameter.Trainable)
            .GroupBy(parameter => parameter.Part.IsOutput ? NetworkPart.Output.ToString() : parameter.Part.ToString()))
        {
            // Every member has outputs of its own, and all have the same shapes.
            bool isOutput = part.First().Part.IsOutput;
            int copies = isOutput ? members : 1;
            string shapes = string.Join(", ", part.Take(part.Count() / copies).Select(Shape));
            yield return new LayerSummary
            {
                Name = part.Key,
                Units = isOutput ? string.Create(CultureInfo.InvariantCulture, $"{architecture.OutputSize}") : UnitsOf(architecture, part.Key),
                Shapes = copies == 1 ? shapes : string.Create(CultureInfo.InvariantCulture, $"{copies} times {shapes}"),
                ParameterCount = part.Sum(parameter => (long)parameter.Length),
            };
        }
    }

    private static string UnitsOf(MlpArchitecture architecture, string part)
    {
        int layer = Enumerable.Range(0, architecture.HiddenLayers.Count).FirstOrDefault(i => NetworkPart.Hidden(i).ToString() == part, -1);
        return layer < 0 ? "" : architecture.HiddenLayers[layer].ToString();
    }

    private static string Shape(Parameter parameter) => parameter.Rows == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{parameter.Columns}")
        : string.Create(CultureInfo.InvariantCulture, $"{parameter.Rows} x {parameter.Columns}");

    private static IEnumerable<string> FeaturesOf(MlpModel model)
    {
        FeatureStandardizer standardizer = model.Standardizer;
        int[] all = [.. Enumerable.Range(0, model.FeatureCount)];
        int ignored = all.Count(j => standardizer.Scale[j] == 0), kept = all.Count(j => standardizer.Scale[j] == 1 && standardizer.Offset[j] == 0);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Features: {model.FeatureCount}, of which {model.FeatureCount - ignored - kept} are scaled, {kept} are taken as they are, ") +
            string.Create(CultureInfo.InvariantCulture, $"and {ignored} are ignored, because they said nothing in training.");
        if (model.Architecture.Encoding is { } encoding)
        {
            int numbers = encoding.Sources.ToArray().Distinct().Count();
            yield return string.Create(CultureInfo.InvariantCulture, $"Encoding: {encoding.Sources.Length} bins of {numbers} numbers; ") +
                (encoding.IsClipped ? "values far out are clipped smoothly." : "nothing is clipped.");
        }

        if (model.Architecture.Numbers is { } embedded)
        {
            yield return $"Embedding: {embedded}.";
        }

        if (model.Architecture.Whitening is { } whitening)
        {
            yield return $"Whitening: {whitening}.";
        }

        if (standardizer.Quantiles is { } quantiles)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Quantiles: {quantiles.Features.Length} numbers are mapped to normal quantiles.");
        }

        yield return standardizer.MissingValues == InvalidValueHandling.Fail
            ? "Missing values: refused."
            : "Missing values: the mean of the training rows in their place" + (model.Architecture.Encoding is { Missing.Length: > 0 } shown
                ? string.Create(CultureInfo.InvariantCulture, $"; features that also show where they are missing: {shown.Missing.Length}.")
                : ".");
        if (model.Targets.Limits is not null)
        {
            yield return "Scores: kept within the labels of the training rows.";
        }
    }
}
