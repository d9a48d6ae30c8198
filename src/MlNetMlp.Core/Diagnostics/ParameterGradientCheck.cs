namespace MlNetMlp.Diagnostics;

/// <summary>What a gradient check found for one parameter.</summary>
public sealed record ParameterGradientCheck
{
    internal ParameterGradientCheck()
    {
    }

    /// <summary>The parameter, for example <c>Hidden2.Weights</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The rows of its matrix: the inputs of a weight matrix, 1 for biases.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns of its matrix: the units.</summary>
    public required int Columns { get; init; }

    /// <summary>Whether its gradient is correct.</summary>
    public required GradientCheckVerdict Verdict { get; init; }

    /// <summary>The number of elements that were compared.</summary>
    public required int Compared { get; init; }

    /// <summary>The number of elements that were left out, because the loss has a kink or a jump there.</summary>
    public required int Kinks { get; init; }

    /// <summary>The largest relative error of the elements that were compared; 0 if none was.</summary>
    public required double LargestError { get; init; }

    /// <summary>The row of the element with the largest error.</summary>
    public required int Row { get; init; }

    /// <summary>Its column.</summary>
    public required int Column { get; init; }

    /// <summary>Its gradient by back-propagation.</summary>
    public required double Analytic { get; init; }

    /// <summary>Its gradient by differences.</summary>
    public required double Numeric { get; init; }

    /// <summary>Name, verdict and numbers in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name} [{Rows}, {Columns}]: {Verdict}, {Compared} compared, {Kinks} kinks, largest error {LargestError:G3} at [{Row}, {Column}]: ") +
        FormattableString.Invariant($"{Analytic} and {Numeric}");
}
