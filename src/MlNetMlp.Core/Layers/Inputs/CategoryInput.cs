using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Sparse rows whose categories are embedded and leave few columns: behind them, rows are dense.</summary>
/// <param name="chain">The layers.</param>
/// <param name="categories">The first of them, with vectors.</param>
internal sealed class CategoryInput(LayerChain chain, CategoryLayer categories) : InputBlock
{
    public override MatrixSpan Forward(in Pass pass, RowBatch batch)
    {
        MatrixSpan columns = chain.Output(0, batch.Count);
        categories.Encode(pass, batch.SparseFeatures).CopyTo(columns, 0);
        return chain.Forward(pass, columns, 1);
    }

    /// <summary>Says which of the vectors are active, too. Sparse features have no gradient.</summary>
    public override void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient)
    {
        MatrixSpan columns = chain.Output(0, batch.Count), gradient = chain.Gradient(1, batch.Count);
        chain.Backward(pass with { LeavesFeaturesOut = true }, columns, gradient, 1);
        pass.Parameters.ActiveRows!.Begin(pass.Parameters.Gradients.Span);
        categories.BackwardSparse(pass, batch.SparseFeatures, gradient);
    }
}
