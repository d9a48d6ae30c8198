using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Dense rows are the matrix that the first layer sees.</summary>
/// <param name="chain">The layers.</param>
/// <param name="firstLearned">The number of the first layer that learns: below it, gradients serve nobody but a caller that asks for the input's.</param>
internal sealed class DenseInput(LayerChain chain, int firstLearned) : InputBlock
{
    public override MatrixSpan Forward(in Pass pass, RowBatch batch) => chain.Forward(pass, batch.FeatureMatrix);

    public override void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient)
    {
        bool isWanted = inputGradient.Rows > 0;
        chain.Backward(pass with { LeavesFeaturesOut = !isWanted }, batch.FeatureMatrix, inputGradient, isWanted ? 0 : firstLearned);
    }
}
