namespace MlNetMlp;

/// <summary>
/// The penalties on weights and the constraints of a training run, by <see cref="ParameterGroup.Penalty"/>: number 0 are those of the options, i those of
/// hidden layer i, from 1, and the last those of the outputs; where a layer has none of its own, the common ones stand in its place.
/// </summary>
internal sealed class LayerPenalties
{
    private readonly bool[] _isOwn;

    /// <param name="architecture">The network.</param>
    /// <param name="options">How it is trained.</param>
    public LayerPenalties(MlpArchitecture architecture, MlpTrainingOptions options)
    {
        IReadOnlyList<HiddenLayer> layers = architecture.HiddenLayers;
        Weights = [.. ByLayer(layer => (layer?.L1Regularization ?? options.L1Regularization, layer?.L2Regularization ?? options.L2Regularization),
            (options.OutputL1Regularization ?? options.L1Regularization, options.OutputL2Regularization ?? options.L2Regularization))];
        Orthogonality = [.. ByLayer(layer => layer?.OrthogonalityRegularization ?? options.OrthogonalityRegularization, 0)];
        Constraints = [.. ByLayer(layer => layer?.Constraint ?? options.Constraint, options.OutputConstraint ?? options.Constraint)];
        bool outputsHaveOwn = options is not { OutputL1Regularization: null, OutputL2Regularization: null, OutputConstraint: null };
        _isOwn = [.. ByLayer(layer => layer?.HasOwnPenalties == true, outputsHaveOwn)];

        IEnumerable<T> ByLayer<T>(Func<HiddenLayer?, T> of, T outputs) => [of(null), .. layers.Select(of), outputs];
    }

    /// <summary>The strengths of L1 and L2.</summary>
    public (Schedule L1, Schedule L2)[] Weights { get; }

    /// <summary>The strengths of the penalty on weights that are not orthogonal.</summary>
    public Schedule[] Orthogonality { get; }

    /// <summary>The constraints; null: none.</summary>
    public WeightConstraint?[] Constraints { get; }

    /// <summary>All strengths.</summary>
    public IEnumerable<Schedule> Schedules => [.. Weights.SelectMany(pair => (Schedule[])[pair.L1, pair.L2]), .. Orthogonality];

    /// <summary>Whose penalties a parameter has: 0, unless its layer has some of its own.</summary>
    public int NumberOf(Parameter parameter)
    {
        int number = parameter.Part.IsOutput ? _isOwn.Length - 1 : parameter.Part.HiddenIndex + 1 ?? 0;
        return _isOwn[number] ? number : 0;
    }
}
