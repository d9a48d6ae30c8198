namespace MlNetMlp.Onnx.Tests;

/// <summary>
/// A graph that is a dense network, or looks like one and computes something else: written in the ways in which exporters write networks, with a few things
/// that no exporter writes, and often with one mistake somewhere.
/// </summary>
internal sealed class GeneratedGraph
{
    private readonly Random _random;
    private readonly GraphFile _file;
    private readonly List<(string Value, int Columns)> _values = [];

    private GeneratedGraph(int seed)
    {
        _random = new Random(seed);
        Columns = _random.Next(2, 7);
        _file = new GraphFile { InputShape = [Columns], OperatorSet = 17 };
    }

    public int Columns { get; }

    public byte[] File { get; private set; } = [];

    /// <summary>The value whose output is declared first; what the network computes if nothing was changed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Whether missing features are replaced, or shown to the network.</summary>
    public bool ReplacesMissing { get; private set; }

    public string Description => string.Join(" ", _file.Nodes.Select(node => $"{node.Output}={node.Operator}({string.Join(",", node.Inputs)})"));

    public static GeneratedGraph Create(int seed)
    {
        var graph = new GeneratedGraph(seed);
        graph.Generate();
        return graph;
    }

    private bool Likely(double probability) => _random.NextDouble() < probability;

    private float[] Reals(int count, double scale = 1) => [.. Enumerable.Range(0, count).Select(_ => (float)(scale * (2 * _random.NextDouble() - 1)))];

    private float[] Positives(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.5 + _random.NextDouble()))];

    private float Mostly(float value) => Likely(0.97) ? value : 2 * value + 0.5f;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private string Keep(string value, int columns)
    {
        _values.Add((value, columns));
        return value;
    }

    private void Generate()
    {
        string value = Keep("x", Columns);
        int columns = Columns;
        int[] missing = Likely(0.2) ? [.. Enumerable.Range(0, columns).Where(_ => Likely(0.5))] : [];
        ReplacesMissing = missing.Length > 0 || Likely(0.1);
        value = ReplacesMissing ? Keep(Replaced(value, missing), columns) : value;
        string replaced = value;
        if (Likely(0.6))
        {
            value = Keep(Standardized(value), columns);
        }

        string prepared = value;
        if (missing.Length > 0 || Likely(0.2))
        {
            (value, columns) = Encoded(value, missing);
            Keep(value, columns);
        }

        int layers = _random.Next(0, 4);
        for (int i = 0; i < layers; i++)
        {
            int units = Likely(0.4) ? columns : _random.Next(1, 7);
            string input = value;
            value = Keep(Affine(value, columns, units), units);
            value = Likely(0.3) ? Keep(Scaled(value, units), units) : value;
            value = Likely(0.25) ? Keep(Normalized(value, units), units) : value;
            value = Keep(Likely(0.85) ? Activated(value, units) : SomethingElse(value, units), units);
            if (units == columns && Likely(0.5))
            {
                value = Keep(Likely(0.5) ? _file.Node("Add", value, input) : _file.Node("Add", input, value), units);
            }

            value = Likely(0.15) ? Keep(Scaled(value, units), units) : value;
            value = Likely(0.2) ? Keep(Nothing(value), units) : value;
            columns = units;
        }

        int outputs = Likely(0.3) ? 1 : _random.Next(2, 5);
        value = Keep(Affine(value, columns, outputs), outputs);
        value = Likely(0.1) ? Keep(SomethingElse(value, outputs), outputs) : value;
        value = Likely(0.15) ? Keep(Refusing(value, replaced, prepared, missing.Length > 0), outputs) : value;
        value = Likely(0.5) ? Keep(End(value, outputs), outputs) : value;
        value = Likely(0.2) ? Keep(Nothing(value), outputs) : value;

        // What nobody asks for, and an output that is not the last operator.
        (string other, int otherColumns) = Pick([.. _values]);
        string aside = Likely(0.3) ? SomethingElse(other, otherColumns) : value;
        bool declares = Likely(0.3);
        Output = Likely(0.1) ? Pick([.. _values]).Value : value;
        if (Likely(0.45))
        {
            Mistake();
        }

        if (Output == "x")
        {
            Output = _file.Node("Identity", "x");
        }

        _file.Output(Output);
        if (declares && aside != Output)
        {
            _file.Output(_file.Node("ArgMax", [aside], ("axis", 1L)), GraphFile.Int64);
        }

        File = _file.ToBytes();
    }

    private string Replaced(string x, int[] missing)
    {
        float[] values = Reals(Columns);
        foreach (int feature in missing.Where(_ => Likely(0.9)))
        {
            values[feature] = float.NaN;
        }

        return _file.Node("Where", [_file.Node("IsNaN", x), _file.Row(values), x]);
    }

    /// <summary>What the export writes of an encoding, or something near it.</summary>
    private (string Value, int Columns) Encoded(string x, int[] missing)
    {
        string zero = _file.Scalar(Mostly(0)), features = Likely(0.6) ? Clipped(x) : x;
        int columns = Columns;
        List<string> parts = [missing.Length > 0 && Likely(0.95) ? _file.Node("Where", [_file.Node("IsNaN", x), zero, features]) : features];
        if (Likely(0.8))
        {
            long[] sources = [.. Enumerable.Range(0, 2 * Columns).Select(i => (long)i / 2).Where(_ => Likely(0.5)), Columns - 1];
            if (Likely(0.05))
            {
                sources[^1] = -1;
            }

            string distance = _file.Node("Sub", Gathered(x, sources), _file.Row(Reals(sources.Length)));
            string share = _file.Node("Mul", distance, _file.Row(Likely(0.95) ? Positives(sources.Length) : Reals(sources.Length)));
            string atMost = _file.Node("Min", share, _file.Scalar(Mostly(1)));
            parts.Add(_file.Node("Where", [_file.Node("Greater", share, zero), atMost, Likely(0.95) ? zero : _file.Scalar(0.3f)]));
            columns += sources.Length;
        }

        if (missing.Length > 0)
        {
            int[] shown = Likely(0.95) ? missing : missing[..^1];
            parts.Add(_file.Node("Cast", [_file.Node("IsNaN", Gathered(x, [.. shown.Select(feature => (long)feature)]))], ("to", 1L)));
            columns += shown.Length;
        }

        if (Likely(0.05))
        {
            parts.Reverse();
        }

        return (parts.Count == 1 ? parts[0] : _file.Node("Concat", [.. parts], ("axis", Pick(1L, 1L, -1L))), columns);
    }

    private string Gathered(string x, long[] columns) => _file.Node("Gather", [x, _file.Whole(columns)], ("axis", 1L));

    private string Clipped(string x)
    {
        string third = _file.Node("Mul", x, _file.Scalar(Likely(0.97) ? 1f / 3 : 0.5f));
        string bounded = _file.Node("Max", _file.Node("Min", third, _file.Scalar(Likely(0.97) ? 1e6f : 0.1f)), _file.Scalar(Likely(0.97) ? -1e6f : -0.1f));
        string root = _file.Node("Sqrt", _file.Node("Add", _file.Node("Mul", bounded, Likely(0.97) ? bounded : third), _file.Scalar(Mostly(1))));
        return _file.Node("Div", _file.Node("Mul", bounded, _file.Scalar(Mostly(3))), root);
    }

    /// <summary>Adds 0, or NaN for rows with numbers that are not finite, but for those that are shown as missing.</summary>
    private string Refusing(string scores, string replaced, string prepared, bool hasMissing)
    {
        bool leavesOut = hasMissing == Likely(0.9);
        string left = leavesOut ? _file.Node("Where", [_file.Node("IsNaN", Likely(0.9) ? replaced : "x"), _file.Scalar(0), prepared]) : prepared;
        return _file.Node("Add", scores, _file.Node("ReduceSum", _file.Node("Mul", left, _file.Scalar(0)), _file.Whole(1)));
    }

    private string Standardized(string x) => _random.Next(7) switch
    {
        0 => _file.Node("Div", _file.Node("Sub", x, _file.Row(Reals(Columns))), _file.Row(Positives(Columns))),
        1 => _file.Node("Mul", _file.Node("Sub", x, _file.Constant([1, Columns], Reals(Columns))), _file.Row(Positives(Columns))),
        2 => _file.Node("Add", _file.Node("Mul", _file.Row(Positives(Columns)), x), _file.Row(Reals(Columns))),
        3 => _file.Node("ai.onnx.ml.Scaler", x, ("offset", Reals(Columns)), ("scale", Positives(Columns))),
        4 => _file.Node("Sub", _file.Row(Reals(Columns)), x),
        5 => _file.Node("Div", _file.Row(Positives(Columns)), x),
        _ => _file.Node("BatchNormalization",
            [x, _file.Row(Positives(Columns)), _file.Row(Reals(Columns)), _file.Row(Reals(Columns)), _file.Row(Positives(Columns))]),
    };

    private string Affine(string x, int inputs, int outputs)
    {
        float[] weights = Reals(inputs * outputs);
        switch (_random.Next(5))
        {
            case 0:
                return _file.Node("Gemm", [x, _file.Constant([outputs, inputs], weights), _file.Row(Reals(outputs))], ("transB", 1L));
            case 1:
                string[] operands = [x, _file.Constant([inputs, outputs], weights), _file.Constant(Pick<long[]>([], [1], [1, 1]), Reals(1))];
                return _file.Node("Gemm", operands, ("alpha", 0.7f), ("beta", -1.5f));
            case 2:
                return _file.Node("Gemm", [x, _file.Constant([inputs, outputs], weights)]);
            case 3:
                return _file.Node("Add", _file.Node("MatMul", x, _file.Constant([inputs, outputs], weights)), _file.Constant([1, outputs], Reals(outputs)));
            default:
                return _file.Node("Add", _file.Row(Reals(outputs)), _file.Node("MatMul", x, _file.Constant([inputs, outputs], weights)));
        }
    }

    private string Scaled(string y, int columns) => _random.Next(5) switch
    {
        0 => _file.Node("BatchNormalization",
            [y, _file.Row(Reals(columns)), _file.Row(Reals(columns)), _file.Row(Reals(columns)), _file.Row(Positives(columns))], ("epsilon", 0.01f)),
        1 => _file.Node("Mul", y, _file.Scalar(1.3f)),
        2 => _file.Node("Sub", _file.Scalar(0.3f), y),
        3 => _file.Node("Div", y, _file.Row(Positives(columns))),
        _ => _file.Node("Div", _file.Scalar(2), y),
    };

    private string Normalized(string y, int columns)
    {
        if (Likely(0.3))
        {
            return _file.Node("LayerNormalization", [y, _file.Row(Reals(columns)), _file.Row(Reals(columns))], ("axis", Pick(-1L, 1L)), ("epsilon", 0.1f));
        }

        (string, object) axes = ("axes", new long[] { Likely(0.9) ? 1 : 0 });
        string mean = _file.Node("ReduceMean", [y], axes), centered = Likely(0.9) ? _file.Node("Sub", y, mean) : _file.Node("Sub", mean, y);
        string square = Likely(0.5) ? _file.Node("Mul", centered, centered) : _file.Node("Pow", centered, _file.Scalar(Likely(0.9) ? 2 : 4));
        string root = _file.Node("Sqrt", _file.Node("Add", _file.Node("ReduceMean", [square], axes), _file.Scalar(0.1f)));
        string normalized = _file.Node("Div", Likely(0.9) ? centered : y, root);
        return Likely(0.5) ? normalized : _file.Node("Add", _file.Node("Mul", normalized, _file.Row(Reals(columns))), _file.Row(Reals(columns)));
    }

    private string Activated(string z, int columns)
    {
        switch (_random.Next(14))
        {
            case 0 or 1:
                return _file.Node("Relu", z);
            case 2:
                return _file.Node("Tanh", z);
            case 3:
                return _file.Node("Sigmoid", z);
            case 4:
                return _file.Node("LeakyRelu", z, ("alpha", Pick(0.1f, 0.5f, 1.5f, -0.2f)));
            case 5:
                return _file.Node("Elu", z, ("alpha", Pick(1f, 0.5f, -0.5f)));
            case 6:
                return Likely(0.7) ? _file.Node("Selu", z) : _file.Node("Selu", z, ("alpha", 1.6f));
            case 7:
                return _file.Node("PRelu", z, _file.Constant(Pick<long[]>([columns], [1, columns]), Reals(columns)));
            case 8:
                return _file.Node("Mul", Likely(0.8) ? z : Pick([.. _values.Where(value => value.Columns == columns)]).Value, _file.Node("Sigmoid", z));
            case 9:
                return _file.Node("Mul", _file.Node("Tanh", _file.Node("Softplus", z)), z);
            case 10:
                return _file.Node("Mul", z, _file.Node("Mul", OnePlusErf(z), _file.Scalar(0.5f)));
            case 11:
                return _file.Node("Mul", _file.Node("Mul", z, OnePlusErf(z)), _file.Scalar(Pick(0.5f, 0.4f)));
            case 12:
                return _file.Node("Mul", _file.Node("Mul", z, _file.Scalar(0.5f)), OnePlusErf(z));
            default:
                return _file.Node("Cast", [_file.Node("Greater", z, _file.Scalar(Likely(0.7) ? 0 : 0.2f))], ("to", 1L));
        }
    }

    private string OnePlusErf(string z)
    {
        string scaled = _random.Next(6) switch
        {
            0 or 1 => _file.Node("Div", z, _file.Scalar(MathF.Sqrt(2))),
            2 or 3 => _file.Node("Mul", z, _file.Scalar(MathF.Sqrt(0.5f))),
            4 => _file.Node("Mul", z, _file.Scalar(0.7f)),
            _ => _file.Node("Div", _file.Scalar(MathF.Sqrt(2)), z),
        };
        return _file.Node("Add", _file.Node("Erf", scaled), _file.Scalar(Likely(0.9) ? 1 : 0.9f));
    }

    /// <summary>Operators that no dense network has.</summary>
    private string SomethingElse(string z, int columns)
    {
        switch (_random.Next(14))
        {
            case 0:
                string zero = _file.Scalar(0);
                return _file.Node("Where", [_file.Node("Greater", z, zero), z, zero]);
            case 1:
                return _file.Node("Sub", z, z);
            case 2:
                return _file.Node("Add", z, z);
            case 3:
                return _file.Node("Mul", z, z);
            case 4:
                return _file.Node("Cast", [_file.Node("Cast", [z], ("to", 7L))], ("to", 1L));
            case 5:
                return _file.Node("Abs", z);
            case 6:
                return _file.Node("Clip", [z, _file.Scalar(-1), _file.Scalar(1)]);
            case 7:
                return _file.Node("Softmax", z, ("axis", 1L));
            case 8:
                return _file.Node("Neg", z);
            case 9:
                return _file.Node("Cast", [_file.Node("Less", z, _file.Scalar(0))], ("to", 1L));
            case 10:
                return _file.Node("Div", z, _file.Node("ReduceSum", z, _file.Whole(1)));
            case 11:
                return _file.Node("Add", z, _file.Constant([1, 1, columns], Reals(columns)));
            case 12:
                return _file.Node("Reshape", z, _file.Whole(-1, columns));
            default:
                return _file.Node("Add", z, _file.Node("ReduceSum", _file.Node("Mul", z, _file.Scalar(Likely(0.5) ? 0 : 1)), _file.Whole(1)));
        }
    }

    private string Nothing(string z) => Pick("Identity", "Dropout", "Cast") switch
    {
        "Cast" => _file.Node("Cast", [z], ("to", 1L)),
        string op => _file.Node(op, z),
    };

    private string End(string z, int columns) => _random.Next(6) switch
    {
        0 => _file.Node("Softmax", z, ("axis", Pick(1L, -1L, 0L))),
        1 => _file.Node("LogSoftmax", z, ("axis", 1L)),
        2 or 3 => _file.Node("Sigmoid", z),
        4 => _file.Node("Mean", [z, Keep(Affine(_values[0].Value, Columns, columns), columns)]),
        _ => _file.Node("Tanh", z),
    };

    /// <summary>Swaps operands, or puts another operator or another value in.</summary>
    private void Mistake()
    {
        int i = _random.Next(_file.Nodes.Count);
        GraphFileNode node = _file.Nodes[i];
        switch (_random.Next(3))
        {
            case 0 when node.Inputs.Length == 2:
                _file.Nodes[i] = node with { Inputs = [node.Inputs[1], node.Inputs[0]] };
                break;
            case 1 when node.Operator is "Min" or "Max":
                _file.Nodes[i] = node with { Operator = node.Operator == "Min" ? "Max" : "Min" };
                break;
            case 1 when node.Operator is "Add" or "Sub" or "Mul" or "Div":
                _file.Nodes[i] = node with { Operator = Pick("Add", "Sub", "Mul", "Div") };
                break;
            default:
                string[] inputs = [.. node.Inputs];
                string[] earlier = ["x", .. _file.Nodes.Take(i).Select(other => other.Output)];
                inputs[_random.Next(inputs.Length)] = Pick(earlier);
                _file.Nodes[i] = node with { Inputs = inputs };
                break;
        }
    }
}
