namespace MlNetMlp;

/// <summary>A graph of operators of ONNX under construction, in an order in which every value is made before it is used. It knows nothing of files.</summary>
internal sealed class Graph
{
    /// <summary>The lowest version of the standard operators that has all that are used here, of ONNX 1.4: the first with Erf, IsNaN and Where.</summary>
    public const int OperatorSetVersion = 9;

    /// <summary>The name of the one input, [rows, features].</summary>
    public const string Input = "features";

    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphConstant<float>> _reals = [];
    private readonly List<GraphConstant<long>> _integers = [];
    private readonly List<GraphOutput> _outputs = [];

    public IReadOnlyList<GraphNode> Nodes => _nodes;

    public IReadOnlyList<GraphConstant<float>> Reals => _reals;

    public IReadOnlyList<GraphConstant<long>> Integers => _integers;

    public IReadOnlyList<GraphOutput> Outputs => _outputs;

    /// <summary>Adds a row vector [1, values], which takes part in every row, and returns its name.</summary>
    public string Row(string name, ReadOnlySpan<float> values) => Matrix(name, values.ToArray(), 1, values.Length);

    /// <summary>Adds a matrix and returns its name.</summary>
    public string Matrix(string name, float[] values, int rows, int columns) => Tensor(name, values, rows, columns);

    /// <summary>Adds a tensor of any shape and returns its name.</summary>
    public string Tensor(string name, float[] values, params long[] shape)
    {
        string unique = Unique(name);
        _reals.Add(new(unique, values, shape));
        return unique;
    }

    /// <summary>Adds a single number and returns its name.</summary>
    public string Scalar(string name, float value)
    {
        string unique = Unique(name);
        _reals.Add(new(unique, [value], [1]));
        return unique;
    }

    /// <summary>Adds a list of whole numbers and returns its name.</summary>
    public string List(string name, params long[] values)
    {
        string unique = Unique(name);
        _integers.Add(new(unique, values, [values.Length]));
        return unique;
    }

    /// <summary>Adds an operator with one input and returns the name of its result.</summary>
    public string Apply(string op, string input, params GraphAttribute[] attributes) => Apply(op, [input], attributes);

    /// <summary>Adds an operator with two inputs and returns the name of its result.</summary>
    public string Apply(string op, string left, string right, params GraphAttribute[] attributes) => Apply(op, [left, right], attributes);

    /// <summary>Adds an operator and returns the name of its result.</summary>
    public string Apply(string op, IReadOnlyList<string> inputs, params GraphAttribute[] attributes)
    {
        string output = Unique(op);
        _nodes.Add(new(op, inputs, output, attributes));
        return output;
    }

    /// <summary>Adds an operator whose result is an output of the graph, under the output's name, which it returns.</summary>
    public string Give(GraphOutput output, string op, IReadOnlyList<string> inputs, params GraphAttribute[] attributes)
    {
        _nodes.Add(new(op, inputs, output.Name, attributes));
        _outputs.Add(output);
        return output.Name;
    }

    /// <summary>Names end in the number of things that were named before, so they are unique and the same every time.</summary>
    private string Unique(string name) => $"{name}_{_nodes.Count + _reals.Count + _integers.Count}";
}
