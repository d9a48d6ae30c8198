using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Sparse rows enter the first layer that learns; what is in front of it, dropout of the inputs if there is any, is done here.</summary>
/// <remarks>
/// Nothing is ever computed for a feature that no row of a batch has: its weights are not read, and their gradients are zero without being
/// written.
/// </remarks>
/// <param name="chain">The layers.</param>
/// <param name="number">The number of <paramref name="layer"/> in the chain.</param>
/// <param name="layer">The first layer that learns, one with <see cref="Layer.SparseWeights"/>.</param>
/// <param name="dropout">What training drops of the inputs; null: nothing.</param>
internal sealed class SparseInput(LayerChain chain, int number, Layer layer, UnitDropout? dropout) : InputBlock
{
    private readonly SparseDropout? _dropout = dropout is null ? null : new(dropout, layer.InputSize);
    private readonly ActiveFeatures _active = new(layer.InputSize);
    private SparseFeatures? _kept;

    public override MatrixSpan Forward(in Pass pass, RowBatch batch)
    {
        _kept = _dropout?.Apply(pass, batch.SparseFeatures) ?? batch.SparseFeatures;
        MatrixSpan output = chain.Output(number, batch.Count);
        layer.ForwardSparse(pass, _kept.Matrix, output);
        return chain.Forward(pass, output, number + 1);
    }

    /// <summary>Says which of the layer's weights are active, too. Sparse features have no gradient.</summary>
    public override void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient)
    {
        MatrixSpan output = chain.Output(number, batch.Count), gradient = chain.Gradient(number + 1, batch.Count);
        chain.Backward(pass, output, gradient, number + 1);
        _active.Read(_kept!.Matrix);
        pass.Parameters.ActiveRows!.Begin(_active.Features, pass.Parameters.Gradients.Span);
        layer.BackwardSparse(pass, _active.Matrix, _active.Features, output, gradient);
    }
}
