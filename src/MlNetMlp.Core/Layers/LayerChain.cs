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
    /// <param name="first">The first layer that is ever run, by its place in <paramref name="layers"/>: those before it need no memory.</param>
    public LayerChain(Layer[] layers, int maximumRows, int first = 0)
    {
        _layers = layers;
        int widest = layers[first..].Max(layer => layer.OutputSize);
        _outputs = [.. layers.Select((layer, i) => new AlignedBuffer(i < first ? 0 : checked(maximumRows * layer.OutputSize)))];
        _gradients = [new AlignedBuffer(checked(maximumRows * widest)), new AlignedBuffer(checked(maximumRows * widest))];
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The activations [rows, units] of every hidden layer in the last pass, from the input to the output.</summary>
    public IEnumerable<AlignedBuffer> Activations => _layers.SelectMany((layer, i) => layer.Activations(_outputs[i]));

    /// <summary>Runs the layers from number <paramref name="first"/> on and returns the last output [rows, outputs], valid until the next call.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">[rows, inputs] of the chain; only the number of rows is used where <paramref name="first"/> is not 0.</param>
    /// <param name="first">The first layer to run; <see cref="Output"/> of the one before it is its input.</param>
    public MatrixSpan Forward(in Pass pass, ReadOnlyMatrixSpan input, int first = 0)
    {
        for (int i = first; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, Input(i, input), Output(i, input.Rows));
        }

        return Output(_layers.Length - 1, input.Rows);
    }

    /// <summary>The output [rows, units] of layer number <paramref name="layer"/>.</summary>
    public MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows, _layers[layer].OutputSize);

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the last output [rows, outputs].</summary>
    public MatrixSpan OutputGradient(int rows) => OutputGradient(_layers.Length - 1, rows);

    /// <summary>The gradient of <see cref="Output"/>: two buffers, used in turn.</summary>
    public MatrixSpan OutputGradient(int layer, int rows) => _gradients[layer % 2].AsMatrix(rows, _layers[layer].OutputSize);

    /// <summary>
    /// Writes the gradients of the parameters of all layers from number <paramref name="first"/> on, and of that one's input if
    /// <paramref name="inputGradient"/> is not empty.
    /// </summary>
    public void Backward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan inputGradient, int first = 0)
    {
        for (int i = _layers.Length - 1; i >= first; i--)
        {
            MatrixSpan below = i > first ? OutputGradient(i - 1, input.Rows) : inputGradient;
            _layers[i].Backward(pass, Input(i, input), Output(i, input.Rows), OutputGradient(i, input.Rows), below);
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
}
