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

    /// <summary>How many blocks of rows, each as long as the input, the output has, one behind the other. Default 1.</summary>
    public virtual int RowsPerRow => 1;

    /// <summary>Whether the outputs are the activations of a hidden layer, as they are before noise and dropout.</summary>
    public bool EndsHiddenLayer { get; set; }

    /// <summary>
    /// Whether gradients have any use here: false for layers without parameters. Below the first layer that learns, nobody needs them. True is
    /// always right, and the default.
    /// </summary>
    public virtual bool Learns => true;

    /// <summary>This layer, or the layers that it consists of.</summary>
    public virtual IEnumerable<Layer> Parts => [this];

    /// <summary>What the layer adds to the sum of the losses of the last pass; 0 if that was no training. Default 0.</summary>
    public virtual double Penalty => 0;

    /// <summary>Whether statistics for scoring come from a pass of their own over the training rows. Default false.</summary>
    public virtual bool CollectsStatistics => false;

    /// <summary>Whether they can be, also where <see cref="CollectsStatistics"/> is false. Default false.</summary>
    public virtual bool CanCollectStatistics => false;

    /// <summary>The weights of a layer that takes sparse rows, [features, units]; null, the default, for layers that need dense ones.</summary>
    public virtual Parameter? SparseWeights => null;

    /// <summary>
    /// Computes <paramref name="output"/> [rows <see cref="RowsPerRow"/>, <see cref="OutputSize"/>] from <paramref name="input"/> [rows,
    /// <see cref="InputSize"/>].
    /// </summary>
    public abstract void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output);

    /// <summary>Writes the gradients of the layer's parameters and, unless <paramref name="inputGradient"/> is empty, of its input.</summary>
    /// <param name="pass">The pass of the <see cref="Forward"/> call that this belongs to.</param>
    /// <param name="input">What <see cref="Forward"/> was given.</param>
    /// <param name="output">What <see cref="Forward"/> returned.</param>
    /// <param name="outputGradient">[rows <see cref="RowsPerRow"/>, <see cref="OutputSize"/>]; the layer may overwrite it.</param>
    /// <param name="inputGradient">[rows, <see cref="InputSize"/>], or empty if nobody needs it.</param>
    public abstract void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient);

    /// <summary>
    /// The part of <see cref="Backward"/> after which the gradients of the parameters are final. What it leaves out, <see cref="BackwardInput"/> does.
    /// Default: all of it.
    /// </summary>
    public virtual void BackwardParameters(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient) =>
        Backward(pass, input, output, outputGradient, inputGradient);

    /// <summary>Writes the gradient of the input, if <see cref="BackwardParameters"/> has left it out. Default: it has not.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="outputGradient">What <see cref="BackwardParameters"/> has left of it.</param>
    /// <param name="inputGradient">[rows, <see cref="InputSize"/>].</param>
    public virtual void BackwardInput(in Pass pass, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
    }

    /// <summary>The same for sparse rows, for layers with <see cref="SparseWeights"/>.</summary>
    /// <exception cref="NotSupportedException">The layer needs dense rows.</exception>
    public virtual void ForwardSparse(in Pass pass, SparseSpan input, MatrixSpan output) => throw NeedsDenseRows();

    /// <summary>Writes the gradients of the parameters after a pass over sparse rows; of the weights, only those of active features.</summary>
    /// <param name="pass">The pass of the call of <see cref="ForwardSparse"/> that this belongs to.</param>
    /// <param name="input">[active features, rows]: the transpose of the block of rows, without its empty rows.</param>
    /// <param name="features">The active features.</param>
    /// <param name="output">What <see cref="ForwardSparse"/> returned.</param>
    /// <param name="outputGradient">[rows, <see cref="OutputSize"/>]; the layer may overwrite it.</param>
    /// <exception cref="NotSupportedException">The layer needs dense rows.</exception>
    public virtual void BackwardSparse(in Pass pass, SparseSpan input, ReadOnlySpan<int> features, ReadOnlyMatrixSpan output, MatrixSpan outputGradient) =>
        throw NeedsDenseRows();

    /// <summary>The gradient of the last inputs, of dense rows or sparse ones, for layers with <see cref="SparseWeights"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="outputGradient">What the backward step has left of it: the gradient of the sums.</param>
    /// <param name="inputGradient">[rows, columns]: overwritten with that of as many inputs, the last ones.</param>
    /// <exception cref="NotSupportedException">The layer needs dense rows.</exception>
    public virtual void DifferentiateLastInputs(in Pass pass, ReadOnlyMatrixSpan outputGradient, MatrixSpan inputGradient) => throw NeedsDenseRows();

    /// <summary>Takes from its schedules what holds at a moment of the training. Default: it has none.</summary>
    public virtual void At(in ScheduleMoment moment)
    {
    }

    /// <summary>Forgets what was collected, before a pass in <see cref="PassMode.Collecting"/> over the training rows.</summary>
    public virtual void StartCollecting()
    {
    }

    /// <summary>Stores what was collected as the statistics for scoring.</summary>
    public virtual void StoreCollected(ParameterVector parameters)
    {
    }

    /// <summary>The activations of hidden layers [rows, units] among the layer's outputs, see <see cref="EndsHiddenLayer"/>.</summary>
    /// <param name="output">The buffer of the outputs.</param>
    public virtual IEnumerable<AlignedBuffer> Activations(AlignedBuffer output) => EndsHiddenLayer ? [output] : [];

    /// <summary>Folds the layer, as it behaves when scoring, into the affine map in front of it or appends a step.</summary>
    public abstract void AppendTo(ScoringPlan plan, ParameterVector parameters);

    private NotSupportedException NeedsDenseRows() => new($"{GetType().Name} needs dense rows.");
}
