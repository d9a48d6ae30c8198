using MlNetMlp.Interop;

namespace MlNetMlp.Onnx;

/// <summary>
/// Follows a file's graph back from one of its outputs. Whatever does not lie on the way to that output is left out, and nothing else but the classifier's
/// tail that scikit-learn's converter writes.
/// </summary>
internal sealed class GraphReader
{
    private readonly ImportedGraph _graph;
    private readonly ModelBudget _budget;
    private readonly NetworkReader _networks;

    /// <summary>The operators that add 0 or NaN to scores, and of which values; these have to be what the networks are given.</summary>
    private readonly List<(ImportedNode Node, string Of, bool AllowsMissing)> _refusing = [];

    private GraphReader(ImportedGraph graph, ModelBudget budget)
    {
        _graph = graph;
        _budget = budget;
        _networks = new NetworkReader(graph, budget);
    }

    /// <param name="graph">The graph.</param>
    /// <param name="output">The name of the output; null: see <see cref="OnnxModel"/>.</param>
    /// <param name="budget">What the file may take.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="InvalidDataException">The operators do not fit together, or are too many.</exception>
    /// <exception cref="NotSupportedException">The output is not that of plain dense networks; the message names the operator.</exception>
    public static ImportedNetworks Read(ImportedGraph graph, string? output, ModelBudget budget) => new GraphReader(graph, budget).Read(Choose(graph, output));

    private static string Choose(ImportedGraph graph, string? output)
    {
        string[] names = [.. graph.Outputs.Select(value => value.Name)];
        if (output is not null)
        {
            return names.Contains(output)
                ? output
                : throw new ArgumentException($"The ONNX file has no output '{output}'; it has {string.Join(", ", names)}.", nameof(output));
        }

        string[] real = names.Length == 1 ? names : [.. graph.Outputs.Where(value => IsReal(graph, value)).Select(value => value.Name)];
        return real.Length == 1 ? real[0]
            : real.Contains(ModelGraph.Score) ? ModelGraph.Score
            : throw new NotSupportedException($"The ONNX file has the outputs {string.Join(", ", names)}; say which of them are the scores.");
    }

    /// <summary>Labels are whole numbers, texts or truth values.</summary>
    private static bool IsReal(ImportedGraph graph, ImportedValue value) => value.IsTensor
        ? value.Type is null or ElementType.Single or ElementType.Double
        : graph.Maker(value.Name, "ai.onnx.ml.ZipMap") is not null;

    private ImportedNetworks Read(string output)
    {
        string value = _networks.Through(output);
        if (_graph.Maker(value, "ai.onnx.ml.ZipMap") is { } map)
        {
            value = _networks.Through(map.Input(0));
        }

        value = WithoutRefusal(WithoutBounds(value));
        (ImportedNode Node, float[] Lower, float[] Upper)? limits = Limits(value);
        value = limits is { } clamp ? _networks.Through(_graph.Maker(clamp.Node.Input(0)).Input(0)) : value;
        string? ofLogOdds = MeanLogOdds(value);
        IReadOnlyList<string> values = ofLogOdds is not null ? _graph.Maker(ofLogOdds, "Concat")!.Inputs
            : _graph.Maker(value, "Mean") is { Inputs.Count: > 0 } mean ? mean.Inputs
            : [PositiveClass(value) ?? value];
        _budget.TakeNetworks(values.Count);
        NetworkEnd end = ofLogOdds is null ? NetworkEnd.Values : NetworkEnd.MeanLogOdds;
        List<ImportedNode> endNodes = [];
        if (end == NetworkEnd.Values)
        {
            (end, endNodes, values) = Ends([.. values.Select(_networks.Through)]);
        }

        IReadOnlyList<Part>[] members = [.. values.Select(_networks.Read)];
        if (_refusing.Find(refusal => !_networks.Features.Contains(refusal.Of) || refusal.AllowsMissing != _networks.KeepsMissing).Node is { } wrong)
        {
            throw wrong.Refuse("it adds something that is 0 for finite values of another kind than what goes into the first layer");
        }

        return new(end, endNodes, members, limits, _graph.Metadata.GetValueOrDefault(OnnxExport.LossKey));
    }

    /// <summary>The bounds of <c>Min(Max(scores, lower), upper)</c>, as <see cref="ModelGraph"/> writes them.</summary>
    private (ImportedNode Node, float[] Lower, float[] Upper)? Limits(string value) =>
        _graph.Maker(value, "Min") is { Inputs: [{ } raised, { } upper] } node && _graph.Maker(raised, "Max") is { Inputs: [_, { } lower] } maximum
        && _graph.IsConstant(upper) && _graph.IsConstant(lower)
            ? (node, _graph.Row(maximum, 1), _graph.Row(node, 1))
            : null;

    /// <summary>What is in front of the functions that all networks end in, if that belongs to a loss.</summary>
    private (NetworkEnd End, List<ImportedNode> Nodes, IReadOnlyList<string> Values) Ends(IReadOnlyList<string> values)
    {
        NetworkEnd end = values[0] == _graph.Input.Name ? NetworkEnd.Values : _graph.Maker(values[0]).Name switch
        {
            "Softmax" => NetworkEnd.Softmax,
            "LogSoftmax" when values.Count == 1 => NetworkEnd.LogSoftmax,
            "Sigmoid" => NetworkEnd.Sigmoid,
            _ => NetworkEnd.Values,
        };
        if (end == NetworkEnd.Values)
        {
            return (end, [], values);
        }

        List<ImportedNode> nodes = [];
        foreach (string value in values)
        {
            ImportedNode node = _graph.Maker(value, end.ToString())
                ?? throw _graph.Maker(values[0]).Refuse("the other networks of the ensemble do not end in one");
            if (end != NetworkEnd.Sigmoid && node.Integer("axis", -1) is not (1 or -1))
            {
                throw node.Refuse("it does not work row by row");
            }

            nodes.Add(node);
        }

        return (end, nodes, [.. nodes.Select(node => WithoutRefusal(_networks.Through(node.Input(0))))]);
    }

    /// <summary>
    /// The scores in <c>scores + sum of 0 features</c>, row by row: how <see cref="ModelGraph"/> makes NaN of rows with features that the model refuses.
    /// </summary>
    private string WithoutRefusal(string value)
    {
        if (_graph.Maker(value, "Add") is not { Inputs: [{ } scores, { } sum] } node || _graph.OfRow(sum, "ReduceSum") is not { } zeros
            || _graph.Maker(zeros, "Mul")?.Beside(name => _graph.Scalar(name) == 0) is not { } features)
        {
            return value;
        }

        (string of, bool allowsMissing) = WithoutMissing(features) is { } others ? (others, true) : (features, false);
        _refusing.Add((node, of, allowsMissing));
        return _networks.Through(scores);
    }

    /// <summary>
    /// The y of <c>x is missing ? 0 : y</c>, with a standardized x: how <see cref="ModelGraph"/> leaves out features that are shown to the network as missing.
    /// </summary>
    private string? WithoutMissing(string value) =>
        _graph.Maker(value, "Where") is { Inputs: [{ } isMissing, { } zero, { } otherwise] } && _graph.Scalar(zero) == 0
        && _graph.Maker(isMissing, "IsNaN") is { Inputs: [{ } features] } && Unstandardized(otherwise) == features
            ? otherwise
            : null;

    /// <summary>The x of <c>(x - offsets) scales</c>; either of them may be left out.</summary>
    private string Unstandardized(string value)
    {
        string shifted = _graph.Maker(value, "Mul") is { Inputs: [{ } product, { } scales] } && _graph.IsConstant(scales) ? product : value;
        return _graph.Maker(shifted, "Sub") is { Inputs: [{ } features, { } offsets] } && _graph.IsConstant(offsets) ? features : shifted;
    }

    /// <summary>
    /// The sigmoid in <c>min(max(sigmoid(z), least), greatest) + 0 z</c>, how <see cref="ModelGraph"/> writes probabilities that are never 0 or 1; or z
    /// where that is the log-odds of several networks.
    /// </summary>
    private string WithoutBounds(string value)
    {
        if (_graph.Maker(value, "Add") is not { Inputs: [{ } bounded, { } zeros] }
            || _graph.Maker(bounded, "Min")?.Beside(name => _graph.Scalar(name) == MlpModel.GreatestProbability) is not { } atLeast
            || _graph.Maker(atLeast, "Max")?.Beside(name => _graph.Scalar(name) == MlpModel.LeastProbability) is not { } probability
            || _graph.Maker(probability, "Sigmoid") is not { } sigmoid
            || _graph.Maker(zeros, "Mul")?.Beside(name => _graph.Scalar(name) == 0) != sigmoid.Input(0))
        {
            return value;
        }

        return MeanLogOdds(WithoutRefusal(sigmoid.Input(0))) is null ? probability : sigmoid.Input(0);
    }

    /// <summary>
    /// What <c>Concat(1 - p, p)</c> has for the positive class, with p a Sigmoid: scikit-learn's converter writes it for two classes.
    /// </summary>
    private string? PositiveClass(string value) =>
        _graph.Maker(value, "Concat") is { Inputs: [{ } negative, { } positive] } pair && pair.Integer("axis", 0) is 1 or -1
        && _graph.Maker(negative, "Sub") is { } rest && _graph.Scalar(rest.Input(0)) == 1 && rest.Input(1) == positive
        && _graph.Maker(_networks.Through(positive), "Sigmoid") is not null
            ? positive
            : null;

    /// <summary>The log-odds z [rows, networks] in <c>log(sum of p) - log(sum of (1 - p))</c>, as <see cref="ModelGraph"/> writes it.</summary>
    private string? MeanLogOdds(string value)
    {
        if (_graph.Maker(value, "Sub") is not { } difference || LogProbabilitySum(difference.Input(0)) is not { } negative
            || LogProbabilitySum(difference.Input(1)) is not { } odds)
        {
            return null;
        }

        return _graph.Maker(negative, "Neg")?.Input(0) == odds && _graph.Maker(odds, "Concat")?.Integer("axis", 0) is 1 or -1 ? odds : null;
    }

    /// <summary>The z of <c>log(sum of 1 / (1 + exp(z)))</c>.</summary>
    private string? LogProbabilitySum(string value) =>
        _graph.Maker(value, "Add") is { Inputs: [{ } greatest, { } logarithm] }
        && _graph.Maker(logarithm, "Log") is { } log && _graph.OfRow(log.Input(0), "ReduceSum") is { } powers
        && _graph.Maker(powers, "Exp") is { } power && _graph.Maker(power.Input(0), "Sub") is { Inputs: [{ } logs, { } subtracted] }
        && subtracted == greatest && _graph.OfRow(greatest, "ReduceMax") == logs
        && _graph.Maker(logs, "Neg") is { } negated && _graph.Maker(negated.Input(0), "Softplus") is { } softplus
            ? softplus.Input(0)
            : null;
}
