using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One step of the network's computation on a block of rows, forward and backward.</summary>
/// <remarks>
/// A layer describes its parameters to the <see cref="ParameterLayout"/> when it is built and finds their values in the
/// <see cref="Pass"/> it is given; it owns only the buffers that its backward step needs from its forward step. Inputs and outputs
/// live in the network's workspace.
/// </remarks>
internal abstract class Layer(int inputSize, int outputSize)
{
    public int InputSize { get; } = inputSize;

    public int OutputSize { get; } = outputSize;

    /// <summary>Whether the outputs are the activations of a hidden layer, as they are before noise and dropout.</summary>
    public bool EndsHiddenLayer { get; set; }

    /// <summary>Writes the starting values of the layer's parameters and statistics.</summary>
    public virtual void Initialize(ParameterVector parameters, SeededRandom random)
    {
    }

    /// <summary>Computes <paramref name="output"/> [rows, <see cref="OutputSize"/>] from <paramref name="input"/> [rows, <see cref="InputSize"/>].</summary>
    public abstract void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output);

    /// <summary>Writes the gradients of the layer's parameters and, unless <paramref name="inputGradient"/> is empty, of its input.</summary>
    /// <param name="pass">The pass of the <see cref="Forward"/> call that this belongs to.</param>
    /// <param name="input">What <see cref="Forward"/> was given.</param>
    /// <param name="output">What <see cref="Forward"/> returned.</param>
    /// <param name="outputGradient">[rows, <see cref="OutputSize"/>]; the layer may overwrite it.</param>
    /// <param name="inputGradient">[rows, <see cref="InputSize"/>], or empty if nobody needs it.</param>
    public abstract void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient);

    /// <summary>Folds the layer, as it behaves when scoring, into the affine map in front of it or appends a step.</summary>
    public abstract void AppendTo(ScoringPlan plan, ParameterVector parameters);
}
