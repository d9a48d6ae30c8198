using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Layers one behind the other, with the workspace of their passes: every layer's output, and two gradients that are used in turn.</summary>
internal sealed class LayerChain
{
    private readonly Layer[] _layers;

    /// <summary>The rows of each layer's output for a row of the first one's input.</summary>
    private readonly int[] _rowsPerRow;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="layers">At least one; each has as many inputs as the one before has outputs.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="first">The number of layers at the beginning that are not run, and the input's gradient is not wanted; 0: all are run.</param>
    public LayerChain(Layer[] layers, int maximumRows, int? first = null)
    {
        _layers = layers;
        int rows = 1;
        _rowsPerRow = [.. layers.Select(layer => rows *= layer.RowsPerRow)];
        int[] lengths = [.. layers.Select((layer, i) => i < first ? 0 : checked(_rowsPerRow[i] * layer.OutputSize))];
        int widest = lengths.Max();
        _outputs = [.. lengths.Select(length => new AlignedBuffer(checked(maximumRows * length)))];
        _gradients = [new AlignedBuffer(checked(maximumRows * widest)), new AlignedBuffer(checked(maximumRows * widest))];
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>
    /// The activations [rows, units] of every hidden layer in the last pass, from the input to the output; those of shared members one behind the other.
    /// </summary>
    public IEnumerable<AlignedBuffer> Activations => _layers.SelectMany((layer, i) => layer.Activations(_outputs[i]));

    /// <summary>
    /// Runs the layers from number <paramref name="first"/> on, on the input [rows, inputs] of that one, and returns the last output [rows, outputs], valid
    /// until the next call.
    /// </summary>
    public MatrixSpan Forward(in Pass pass, ReadOnlyMatrixSpan input, int first = 0)
    {
        for (int i = first; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, i == first ? input : Output(i - 1, input.Rows), Output(i, input.Rows));
        }

        return Output(_layers.Length - 1, input.Rows);
    }

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the last output [rows, outputs].</summary>
    public MatrixSpan OutputGradient(int rows) => Gradient(_layers.Length, rows);

    /// <summary>
    /// Writes the gradients of the parameters of all layers from number <paramref name="first"/> on, and of that one's input if
    /// <paramref name="inputGradient"/> is not empty.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">The input [rows, inputs] of the first of all layers; if <paramref name="first"/> is a later one, only its rows count.</param>
    /// <param name="inputGradient">Receives the gradient of the input of layer number <paramref name="first"/>, or empty.</param>
    /// <param name="first">The last layer that has its turn.</param>
    public void Backward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan inputGradient, int first = 0)
    {
        for (int i = _layers.Length - 1; i >= first; i--)
        {
            MatrixSpan below = i > first ? Gradient(i, input.Rows) : inputGradient;
            _layers[i].Backward(pass, i == 0 ? input : Output(i - 1, input.Rows), Output(i, input.Rows), Gradient(i + 1, input.Rows), below);
        }
    }

    /// <summary>
    /// A part of <see cref="Backward"/>: writes the gradients of the parameters of some layers, behind those of
    /// all layers above. What layers below need of it has its turn only when theirs begins.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">The input [rows, inputs] of the first of all layers.</param>
    /// <param name="slice">The layers.</param>
    public void BackwardSlice(in Pass pass, ReadOnlyMatrixSpan input, GradientSlice slice)
    {
        int rows = input.Rows;
        for (int i = slice.EndLayer - 1; i >= slice.FirstLayer; i--)
        {
            if (i + 1 < _layers.Length)
            {
                _layers[i + 1].BackwardInput(pass, Gradient(i + 2, rows), Gradient(i + 1, rows));
            }

            MatrixSpan below = i > slice.FirstLayer || !slice.IsLast ? Gradient(i, rows) : default;
            _layers[i].BackwardParameters(pass, i == 0 ? input : Output(i - 1, rows), Output(i, rows), Gradient(i + 1, rows), below);
        }
    }

    /// <summary>The output [rows, units] of a layer in the last pass, for so many rows of the input.</summary>
    public MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows * _rowsPerRow[layer], _layers[layer].OutputSize);

    /// <summary>The gradient of the input of layer number <paramref name="level"/>, behind the last one that of the output; two buffers in turn.</summary>
    public MatrixSpan Gradient(int level, int rows) =>
        level == 0 ? _gradients[0].AsMatrix(rows, _layers[0].InputSize)
            : _gradients[level % 2].AsMatrix(rows * _rowsPerRow[level - 1], _layers[level - 1].OutputSize);

    /// <summary>Adds the layers, as they behave when scoring, to <paramref name="plan"/>.</summary>
    public void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        foreach (Layer layer in _layers)
        {
            layer.AppendTo(plan, parameters);
        }
    }
}
