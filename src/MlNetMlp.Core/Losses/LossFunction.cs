namespace MlNetMlp;

/// <summary>A loss of one row, for <see cref="RegressionLoss.Custom"/>, <see cref="BinaryLoss.Custom"/> and <see cref="MulticlassLoss.Custom"/>.</summary>
/// <remarks>A function of its arguments alone. <see cref="Diagnostics.GradientCheck"/> compares the gradient with differences of the loss.</remarks>
/// <param name="outputs">The outputs of the network, before any softmax or sigmoid.</param>
/// <param name="targets">The values to be predicted; of two classes, 0 or 1; of more, the index of the class.</param>
/// <param name="gradient">As many as outputs; receives the derivatives of the loss by each.</param>
/// <returns>The loss, in double precision.</returns>
public delegate double LossFunction(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient);
