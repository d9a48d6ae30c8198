namespace MlNetMlp.Diagnostics;

/// <summary>What a gradient check found for one parameter.</summary>
/// <param name="Name">The parameter, for example <c>Hidden2.Weights</c>.</param>
/// <param name="Rows">The rows of its matrix: the inputs of a weight matrix, 1 for biases.</param>
/// <param name="Columns">The columns of its matrix: the units.</param>
/// <param name="Verdict">What is to be thought of its gradient.</param>
/// <param name="Compared">The number of elements that were compared.</param>
/// <param name="Kinks">The number of elements that were looked at and left out, because the loss has a kink or a jump there.</param>
/// <param name="LargestError">The largest relative error of the elements that were compared; 0 if none was.</param>
/// <param name="Row">The row of the element with the largest error.</param>
/// <param name="Column">Its column.</param>
/// <param name="Analytic">Its gradient by back-propagation.</param>
/// <param name="Numeric">Its gradient by differences.</param>
public sealed record ParameterGradientCheck(
    string Name,
    int Rows,
    int Columns,
    GradientCheckVerdict Verdict,
    int Compared,
    int Kinks,
    double LargestError,
    int Row,
    int Column,
    double Analytic,
    double Numeric);
