using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Some layers with a connection around them: <c>Y = F(X) + X</c>, so the gradient reaches X unhindered besides its way through F.</summary>
/// <remarks>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016. Here without an activation behind the sum.</remarks>
internal sealed class ResidualLayer : Layer
{
    private readonly LayerChain _chain;

    /// <param name="layers">F, from input to output; the last one's outputs are as many as the first one's inputs.</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public ResidualLayer(Layer[] layers, int maximumRows)
        : base(layers[0].InputSize, layers[^1].OutputSize) => _chain = new LayerChain(layers, maximumRows);

    public override bool Learns => _chain.Layers.Any(layer => layer.Learns);

    /// <summary>The layers of F.</summary>
    public override IEnumerable<Layer> Parts => _chain.Layers;

    public override IEnumerable<AlignedBuffer> Activations(AlignedBuffer output) => _chain.Activations;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output) =>
        TensorPrimitives.Add(_chain.Forward(pass, input).Values, input.Values, output.Values);

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        // A layer may overwrite its output's gradient; the way around F needs it untouched.
        outputGradient.Values.CopyTo(_chain.OutputGradient(input.Rows).Values);
        _chain.Backward(pass, input, inputGradient);
        if (inputGradient.Rows > 0)
        {
            TensorPrimitives.Add(inputGradient.Values, outputGradient.Values, inputGradient.Values);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        plan.BeginResidual();
        _chain.AppendTo(plan, parameters);
        plan.EndResidual();
    }
}
