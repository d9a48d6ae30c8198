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

    /// <summary>The layers that have weights, from the input to the output; the outputs of all members of a shared ensemble are one.</summary>
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
        foreach (IGrouping<string, Parameter> layer in Layers(parameters))
        {
            Of(_gradients, layer.Key).Add(Math.Sqrt(layer.Sum(weights => OrderedSum.OfSquares(parameters.Gradient(weights)))));
        }
    }

    public void AfterUpdate(ParameterVector parameters)
    {
        foreach (IGrouping<string, Parameter> layer in Layers(parameters))
        {
            double size = 0, update = 0;
            foreach (Parameter weights in layer)
            {
                Span<float> before = _before.AsSpan(weights.Offset, weights.Length);
                size += OrderedSum.OfSquares(before);
                TensorPrimitives.Subtract(parameters.Value(weights), before, before);
                update += OrderedSum.OfSquares(before);
            }

            Of(_updates, layer.Key).Add(size > 0 ? Math.Sqrt(update) / Math.Sqrt(size) : update > 0 ? double.PositiveInfinity : 0);
        }
    }

    /// <summary>The median norm of a gradient over the later half of the steps.</summary>
    public double GradientNorm(string name) => LaterMedian(_gradients[name]);

    /// <summary>The median of <c>|step| / |weights|</c> over the later half of the steps.</summary>
    public double UpdateRatio(string name) => LaterMedian(_updates[name]);

    /// <summary>The largest <c>|step| / |weights|</c> of all steps; 0 for weights that started at 0, whose first steps are always large.</summary>
    public double LargestUpdateRatio(string name) => double.IsInfinity(_updates[name][0]) ? 0 : _updates[name].Max();

    private static IEnumerable<IGrouping<string, Parameter>> Layers(ParameterVector parameters) => parameters.Layout.Parameters
        .Where(parameter => parameter is { Trainable: true, Decays: true })
        .GroupBy(parameter => (parameter.Part.IsOutput ? NetworkPart.Output : parameter.Part).ToString());

    private static List<double> Of(Dictionary<string, List<double>> series, string layer)
    {
        if (!series.TryGetValue(layer, out List<double>? list))
        {
            series.Add(layer, list = []);
        }

        return list;
    }

    private static double LaterMedian(List<double> series)
    {
        double[] later = [.. series.Skip(series.Count / 2).Order()];
        return later.Length == 0 ? 0 : later[later.Length / 2];
    }
}
