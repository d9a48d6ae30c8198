using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Layers one behind the other, with the workspace of their passes: every layer's output, and two gradients that are used in turn.</summary>
internal sealed class LayerChain
{
    private readonly Layer[] _layers;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;
    private readonly SparseInput? _sparse;

    /// <param name="layers">At least one; each has as many inputs as the one before has outputs.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="sparse">What takes in the rows if they are sparse: then there is no room for dense ones. Null: they are dense.</param>
    public LayerChain(Layer[] layers, int maximumRows, SparseInput? sparse = null)
    {
        _layers = layers;
        _sparse = sparse;
        int first = sparse?.Number ?? 0;
        int widest = Math.Max(sparse is null ? layers[0].InputSize : 1, layers[first..].Max(layer => layer.OutputSize));
        _outputs = [.. layers.Select((layer, i) => new AlignedBuffer(i < first ? 0 : checked(maximumRows * layer.OutputSize)))];
        _gradients = [new AlignedBuffer(checked(maximumRows * widest)), new AlignedBuffer(checked(maximumRows * widest))];
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The activations [rows, units] of every hidden layer in the last pass, from the input to the output.</summary>
    public IEnumerable<AlignedBuffer> Activations => _layers.SelectMany((layer, i) =>
        layer is ResidualLayer block ? block.Activations : layer.EndsHiddenLayer ? [_outputs[i]] : Array.Empty<AlignedBuffer>());

    /// <summary>Writes the starting values of all parameters; layer number i draws from <c>random.At(i)</c>.</summary>
    public void Initialize(ParameterVector parameters, SeededRandom random)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Initialize(parameters, random.At(i));
        }
    }

    /// <summary>Runs the layers on <paramref name="input"/> [rows, inputs] and returns the last output [rows, outputs], valid until the next call.</summary>
    public MatrixSpan Forward(in Pass pass, NetworkInput input)
    {
        int first = 0;
        if (input.Sparse is { } rows)
        {
            first = _sparse!.Number;
            _sparse.Forward(pass, rows, Output(first++, rows.Rows));
        }

        for (int i = first; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, Input(i, input), Output(i, input.Rows));
        }

        return Output(_layers.Length - 1, input.Rows);
    }

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the last output [rows, outputs].</summary>
    public MatrixSpan OutputGradient(int rows) => Gradient(_layers.Length, rows, _layers[^1].OutputSize);

    /// <summary>
    /// Writes the gradients of the parameters of all layers from number <paramref name="first"/> on, and of that one's input if
    /// <paramref name="inputGradient"/> is not empty.
    /// </summary>
    /// <remarks>The input of sparse rows has no gradient, and the first layer that learns is where they come in.</remarks>
    public void Backward(in Pass pass, NetworkInput input, MatrixSpan inputGradient, int first = 0)
    {
        bool isSparse = input.Sparse is not null;
        for (int i = _layers.Length - 1; i >= (isSparse ? first + 1 : first); i--)
        {
            Layer layer = _layers[i];
            MatrixSpan below = i > first ? Gradient(i, input.Rows, layer.InputSize) : inputGradient;
            layer.Backward(pass, Input(i, input), Output(i, input.Rows), Gradient(i + 1, input.Rows, layer.OutputSize), below);
        }

        if (isSparse)
        {
            _sparse!.Backward(pass, Output(first, input.Rows), Gradient(first + 1, input.Rows, _layers[first].OutputSize));
        }
    }

    /// <summary>Adds the layers, as they behave when scoring, to <paramref name="plan"/>.</summary>
    public void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        foreach (Layer layer in _layers)
        {
            layer.AppendTo(plan, parameters);
        }
    }

    private ReadOnlyMatrixSpan Input(int layer, NetworkInput first) => layer == 0 ? first.Dense : Output(layer - 1, first.Rows);

    private MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows, _layers[layer].OutputSize);

    /// <summary>The gradient below layer number <paramref name="level"/>: two buffers, used in turn.</summary>
    private MatrixSpan Gradient(int level, int rows, int columns) => _gradients[level % 2].AsMatrix(rows, columns);
}
