namespace MlNetMlp;

/// <summary>A function along a line, at one step from its start.</summary>
/// <param name="Step">How far, in lengths of the direction.</param>
/// <param name="Value">The function there.</param>
/// <param name="Slope">Its derivative by the step.</param>
internal readonly record struct LinePoint(double Step, double Value, double Slope)
{
    public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
}
