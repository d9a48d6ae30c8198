using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>Gradients and steps of the weights of every layer, and the parameters before the first step.</summary>
internal sealed class StepStatistics : IStepObserver
{
    private readonly Dictionary<string, List<double>> _gradients = [];
    private readonly Dictionary<string, List<double>> _updates = [];
    private float[] _before = [];

    /// <summary>All parameters as they were before the first step; empty if there was none.</summary>
    public float[] Initial { get; private set; } = [];

    public long Steps { get; private set; }

    /// <summary>The weight matrices, from the input to the output.</summary>
    public IReadOnlyCollection<string> Names => _gradients.Keys;

    public void BeforeUpdate(ParameterVector parameters, long step)
    {
        Steps = step;
        if (step == 1)
        {
            Initial = parameters.Snapshot();
            _before = parameters.Snapshot();
        }

        parameters.SnapshotInto(_before);
        foreach (Parameter parameter in Weights(parameters))
        {
            Of(_gradients, parameter).Add(Math.Sqrt(OrderedSum.OfSquares(parameters.Gradient(parameter))));
        }
    }

    public void AfterUpdate(ParameterVector parameters)
    {
        foreach (Parameter parameter in Weights(parameters))
        {
            Span<float> before = _before.AsSpan(parameter.Offset, parameter.Length);
            double size = Math.Sqrt(OrderedSum.OfSquares(before));
            TensorPrimitives.Subtract(parameters.Value(parameter), before, before);
            double update = Math.Sqrt(OrderedSum.OfSquares(before));
            Of(_updates, parameter).Add(size > 0 ? update / size : update > 0 ? double.PositiveInfinity : 0);
        }
    }

    /// <summary>The median norm of a gradient over the later half of the steps.</summary>
    public double GradientNorm(string name) => LaterMedian(_gradients[name]);

    /// <summary>The median of <c>|step| / |weights|</c> over the later half of the steps.</summary>
    public double UpdateRatio(string name) => LaterMedian(_updates[name]);

    /// <summary>The largest <c>|step| / |weights|</c> of all steps; 0 for weights that started at 0, whose first steps are always large.</summary>
    public double LargestUpdateRatio(string name) => double.IsInfinity(_updates[name][0]) ? 0 : _updates[name].Max();

    private static IEnumerable<Parameter> Weights(ParameterVector parameters) =>
        parameters.Layout.Parameters.Where(parameter => parameter is { Trainable: true, Decays: true });

    private static List<double> Of(Dictionary<string, List<double>> series, Parameter parameter)
    {
        if (!series.TryGetValue(parameter.Name, out List<double>? list))
        {
            series.Add(parameter.Name, list = []);
        }

        return list;
    }

    private static double LaterMedian(List<double> series)
    {
        double[] later = [.. series.Skip(series.Count / 2).Order()];
        return later.Length == 0 ? 0 : later[later.Length / 2];
    }
}
