namespace MlNetMlp;

/// <summary>A function along a line through the parameter space.</summary>
internal interface ILine
{
    /// <summary>Goes to a step from the start and evaluates the function there. It may not be finite.</summary>
    LinePoint At(double step);
}
