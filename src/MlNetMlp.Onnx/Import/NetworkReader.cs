namespace MlNetMlp.Onnx;

/// <summary>
/// Follows a graph back from the outputs of one network to the features, operator by operator. Each operand has to be what its place asks for.
/// </summary>
internal sealed class NetworkReader(ImportedGraph graph, ModelBudget budget)
{
    /// <summary>What a layer is made of besides its maps.</summary>
    private const int MostPartsOfLayer = 64;

    /// <summary>Networks of an ensemble may have operators in common; this bounds the work that a small file can make of that.</summary>
    private const int MostSteps = 2 * ItemCount.MostNodes;

    private readonly HashSet<string> _features = new(StringComparer.Ordinal);
    private readonly List<Part> _parts = [];
    private readonly EncodingReader _encodings = new(graph, budget);
    private readonly CategoryReader _categories = new(graph, budget);
    private readonly PeriodicReader _periodic = new(graph, budget);
    private int _steps;
    private int _layers;
    private bool _isInResidual;

    /// <summary>
    /// The names of what goes into the first layers of all networks that were read, and of what it was made of as far as missing and infinite features
    /// are still replaced or refused.
    /// </summary>
    public IReadOnlySet<string> Features => _features;

    /// <summary>Whether a network that was read sees which features are missing, as they are not replaced.</summary>
    public bool KeepsMissing { get; private set; }

    /// <summary>Reads what makes a value of the features.</summary>
    /// <returns>The parts in the order in which they work.</returns>
    /// <exception cref="InvalidDataException">Operators do not fit together, or are too many.</exception>
    /// <exception cref="NotSupportedException">An operator has no counterpart here; the message names it.</exception>
    public List<Part> Read(string value)
    {
        _parts.Clear();
        List<string> inFront = [];
        bool isReplaced = false;
        while (value != graph.Input.Name)
        {
            int known = _parts.Count;
            value = StepBack(value);
            Part[] added = [.. _parts.Skip(known)];
            if (!Array.TrueForAll(added, part => part is Part.Map or Part.Replacement or Part.Rows))
            {
                inFront.Clear();
            }

            isReplaced |= Array.Exists(added, part => part is Part.Replacement);
            if (!isReplaced)
            {
                inFront.Add(value);
            }
        }

        _features.UnionWith(inFront);
        return [.. Enumerable.Reverse(_parts)];
    }

    /// <summary>Goes through operators that change no number.</summary>
    public string Through(string value)
    {
        while (value != graph.Input.Name && !graph.IsConstant(value) && ChangesNothing(graph.Maker(value)))
        {
            Count();
            value = graph.Maker(value).Input(0);
        }

        return value;
    }

    /// <summary>Whether an operator gives its input as it is.</summary>
    private bool ChangesNothing(ImportedNode node) => node.Name switch
    {
        "Identity" => true,

        // Only training drops anything, and a third operand can say that this is one.
        "Dropout" => node.Input(2).Length == 0 || graph.Constant(node.Input(2))?.Integers() is [0],
        "Cast" => IsReal(node) && graph.Maker(node.Input(0), "Greater") is null,
        _ => false,
    };

    private static bool IsReal(ImportedNode cast) => cast.Integer("to", 0) is (long)ElementType.Single or (long)ElementType.Double;

    /// <summary>Adds what made a value, and returns what it was made of.</summary>
    private string StepBack(string value)
    {
        Count();
        ImportedNode node = graph.Maker(value);
        if (ChangesNothing(node))
        {
            return node.Input(0);
        }

        if (_encodings.Read(node) is var (encoding, features))
        {
            _parts.Add(encoding);
            return features;
        }

        if (_categories.Read(node) is var (categories, ofCategories))
        {
            _parts.Add(categories);
            return ofCategories;
        }

        if (_periodic.Read(node) is var (embedding, inputs))
        {
            _parts.Add(embedding);
            return inputs;
        }

        switch (node.Name)
        {
            case "Gemm" or "MatMul":
                budget.CheckLayers(++_layers);
                return Add(node, 0, AffineOf(node));
            case "Add" or "Sub" or "Mul" or "Div" when node.Inputs.Count == 2 && node.Inputs.Any(graph.IsConstant):
                return Mapped(node);
            case "Add":
                return Residual(node);
            case "Mul":
                return Gated(node);
            case "Div":
                return Normalized(node);
            case "Where":
                return Replaced(node);
            case "BatchNormalization":
                return Add(node, 0, BatchNormalization(node));
            case "ai.onnx.ml.Scaler":
                return Add(node, 0, Scaler(node));
            case "LayerNormalization":
                return LayerNormalization(node);
            case "PRelu":
                return Add(node, 0, new Part.Function(node, Activation.PRelu(), graph.Row(node, 1)));
            case "ReduceMax":
                return Maxout(node);
            case "Cast" when IsReal(node) && graph.Maker(node.Input(0), "Greater") is { } greater && graph.Scalar(greater.Input(1)) == 0:
                return Add(greater, 0, new Part.Function(node, Activation.HardThreshold));
            case "Flatten" when node.Integer("axis", 1) == 1:
                return Add(node, 0, new Part.Rows(node, null, KeepsRows: true));
            case "Reshape" or "Squeeze":
                return Add(node, 0, RowsOf(node));
            default:
                return Add(node, 0, new Part.Function(node, ActivationOf(node)));
        }
    }

    private void Count()
    {
        if (++_steps > MostSteps)
        {
            throw new InvalidDataException($"The networks of the ONNX file have more than {MostSteps} operators together; no more are read.");
        }
    }

    private string Add(ImportedNode node, int operand, Part part)
    {
        _parts.Add(part);
        return node.Input(operand);
    }

    private Part.Affine AffineOf(ImportedNode node)
    {
        bool isGemm = node.Name == "Gemm";
        ImportedTensor? weights = graph.Constant(node.Input(1));
        if (weights?.Reals() is not { Length: > 0 } || weights.Shape.Count != 2 || node.Integer("transA", 0) != 0)
        {
            throw node.Refuse("its input is to be multiplied by a constant matrix behind it");
        }

        bool isTransposed = isGemm && node.Integer("transB", 0) != 0;
        float[]? biases = isGemm && node.Input(2).Length > 0 ? graph.Row(node, 2) : null;
        return new(node, weights, isTransposed, isGemm ? node.Real("alpha", 1) : 1, biases, isGemm ? node.Real("beta", 1) : 1);
    }

    /// <summary>The sum, difference, product or quotient with a constant row.</summary>
    private string Mapped(ImportedNode node)
    {
        bool isSecond = !graph.IsConstant(node.Inputs[1]);
        float[] row = graph.Row(node, isSecond ? 0 : 1);
        return Add(node, isSecond ? 1 : 0, new Part.Map(node, row.Length, node.Name switch
        {
            "Add" => () => new([1], Doubles(row)),
            "Sub" when isSecond => () => new([-1], Doubles(row)),
            "Sub" => () => new([1], Array.ConvertAll(row, value => -(double)value)),
            "Mul" => () => new(Doubles(row), [0]),
            _ when isSecond => throw node.Refuse("a constant is divided by what is computed"),
            _ => () => new(Array.ConvertAll(row, value => 1.0 / value), [0]),
        }));
    }

    private static double[] Doubles(float[] row) => Array.ConvertAll(row, value => (double)value);

    /// <summary><c>scale (x - mean) / sqrt(variance + epsilon) + shift</c>.</summary>
    private Part.Map BatchNormalization(ImportedNode node)
    {
        float[] gain = graph.Row(node, 1), shift = graph.Row(node, 2), mean = graph.Row(node, 3), variance = graph.Row(node, 4);
        if (node.Integer("training_mode", 0) != 0 || node.Outputs.Count > 1
            || shift.Length != gain.Length || mean.Length != gain.Length || variance.Length != gain.Length)
        {
            throw node.Refuse("it is to be one for scoring, with as many means, variances, gains and shifts");
        }

        double epsilon = node.Real("epsilon", 1e-5f);
        return new(node, gain.Length, () =>
        {
            double[] scale = [.. gain.Zip(variance, (g, v) => g / Math.Sqrt(v + epsilon))];
            return new(scale, [.. scale.Select((s, j) => shift[j] - s * mean[j])]);
        });
    }

    /// <summary><c>(x - offset) scale</c>.</summary>
    private static Part.Map Scaler(ImportedNode node)
    {
        float[] offset = node.Attribute("offset")?.Reals ?? [], scale = node.Attribute("scale")?.Reals ?? [];
        int columns = Math.Max(offset.Length, scale.Length);
        return offset.Length > 0 && scale.Length > 0 && (offset.Length == 1 || scale.Length == 1 || offset.Length == scale.Length)
            ? new(node, columns, () => new ColumnMap([1], Array.ConvertAll(offset, value => -(double)value)).Then(new(Doubles(scale), [0])))
            : throw node.Refuse("it has no offsets or scales for all columns");
    }

    /// <summary>The operator of version 17, whose parts are also written one by one.</summary>
    private string LayerNormalization(ImportedNode node)
    {
        if (node.Integer("axis", -1) is not (-1 or 1) || node.Real("epsilon", 1e-5f) is not (> 0 and < float.PositiveInfinity))
        {
            throw node.Refuse("it is to work row by row, with an epsilon above 0");
        }

        float[] gain = graph.Row(node, 1), shift = node.Input(2).Length > 0 ? graph.Row(node, 2) : [0];
        if (gain.Length != 1 && shift.Length != 1 && gain.Length != shift.Length)
        {
            throw node.Refuse($"it has {gain.Length} gains and {shift.Length} shifts");
        }

        _parts.Add(new Part.Map(node, Math.Max(gain.Length, shift.Length), () => new(Doubles(gain), Doubles(shift))));
        return Add(node, 0, new Part.RowNormalization(node, node.Real("epsilon", 1e-5f)));
    }

    /// <summary>
    /// <c>y / sqrt(sum of y y + epsilon)</c>, or <c>c / sqrt(mean of c c + epsilon)</c> with <c>c = y - mean of y</c>.
    /// </summary>
    private string Normalized(ImportedNode node)
    {
        (string upper, string root) = (node.Input(0), node.Input(1));
        if (graph.Maker(root, "Sqrt") is { } sqrt && graph.Maker(sqrt.Input(0), "Add") is { } sum
            && sum.Beside(name => graph.Scalar(name) is > 0) is { } squares)
        {
            float epsilon = graph.Scalar(sum.Beside(name => name == squares)!)!.Value;
            if (IsSquareOf(graph.OfRow(squares, "ReduceSum"), upper))
            {
                _parts.Add(new Part.UnitLength(node, epsilon));
                return upper;
            }

            if (IsSquareOf(graph.OfRow(squares, "ReduceMean"), upper) && graph.Maker(upper, "Sub") is { } centered
                && graph.OfRow(centered.Input(1), "ReduceMean") == centered.Input(0))
            {
                return Add(centered, 0, new Part.RowNormalization(node, epsilon));
            }
        }

        throw node.Refuse("it divides neither by constants nor by the length or the deviation of its rows");
    }

    private bool IsSquareOf(string? value, string root) => value is not null
        && ((graph.Maker(value, "Mul") is { Inputs: [{ } left, { } right] } && left == root && right == root)
            || (graph.Maker(value, "Pow") is { } power && power.Input(0) == root && graph.Scalar(power.Input(1)) == 2));

    /// <summary>
    /// Activations that exporters write as several operators: SiLU, Mish and GELU, each <c>z g(z)</c>; either factor may have a constant one beside it.
    /// </summary>
    private string Gated(ImportedNode node)
    {
        if (node.Inputs is [{ } left, { } right] && (GateOf(node, left, right) ?? GateOf(node, right, left)) is { } of)
        {
            return of;
        }

        throw node.Refuse("it multiplies neither by constants nor as SiLU, Mish and GELU do");
    }

    private string? GateOf(ImportedNode node, string factor, string gate)
    {
        (string inner, double scale) = Unscaled(gate);
        Activation? activation = null;
        string? of = null;
        if (graph.Maker(inner, "Sigmoid") is { } sigmoid)
        {
            (activation, of) = (Activation.Silu, sigmoid.Input(0));
        }
        else if (graph.Maker(inner, "Tanh") is { } tanh && graph.Maker(tanh.Input(0), "Softplus") is { } softplus)
        {
            (activation, of) = (Activation.Mish, softplus.Input(0));
        }
        else if (graph.Maker(inner, "Add") is { } sum && sum.Beside(name => graph.Scalar(name) == 1) is { } term && graph.Maker(term, "Erf") is { } erf)
        {
            (activation, of, scale) = (Activation.Gelu, OverRootOfTwo(erf.Input(0)), 2 * scale);
        }

        if (of is null)
        {
            return null;
        }

        if (factor != of)
        {
            (string unscaled, double more) = Unscaled(factor);
            if (unscaled != of)
            {
                return null;
            }

            scale *= more;
        }

        if (scale != 1)
        {
            _parts.Add(new Part.Map(node, 1, () => new([scale], [0])));
        }

        _parts.Add(new Part.Function(node, activation!));
        return of;
    }

    /// <summary>What a value is a multiple of, and how many times.</summary>
    private (string Of, double Scale) Unscaled(string value)
    {
        if (graph.Maker(value, "Mul") is { } product && product.Beside(name => graph.Scalar(name) is not null) is { } factor)
        {
            return (factor, graph.Scalar(product.Beside(name => name == factor)!) ?? 1);
        }

        return graph.Maker(value, "Div") is { } quotient && graph.Scalar(quotient.Input(1)) is { } divisor ? (quotient.Input(0), 1.0 / divisor) : (value, 1);
    }

    private string? OverRootOfTwo(string value) =>
        graph.Maker(value, "Div") is { } quotient && graph.IsNumber(quotient.Input(1), Math.Sqrt(2)) ? quotient.Input(0)
        : graph.Maker(value, "Mul")?.Beside(name => graph.IsNumber(name, Math.Sqrt(0.5)));

    /// <summary>A mean, or another number, in the place of features that are not finite.</summary>
    private string Replaced(ImportedNode node)
    {
        string of = node.Input(2);
        if (graph.Maker(node.Input(0), "IsNaN") is { } isMissing && isMissing.Input(0) == of)
        {
            float[] values = graph.Row(node, 1, mayBeMissing: true);
            KeepsMissing |= graph.Constant(node.Input(1))!.HasMissing;
            return Add(node, 2, new Part.Replacement(node, values, OfInfinite: false));
        }

        if (graph.Maker(node.Input(0), "Greater") is { } greater && graph.Scalar(greater.Input(1)) == float.MaxValue
            && graph.Maker(greater.Input(0), "Abs") is { } magnitude && magnitude.Input(0) == of)
        {
            return Add(node, 2, new Part.Replacement(node, graph.Row(node, 1, mayBeMissing: true), OfInfinite: true));
        }

        throw node.Refuse("it does not put constants in the place of missing or infinite features");
    }

    private string Maxout(ImportedNode node)
    {
        if (graph.WorksAlong(node, isLast: false) && node.Integer("keepdims", 1) == 0
            && graph.Maker(node.Input(0), "Reshape") is { } pieces && pieces.Integer("allowzero", 0) == 0
            && graph.Constant(pieces.Input(1))?.Integers() is [0 or -1, > 0 and <= int.MaxValue and var count, > 0 and <= int.MaxValue and var units])
        {
            return Add(pieces, 0, new Part.Maximum(node, (int)count, (int)units));
        }

        throw node.Refuse("it does not take the largest of several sums for each unit");
    }

    /// <summary>What reshaping rows into rows, or into a list of numbers at the very end, is to be checked for.</summary>
    private Part.Rows RowsOf(ImportedNode node)
    {
        bool isEnd = _parts.Count == 0;
        IReadOnlyList<long>? shape = node.Inputs.Count > 1 ? graph.Constant(node.Inputs[1])?.Integers() : node.Attribute("axes")?.Integers;
        return (node.Name, shape) switch
        {
            ("Squeeze", [1 or -1]) when isEnd => new(node, 1, KeepsRows: true),
            ("Reshape", [-1]) when isEnd => new(node, 1, KeepsRows: false),
            ("Reshape", [0, -1]) when node.Integer("allowzero", 0) == 0 => new(node, null, KeepsRows: true),
            ("Reshape", [0, > 0 and <= int.MaxValue and var columns]) when node.Integer("allowzero", 0) == 0 => new(node, (int)columns, KeepsRows: true),
            ("Reshape", [-1, > 0 and <= int.MaxValue and var columns]) => new(node, (int)columns, KeepsRows: false),
            _ => throw node.Refuse("it does not keep the rows as they are"),
        };
    }

    /// <summary>
    /// The sum of what goes into a hidden layer and of what comes out. The former was made earlier; where both are the same, or it is not met on the way
    /// back through one layer, this is no residual connection.
    /// </summary>
    private string Residual(ImportedNode node)
    {
        if (node.Inputs is not [{ } left, { } right] || _isInResidual)
        {
            throw node.Refuse("it adds neither constants nor the input of a hidden layer to its output");
        }

        bool isSecond = graph.Place(right) > graph.Place(left);
        (string current, string kept) = isSecond ? (right, Through(left)) : (left, Through(right));
        _parts.Add(new Part.ResidualEnd(node));
        int last = _parts.Count + MostPartsOfLayer;
        _isInResidual = true;
        while (current != kept)
        {
            if (current == graph.Input.Name || graph.Place(current) < graph.Place(kept) || _parts.Count > last)
            {
                throw node.Refuse("it adds neither constants nor the input of a hidden layer to its output");
            }

            current = StepBack(current);
        }

        _isInResidual = false;
        _parts.Add(new Part.ResidualStart(node));
        return kept;
    }

    private static Activation ActivationOf(ImportedNode node)
    {
        try
        {
            return node.Name switch
            {
                "Relu" => Activation.Relu,
                "Tanh" => Activation.Tanh,
                "Sigmoid" => Activation.Sigmoid,
                "LeakyRelu" => Activation.LeakyRelu(node.Real("alpha", 0.01f)),
                "Elu" => Activation.Elu(node.Real("alpha", 1)),
                "Selu" when IsNear(node.Real("alpha", SeluActivation.Alpha), SeluActivation.Alpha)
                    && IsNear(node.Real("gamma", SeluActivation.Scale), SeluActivation.Scale) => Activation.Selu,
                "Mish" => Activation.Mish,
                "Gelu" when node.Attribute("approximate")?.Text is null or "none" => Activation.Gelu,
                "Softmax" or "LogSoftmax" => throw node.Refuse("only the end of a network can be one"),
                _ => throw node.Refuse("only dense layers, their activations and normalizations, one behind the other, can be read"),
            };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw node.Refuse(exception.Message);
        }
    }

    private static bool IsNear(float value, float expected) => MathF.Abs(value - expected) <= 2.5e-7f * expected;
}
