namespace MlNetMlp.Core.Tests;

/// <summary>A function in double as what a full-batch optimizer minimises in single precision; it counts how often it is asked.</summary>
internal sealed class FunctionObjective(Objective function) : IObjective
{
    private readonly float[] _parameters = Array.ConvertAll(function.Start, value => (float)value);

    public int Evaluations { get; private set; }

    public Span<float> Parameters => _parameters;

    public bool IsLasting { get; init; } = true;

    public bool IsInterrupted { get; set; }

    public double Distance => Math.Sqrt(_parameters.Zip(function.Minimum, (a, b) => (a - b) * (a - b)).Sum());

    public double Evaluate(Span<float> gradient)
    {
        Evaluations++;
        double[] here = Array.ConvertAll(_parameters, value => (double)value);
        Array.ConvertAll(function.Gradient(here), value => (float)value).CopyTo(gradient);
        return IsInterrupted ? double.NaN : function.Value(here);
    }
}
