namespace MlNetMlp.Onnx;

/// <summary>What is in a file, with an index of who makes a value.</summary>
internal sealed class ImportedGraph
{
    private readonly Dictionary<string, ImportedTensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImportedNode Node, int Place)> _makers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _otherResults = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">A value is made twice.</exception>
    public ImportedGraph(IReadOnlyList<ImportedNode> nodes, IReadOnlyList<ImportedTensor> constants)
    {
        foreach (ImportedTensor constant in constants)
        {
            Expect(_constants.TryAdd(constant.Name, constant), constant.Name);
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            // An operator without results is nobody's; a result without a name is left out.
            foreach (string output in nodes[i].Outputs.Where(output => output.Length > 0))
            {
                Expect(!_constants.ContainsKey(output) && _makers.TryAdd(output, (nodes[i], i)), output);
                if (output != nodes[i].Output)
                {
                    _otherResults.Add(output);
                }
            }

            // Operators come in an order in which everything is made before it is used.
            if (nodes[i].Outputs.Count == 1 && ConstantOf(nodes[i]) is { } made)
            {
                _makers.Remove(nodes[i].Output);
                _constants.Add(nodes[i].Output, made);
            }
        }
    }

    /// <summary>The one input that is no constant.</summary>
    public required ImportedValue Input { get; init; }

    /// <summary>What the graph declares as its results.</summary>
    public required IReadOnlyList<ImportedValue> Outputs { get; init; }

    /// <summary>The texts that belong to the file.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The number of bytes of the file.</summary>
    public required long FileBytes { get; init; }

    public bool IsConstant(string value) => _constants.ContainsKey(value);

    public ImportedTensor? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>The operator whose first result a value is.</summary>
    /// <exception cref="InvalidDataException">Nobody makes it.</exception>
    /// <exception cref="NotSupportedException">It is another result, or a constant.</exception>
    public ImportedNode Maker(string value)
    {
        if (!_makers.TryGetValue(value, out (ImportedNode Node, int Place) maker))
        {
            throw IsConstant(value)
                ? new NotSupportedException($"The value '{value}' in the ONNX file is a constant where a dense network computes it from the features.")
                : new InvalidDataException($"The ONNX file is damaged: no operator makes the value '{value}'.");
        }

        return _otherResults.Contains(value) ? throw maker.Node.Refuse($"its further result '{value}' is used") : maker.Node;
    }

    /// <summary>The operator whose first result a value is, if it is <paramref name="op"/>.</summary>
    public ImportedNode? Maker(string value, string op) =>
        _makers.TryGetValue(value, out (ImportedNode Node, int Place) maker) && maker.Node.Name == op && !_otherResults.Contains(value) ? maker.Node : null;

    /// <summary>Where the maker of a value stands; -1 for the input.</summary>
    public int Place(string value) => _makers.TryGetValue(value, out (ImportedNode Node, int Place) maker) ? maker.Place : -1;

    private ImportedTensor? ConstantOf(ImportedNode node) => node.Name switch
    {
        "Constant" => node.Attribute("value")?.Tensor
            ?? (node.Attribute("value_floats")?.Reals is { } list ? new ImportedTensor(list, isScalar: false)
                : node.Attribute("value_float") is { } number ? new ImportedTensor([number.Real], isScalar: true)
                : null),
        "Identity" when node.Inputs.Count == 1 => Constant(node.Inputs[0]),
        _ => null,
    };

    private static void Expect(bool isNew, string value)
    {
        if (!isNew)
        {
            throw new InvalidDataException($"The ONNX file is damaged: the value '{value}' is made more than once.");
        }
    }
}
