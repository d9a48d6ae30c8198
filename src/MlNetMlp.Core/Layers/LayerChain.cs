using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Layers one behind the other, with the workspace of their passes: every layer's output, and two gradients that are used in turn.</summary>
internal sealed class LayerChain
{
    private readonly Layer[] _layers;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="layers">At least one; each has as many inputs as the one before has outputs.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    public LayerChain(Layer[] layers, int maximumRows)
    {
        _layers = layers;
        int widest = Math.Max(layers[0].InputSize, layers.Max(layer => layer.OutputSize));
        _outputs = [.. layers.Select(layer => new AlignedBuffer(checked(maximumRows * layer.OutputSize)))];
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
    public MatrixSpan Forward(in Pass pass, ReadOnlyMatrixSpan input)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, Input(i, input), Output(i, input.Rows));
        }

        return Output(_layers.Length - 1, input.Rows);
    }

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the last output [rows, outputs].</summary>
    public MatrixSpan OutputGradient(int rows) => Gradient(_layers.Length, rows, _layers[^1].OutputSize);

    /// <summary>Writes the gradients of the parameters of all layers from number <paramref name="first"/> on, and of that one's input if <paramref name="inputGradient"/> is not empty.</summary>
    public void Backward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan inputGradient, int first = 0)
    {
        for (int i = _layers.Length - 1; i >= first; i--)
        {
            Layer layer = _layers[i];
            MatrixSpan below = i > first ? Gradient(i, input.Rows, layer.InputSize) : inputGradient;
            layer.Backward(pass, Input(i, input), Output(i, input.Rows), Gradient(i + 1, input.Rows, layer.OutputSize), below);
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

    private ReadOnlyMatrixSpan Input(int layer, ReadOnlyMatrixSpan first) => layer == 0 ? first : Output(layer - 1, first.Rows);

    private MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows, _layers[layer].OutputSize);

    /// <summary>The gradient below layer number <paramref name="level"/>: two buffers, used in turn.</summary>
    private MatrixSpan Gradient(int level, int rows, int columns) => _gradients[level % 2].AsMatrix(rows, columns);
}
