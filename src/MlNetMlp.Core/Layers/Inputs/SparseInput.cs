using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Sparse rows enter the first layer with weights for all inputs; what is in front of it, categories and dropout of the inputs if there are any, is done
/// here.
/// </summary>
/// <remarks>
/// Nothing is ever computed for a feature that no row of a batch has: its weights are not read, and their gradients are zero without being
/// written.
/// </remarks>
/// <param name="chain">The layers.</param>
/// <param name="number">The number of <paramref name="layer"/> in the chain.</param>
/// <param name="layer">The first layer that learns, but for <paramref name="categories"/>; one with <see cref="Layer.SparseWeights"/>.</param>
/// <param name="categories">What is made of categories; null: they are features like any other.</param>
/// <param name="dropout">What training drops of the inputs; null: nothing.</param>
/// <param name="maximumRows">The largest block of rows.</param>
internal sealed class SparseInput(LayerChain chain, int number, Layer layer, CategoryLayer? categories, UnitDropout? dropout, int maximumRows) : InputBlock
{
    private readonly SparseDropout? _dropout = dropout is null ? null : new(dropout, layer.InputSize);
    private readonly ActiveFeatures _active = new(layer.InputSize);
    private readonly AlignedBuffer _vectorGradient = new(checked(maximumRows * (categories?.VectorColumns ?? 0)));
    private SparseFeatures? _kept;

    public override MatrixSpan Forward(in Pass pass, RowBatch batch)
    {
        SparseFeatures rows = categories?.Encode(pass, batch.SparseFeatures) ?? batch.SparseFeatures;
        _kept = _dropout?.Apply(pass, rows) ?? rows;
        MatrixSpan output = chain.Output(number, batch.Count);
        layer.ForwardSparse(pass, _kept.Matrix, output);
        return chain.Forward(pass, output, number + 1);
    }

    /// <summary>Says which of the layer's weights, and of the vectors of categories, are active, too. Sparse features have no gradient.</summary>
    public override void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient)
    {
        MatrixSpan output = chain.Output(number, batch.Count), gradient = chain.Gradient(number + 1, batch.Count);
        chain.Backward(pass, output, gradient, number + 1);
        _active.Read(_kept!.Matrix);
        ActiveRows active = pass.Parameters.ActiveRows!;
        active.Begin(pass.Parameters.Gradients.Span);
        active.Add(layer.SparseWeights!, _active.Features);
        layer.BackwardSparse(pass, _active.Matrix, _active.Features, output, gradient);
        if (categories is { VectorColumns: > 0 and int columns })
        {
            MatrixSpan vectors = _vectorGradient.AsMatrix(batch.Count, columns);
            layer.DifferentiateLastInputs(pass, gradient, vectors);
            _dropout?.Mask(pass, vectors);
            categories.BackwardSparse(pass, batch.SparseFeatures, vectors);
        }
    }
}
