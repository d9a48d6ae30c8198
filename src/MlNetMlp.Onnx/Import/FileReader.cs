namespace MlNetMlp.Onnx;

/// <summary>Reads the messages of an ONNX file as far as dense networks need them.</summary>
internal static class FileReader
{
    /// <summary>Operators of earlier versions broadcast in other ways; ONNX 1.2 of 2018 is the first with this one.</summary>
    private const int FirstOperatorSet = 7;

    /// <exception cref="InvalidDataException">The bytes are no ONNX file, end too early, contradict themselves, or are too many things.</exception>
    /// <exception cref="NotSupportedException">The graph has not exactly one input, is of an old version, or has operators of its own.</exception>
    public static ImportedGraph Read(ReadOnlyMemory<byte> file)
    {
        MessageReader model = new(file);
        ReadOnlyMemory<byte>? graph = null;
        long? operators = null;
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        var items = new ItemCount();
        while (model.Next())
        {
            switch (model.Field)
            {
                case Fields.Model.Graph:
                    graph = model.Bytes();
                    break;
                case Fields.Model.OpsetImport:
                    items.Add();
                    (string domain, long version) = ReadOperatorSet(model.Message());
                    operators = domain is "" or "ai.onnx" ? version : operators;
                    break;
                case Fields.Model.MetadataProps:
                    items.Add();
                    (string key, string value) = ReadEntry(model.Message());
                    metadata[key] = value;
                    break;
                case Fields.Model.Functions:
                    items.Add();
                    RefuseStandardFunction(model.Message());
                    break;
            }
        }

        if (graph is null || operators is null)
        {
            throw new InvalidDataException(graph is null
                ? "The bytes are no ONNX file: they have no graph."
                : "The bytes are no ONNX file, or it is damaged: it does not say of which version its operators are.");
        }

        return operators >= FirstOperatorSet
            ? ReadGraph(new MessageReader(graph.Value), metadata, file.Length, items)
            : throw new NotSupportedException(
                $"The ONNX file has operators of version {operators}; those from version {FirstOperatorSet} on, of ONNX 1.2, can be read.");
    }

    private static ImportedGraph ReadGraph(MessageReader graph, Dictionary<string, string> metadata, long bytes, ItemCount items)
    {
        List<ImportedNode> nodes = [];
        List<ImportedTensor> constants = [];
        List<ImportedValue> inputs = [], outputs = [];
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case Fields.Graph.Node:
                    items.AddNode();
                    nodes.Add(new ImportedNode(graph.Message(), items));
                    break;
                case Fields.Graph.Initializer:
                    items.Add();
                    constants.Add(new ImportedTensor(graph.Bytes()));
                    break;
                case Fields.Graph.Input:
                    items.Add();
                    inputs.Add(ImportedValue.Read(graph.Message()));
                    break;
                case Fields.Graph.Output:
                    items.Add();
                    outputs.Add(ImportedValue.Read(graph.Message()));
                    break;
            }
        }

        // Early files list constants among the inputs, too.
        var names = constants.Select(constant => constant.Name).ToHashSet(StringComparer.Ordinal);
        inputs.RemoveAll(input => names.Contains(input.Name));
        if (inputs.Count != 1)
        {
            throw new NotSupportedException($"The ONNX file has {inputs.Count} inputs; a dense network has 1, a matrix with a row for each example.");
        }

        if (inputs[0] is { IsTensor: false } or { Type: not (null or ElementType.Single or ElementType.Double or ElementType.Int32 or ElementType.Int64) })
        {
            throw new NotSupportedException($"The input '{inputs[0].Name}' of the ONNX file is no tensor of numbers, as the features of a dense network are.");
        }

        if (outputs.Count == 0)
        {
            throw new InvalidDataException("The ONNX file is damaged: its graph has no output.");
        }

        return new(nodes, constants) { Input = inputs[0], Outputs = outputs, Metadata = metadata, FileBytes = bytes };
    }

    private static (string Domain, long Version) ReadOperatorSet(MessageReader set)
    {
        (string domain, long version) = ("", 0);
        while (set.Next())
        {
            domain = set.Field == Fields.OperatorSet.Domain ? set.Text() : domain;
            version = set.Field == Fields.OperatorSet.Version ? set.Number() : version;
        }

        return (domain, version);
    }

    private static (string Key, string Value) ReadEntry(MessageReader entry)
    {
        (string key, string value) = ("", "");
        while (entry.Next())
        {
            key = entry.Field == Fields.StringEntry.Key ? entry.Text() : key;
            value = entry.Field == Fields.StringEntry.Value ? entry.Text() : value;
        }

        return (key, value);
    }

    /// <summary>A file can give the names of the standard's operators another meaning; functions of other domains are refused where they are used.</summary>
    private static void RefuseStandardFunction(MessageReader function)
    {
        (string name, string domain) = ("", "");
        while (function.Next())
        {
            name = function.Field == Fields.Function.Name ? function.Text() : name;
            domain = function.Field == Fields.Function.Domain ? function.Text() : domain;
        }

        if (domain is "" or "ai.onnx" or "ai.onnx.ml")
        {
            throw new NotSupportedException($"The ONNX file has a function {name} of its own, which may stand for an operator of the standard.");
        }
    }
}
