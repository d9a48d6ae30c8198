using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The way of a batch of rows into the layers of a network.</summary>
internal abstract class InputBlock
{
    /// <summary>Runs the layers on the features of <paramref name="batch"/> and returns the last output [rows, outputs], valid until the next call.</summary>
    public abstract MatrixSpan Forward(in Pass pass, RowBatch batch);

    /// <summary>
    /// Writes the gradients of all parameters, and of the features if <paramref name="inputGradient"/> is not empty; to be called after
    /// <see cref="Forward"/> for the same batch.
    /// </summary>
    public abstract void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient);
}
