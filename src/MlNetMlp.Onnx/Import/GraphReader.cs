namespace MlNetMlp.Onnx;

/// <summary>Follows a file's graph from its input, operator by operator, and takes them for layers.</summary>
internal sealed class GraphReader
{
    /// <summary>What exporters put behind a network to make labels and lists of its scores; that is the caller's business.</summary>
    private static readonly HashSet<string> _behindScores =
    [
        "ArgMax", "Cast", "Concat", "Greater", "GreaterOrEqual", "Identity", "Less", "Not", "Reshape", "Squeeze", "Sub", "Where",
        "ai.onnx.ml.ArrayFeatureExtractor", "ai.onnx.ml.Binarizer", "ai.onnx.ml.LabelEncoder", "ai.onnx.ml.ZipMap",
    ];

    private readonly ImportedGraph _graph;
    private readonly List<ImportedNode> _nodes;
    private readonly ImportedLayers _layers = new();
    private string _current;

    private GraphReader(ImportedGraph graph)
    {
        _graph = graph;
        _current = graph.Input;
        _nodes = [.. graph.Nodes.Where(node => !TakeConstant(node))];
    }

    /// <exception cref="InvalidDataException">The operators do not fit together.</exception>
    /// <exception cref="NotSupportedException">The graph is no plain dense network; the message names the operator.</exception>
    public static ImportedLayers Read(ImportedGraph graph)
    {
        var reader = new GraphReader(graph);
        while (reader.Step())
        {
        }

        ImportedNode? rest = reader._nodes.Find(node => !_behindScores.Contains(node.Name));
        return rest is null
            ? reader._layers
            : throw rest.Refuse("only dense layers, their activations and scalings, one after the other, can be read");
    }

    /// <summary>Goes behind the next operator, or a few that are one function; false where the network ends.</summary>
    private bool Step()
    {
        ImportedNode[] next = [.. _nodes.Where(node => node.Inputs.Contains(_current))];
        if (next.Length == 0)
        {
            return false;
        }

        if (next.Length > 1)
        {
            return TryTakeGated(next);
        }

        ImportedNode node = next[0];
        if (!TryTake(node))
        {
            return _behindScores.Contains(node.Name) ? false : throw node.Refuse("only dense layers, their activations and scalings can be read");
        }

        Leave(node);
        return true;
    }

    private void Leave(ImportedNode node)
    {
        _nodes.Remove(node);
        _current = node.Output;
    }

    /// <summary>Constants that operators hold, or pass on.</summary>
    private bool TakeConstant(ImportedNode node)
    {
        ImportedTensor? constant = node.Name switch
        {
            "Constant" => node.Attributes.TryGetValue("value", out ImportedAttribute? value) ? value.Tensor
                : node.Attributes.TryGetValue("value_float", out value) ? new("", [], [value.Real]) : null,
            "Identity" when node.Inputs.Count == 1 => _graph.Constants.GetValueOrDefault(node.Inputs[0]),
            _ => null,
        };
        if (constant is not null)
        {
            _graph.Constants[node.Output] = constant;
        }

        return constant is not null || node.Name == "Constant";
    }

    private bool TryTake(ImportedNode node)
    {
        switch (node.Name)
        {
            case "Identity" or "Dropout":
            case "Cast" when node.Integer("to", 0) is (long)ElementType.Single or (long)ElementType.Double:
            case "Flatten" when node.Integer("axis", 1) == 1:
                return true;
            case "Gemm" or "MatMul":
                _layers.AddAffine(node, Affine(node));
                return true;
            case "Add" or "Sub" or "Mul" or "Div" when MapOf(node) is { } map:
                _layers.AddMap(node, map);
                return true;
            case "BatchNormalization":
                _layers.AddMap(node, BatchNormalization(node));
                return true;
            case "ai.onnx.ml.Scaler":
                _layers.AddMap(node, Scaler(node));
                return true;
            case "PRelu":
                _layers.AddActivation(node, Activation.PRelu(), Row(node, 1));
                return true;
            case "Sigmoid" or "Softmax" or "LogSoftmax":
                if (node.Operator != "Sigmoid" && node.Integer("axis", -1) is not (1 or -1))
                {
                    throw node.Refuse("it does not work row by row");
                }

                _layers.AddEnd(node);
                return true;
            default:
                if (ActivationOf(node) is not { } activation)
                {
                    return false;
                }

                _layers.AddActivation(node, activation);
                return true;
        }
    }

    private static Activation? ActivationOf(ImportedNode node)
    {
        try
        {
            return node.Name switch
            {
                "Relu" => Activation.Relu,
                "Tanh" => Activation.Tanh,
                "LeakyRelu" => Activation.LeakyRelu(node.Real("alpha", 0.01f)),
                "Elu" => Activation.Elu(node.Real("alpha", 1)),
                "Selu" when IsNear(node.Real("alpha", SeluActivation.Alpha), SeluActivation.Alpha)
                    && IsNear(node.Real("gamma", SeluActivation.Scale), SeluActivation.Scale) => Activation.Selu,
                "Mish" => Activation.Mish,
                "Gelu" when !node.Attributes.TryGetValue("approximate", out ImportedAttribute? kind) || kind.Text == "none" => Activation.Gelu,
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw node.Refuse(exception.Message);
        }
    }

    /// <summary>Activations that exporters write as several operators: SiLU, Mish and GELU, each <c>x g(x)</c>.</summary>
    private bool TryTakeGated(ImportedNode[] next)
    {
        if (next is not [{ } first, { } product] || product.Name != "Mul" && first.Name != "Mul")
        {
            return false;
        }

        (first, product) = product.Name == "Mul" && product.Inputs.Contains(_current) && !HasConstant(product) ? (first, product) : (product, first);
        List<ImportedNode> taken = [first];
        Activation? activation = null;
        string gate = first.Output;
        switch (first.Name)
        {
            case "Sigmoid":
                activation = Activation.Silu;
                break;
            case "Softplus" when Follow(ref gate, "Tanh", null, taken):
                activation = Activation.Mish;
                break;
            case "Div" or "Mul" when IsNear(Scalar(first), first.Name == "Div" ? MathF.Sqrt(2) : MathF.Sqrt(0.5f))
                && Follow(ref gate, "Erf", null, taken) && Follow(ref gate, "Add", 1, taken):
                activation = Activation.Gelu;
                break;
        }

        if (activation is null || !product.Inputs.Contains(gate))
        {
            return false;
        }

        taken.Add(product);
        string result = product.Output;
        if (activation == Activation.Gelu && !Follow(ref result, "Mul", 0.5f, taken))
        {
            return false;
        }

        _layers.AddActivation(first, activation);
        _nodes.RemoveAll(taken.Contains);
        _current = result;
        return true;
    }

    /// <summary>
    /// Goes on to the only operator behind <paramref name="value"/> if that is <paramref name="op"/>, with the number
    /// <paramref name="with"/> if one is given.
    /// </summary>
    private bool Follow(ref string value, string op, float? with, List<ImportedNode> taken)
    {
        string input = value;
        if (_nodes.FindAll(node => node.Inputs.Contains(input)) is not [{ } only] || only.Name != op || (with is { } number && !IsNear(Scalar(only), number)))
        {
            return false;
        }

        taken.Add(only);
        value = only.Output;
        return true;
    }

    private bool HasConstant(ImportedNode node) => node.Inputs.Any(_graph.Constants.ContainsKey);

    /// <summary>The one number that is an operand, or NaN.</summary>
    private float Scalar(ImportedNode node) => node.Inputs
        .Select(name => _graph.Constants.GetValueOrDefault(name)?.Values)
        .FirstOrDefault(values => values is { Length: 1 })?[0] ?? float.NaN;

    private static bool IsNear(float value, float expected) => MathF.Abs(value - expected) <= 1e-5f * expected;

    private ImportedLayer Affine(ImportedNode node)
    {
        ImportedTensor weights = Constant(node, 1);
        if (weights.Shape.Count != 2 || weights.Values!.Length == 0 || node.Inputs[0] != _current || node.Integer("transA", 0) != 0)
        {
            throw node.Refuse("its input is to be multiplied by a constant matrix behind it");
        }

        (int rows, int columns) = ((int)weights.Shape[0], (int)weights.Shape[1]);
        bool isTransposed = node.Operator == "Gemm" && node.Integer("transB", 0) != 0;
        (int inputs, int outputs) = isTransposed ? (columns, rows) : (rows, columns);
        float alpha = node.Operator == "Gemm" ? node.Real("alpha", 1) : 1, beta = node.Real("beta", 1);
        float[] values = new float[weights.Values.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                values[i * outputs + j] = alpha * weights.Values[isTransposed ? j * inputs + i : i * outputs + j];
            }
        }

        float[] bias = node.Operator == "Gemm" && node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Row(node, 2) : [0];
        return bias.Length == 1 || bias.Length == outputs
            ? new(values, inputs, outputs, [.. Enumerable.Range(0, outputs).Select(j => beta * bias[bias.Length == 1 ? 0 : j])])
            : throw new InvalidDataException($"The ONNX file is damaged: an operator {node.Name} has {bias.Length} biases for {outputs} columns.");
    }

    /// <summary>The sum, difference, product or quotient with a constant row; null if there is no constant.</summary>
    private ColumnMap? MapOf(ImportedNode node)
    {
        if (!HasConstant(node) || node.Inputs.Count != 2)
        {
            return null;
        }

        bool isSecond = node.Inputs[1] == _current;
        double[] row = [.. Row(node, isSecond ? 0 : 1).Select(value => (double)value)];
        return node.Operator switch
        {
            "Add" => new([1], row),
            "Sub" => isSecond ? new([-1], row) : new([1], [.. row.Select(value => -value)]),
            "Mul" => new(row, [0]),
            "Div" when !isSecond => new([.. row.Select(value => 1 / value)], [0]),
            _ => throw node.Refuse("something is divided by what comes before it"),
        };
    }

    /// <summary><c>scale (x - mean) / sqrt(variance + epsilon) + shift</c>.</summary>
    private ColumnMap BatchNormalization(ImportedNode node)
    {
        float[] gain = Row(node, 1), shift = Row(node, 2), mean = Row(node, 3), variance = Row(node, 4);
        if (node.Integer("training_mode", 0) != 0 || shift.Length != gain.Length || mean.Length != gain.Length || variance.Length != gain.Length)
        {
            throw node.Refuse("it is to be one for scoring, with as many means, variances, gains and shifts");
        }

        double epsilon = node.Real("epsilon", 1e-5f);
        double[] scale = [.. gain.Zip(variance, (g, v) => g / Math.Sqrt(v + epsilon))];
        return new(scale, [.. scale.Select((s, j) => shift[j] - s * mean[j])]);
    }

    /// <summary><c>(x - offset) scale</c>.</summary>
    private static ColumnMap Scaler(ImportedNode node)
    {
        float[] offset = node.Attributes.GetValueOrDefault("offset")?.Reals ?? [], scale = node.Attributes.GetValueOrDefault("scale")?.Reals ?? [];
        return offset.Length > 0 && scale.Length > 0
            ? new ColumnMap([1], [.. offset.Select(value => -(double)value)]).Then(new([.. scale.Select(value => (double)value)], [0]))
            : throw node.Refuse("it has no offsets or no scales");
    }

    /// <summary>An operand that is the same for every row.</summary>
    private float[] Row(ImportedNode node, int operand)
    {
        ImportedTensor row = Constant(node, operand);
        return row.Values!.Length > 0 && row.Shape.Take(row.Shape.Count - 1).All(dimension => dimension == 1)
            ? row.Values
            : throw node.Refuse($"its operand {operand + 1} is not one row of numbers");
    }

    private ImportedTensor Constant(ImportedNode node, int operand) =>
        operand < node.Inputs.Count && _graph.Constants.TryGetValue(node.Inputs[operand], out ImportedTensor? constant) && constant.Values is not null
            ? constant
            : throw node.Refuse($"its operand {operand + 1} is not a constant of real numbers in this file");
}
