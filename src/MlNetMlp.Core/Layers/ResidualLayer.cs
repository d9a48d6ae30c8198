using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Some layers with a connection around them: <c>Y = F(X) + X</c>, so the gradient reaches X unhindered besides its way through F.</summary>
/// <remarks>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016. Here without an activation behind the sum.</remarks>
internal sealed class ResidualLayer : Layer
{
    private readonly Layer[] _layers;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="layers">F, from input to output; the last one's outputs are as many as the first one's inputs.</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public ResidualLayer(Layer[] layers, int maximumRows)
        : base(layers[0].InputSize, layers[^1].OutputSize)
    {
        _layers = layers;
        int widest = layers.Max(layer => layer.OutputSize);
        _outputs = [.. layers.Select(layer => new AlignedBuffer(checked(maximumRows * layer.OutputSize)))];
        _gradients = [new AlignedBuffer(checked(maximumRows * widest)), new AlignedBuffer(checked(maximumRows * widest))];
    }

    /// <summary>The layers of F.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    public override void Initialize(ParameterVector parameters, SeededRandom random)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Initialize(parameters, random.At(i));
        }
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(pass, i == 0 ? input : Output(i - 1, input.Rows), Output(i, input.Rows));
        }

        TensorPrimitives.Add(Output(_layers.Length - 1, input.Rows).Values, input.Values, output.Values);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        // A layer may overwrite its output's gradient; the way around F needs it untouched.
        int rows = input.Rows;
        outputGradient.Values.CopyTo(Gradient(_layers.Length, rows, OutputSize).Values);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            Layer layer = _layers[i];
            MatrixSpan below = i > 0 ? Gradient(i, rows, layer.InputSize) : inputGradient;
            layer.Backward(pass, i == 0 ? input : Output(i - 1, rows), Output(i, rows), Gradient(i + 1, rows, layer.OutputSize), below);
        }

        if (inputGradient.Rows > 0)
        {
            TensorPrimitives.Add(inputGradient.Values, outputGradient.Values, inputGradient.Values);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        plan.BeginResidual();
        foreach (Layer layer in _layers)
        {
            layer.AppendTo(plan, parameters);
        }

        plan.EndResidual();
    }

    private MatrixSpan Output(int layer, int rows) => _outputs[layer].AsMatrix(rows, _layers[layer].OutputSize);

    private MatrixSpan Gradient(int level, int rows, int columns) => _gradients[level % 2].AsMatrix(rows, columns);
}
