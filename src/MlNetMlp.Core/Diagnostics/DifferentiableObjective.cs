namespace MlNetMlp.Diagnostics;

/// <summary>A function of parameters that knows its own gradient, or claims to.</summary>
internal abstract class DifferentiableObjective
{
    /// <summary>The variables, and where <see cref="Differentiate"/> writes the gradient.</summary>
    public abstract ParameterVector Parameters { get; }

    /// <summary>The function at the parameters as they are; the same for the same parameters.</summary>
    public abstract double Value();

    /// <summary>Writes the gradient at the parameters as they are.</summary>
    public abstract void Differentiate();
}
