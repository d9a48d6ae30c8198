using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A network that can be trained: its layers, its parameters in one vector, and the workspace of its passes. Used by one thread.</summary>
internal sealed class MlpNetwork
{
    private readonly Layer[] _layers;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;
    private readonly int _firstLearned;

    /// <param name="architecture">The shape.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    public MlpNetwork(MlpArchitecture architecture, int maximumRows)
    {
        Architecture = architecture;
        MaximumRows = maximumRows;
        var layout = new ParameterLayout();
        _layers = [.. LayerSequence.Build(architecture, maximumRows, layout)];
        _firstLearned = Array.FindIndex(_layers, layer => layer is not (DropoutLayer or NoiseLayer));
        Parameters = new ParameterVector(layout);

        int widest = Math.Max(architecture.InputSize, _layers.Max(layer => layer.OutputSize));
        _outputs = [.. _layers.Select(layer => new AlignedBuffer(checked(maximumRows * layer.OutputSize)))];
        _gradients = [new AlignedBuffer(checked(maximumRows * widest)), new AlignedBuffer(checked(maximumRows * widest))];
    }

    public MlpArchitecture Architecture { get; }

    public int MaximumRows { get; }

    public ParameterVector Parameters { get; }

    /// <summary>The layers whose statistics for scoring are collected by a pass of their own.</summary>
    public IEnumerable<BatchNormalizationLayer> CollectingLayers => _layers
        .SelectMany(layer => layer is ResidualLayer block ? block.Layers : [layer])
        .OfType<BatchNormalizationLayer>()
        .Where(layer => layer.CollectsStatistics);

    /// <summary>Writes the starting values of all parameters; layer number i draws from <c>random.At(i)</c>.</summary>
    public void Initialize(SeededRandom random)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Initialize(Parameters, random.At(i));
        }
    }

    /// <summary>Runs the network on <paramref name="input"/> [rows, inputs] and returns the logits [rows, outputs], valid until the next call.</summary>
    public MatrixSpan Forward(in Pass pass, ReadOnlyMatrixSpan input)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, i == 0 ? input : Output(i - 1, input.Rows), Output(i, input.Rows));
        }

        return Output(_layers.Length - 1, input.Rows);
    }

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the logits [rows, outputs].</summary>
    public MatrixSpan LogitGradient(int rows) => Gradient(_layers.Length, rows, Architecture.OutputSize);

    /// <summary>Writes the gradients of all parameters, and of the input if <paramref name="inputGradient"/> [rows, inputs] is given.</summary>
    public void Backward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan inputGradient = default)
    {
        // Below the first layer that learns anything, gradients serve nobody but a caller that asks for the input's.
        bool wholeWay = inputGradient.Rows > 0;
        int last = wholeWay ? 0 : _firstLearned;
        for (int i = _layers.Length - 1; i >= last; i--)
        {
            Layer layer = _layers[i];
            MatrixSpan below = i > last ? Gradient(i, input.Rows, layer.InputSize) : inputGradient;
            layer.Backward(pass, i == 0 ? input : Output(i - 1, input.Rows), Output(i, input.Rows), Gradient(i + 1, input.Rows, layer.OutputSize), below);
        }
    }

    /// <summary>The network as it scores, with the constant maps folded.</summary>
    public ScoringPlan Plan()
    {
        var plan = new ScoringPlan();
        foreach (Layer layer in _layers)
        {
            layer.AppendTo(plan, Parameters);
        }

        return plan;
    }

    private MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows, _layers[layer].OutputSize);

    /// <summary>The gradient below layer number <paramref name="level"/>: two buffers, used in turn.</summary>
    private MatrixSpan Gradient(int level, int rows, int columns) => _gradients[level % 2].AsMatrix(rows, columns);
}
