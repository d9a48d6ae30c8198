using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The way of sparse rows into a network: dropout of the inputs, if there is any, and the first layer that learns.</summary>
/// <remarks>
/// Nothing is ever computed for a feature that no row of a block has: its weights are not read, and their gradients are zero without being
/// written.
/// </remarks>
/// <param name="layer">The first layer that learns, one with <see cref="Layer.SparseWeights"/>.</param>
/// <param name="dropout">What training drops of the inputs; null: nothing.</param>
internal sealed class SparseInput(Layer layer, UnitDropout? dropout)
{
    private readonly SparseDropout? _dropout = dropout is null ? null : new(dropout, layer.InputSize);
    private readonly ActiveFeatures _active = new(layer.InputSize);
    private SparseFeatures? _kept;

    public void Forward(in Pass pass, SparseFeatures input, MatrixSpan output)
    {
        _kept = _dropout?.Apply(pass, input) ?? input;
        layer.ForwardSparse(pass, _kept.Matrix, output);
    }

    /// <summary>Writes the gradients of the layer and says which of its weights are active; to be called after <see cref="Forward"/>.</summary>
    public void Backward(in Pass pass, ReadOnlyMatrixSpan output, MatrixSpan outputGradient)
    {
        _active.Read(_kept!.Matrix);
        pass.Parameters.ActiveRows!.Begin(_active.Features, pass.Parameters.Gradients.Span);
        layer.BackwardSparse(pass, _active.Matrix, _active.Features, output, outputGradient);
    }
}
