using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A network that can be trained: its layers, its parameters in one vector, and the workspace of its passes. Used by one thread.</summary>
internal sealed class MlpNetwork
{
    private readonly LayerSequence _sequence;
    private readonly LayerChain _chain;
    private readonly InputBlock _input;
    private readonly Layer[] _parts;
    private readonly int _firstLearned;
    private readonly NetworkOutputs _outputs;

    /// <param name="architecture">The shape.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given; 0 for a network that is not run.</param>
    /// <param name="isSparse">Whether the rows will be sparse ones; not every architecture takes them.</param>
    /// <param name="groups">What holds for each parameter in every step; null: nothing special.</param>
    /// <param name="parameters">The parameters of another network of this architecture, to share them; null: it gets its own.</param>
    public MlpNetwork(
        MlpArchitecture architecture, int maximumRows, bool isSparse = false, Func<Parameter, ParameterGroup>? groups = null,
        ParameterVector? parameters = null)
    {
        Architecture = architecture;
        MaximumRows = maximumRows;
        _outputs = new NetworkOutputs(architecture.SharedMembers, architecture.OutputSize, maximumRows);
        bool isDenseBehind = isSparse && architecture.Categories is { IsDense: true };
        isSparse &= !isDenseBehind;
        _sequence = new LayerSequence(architecture, maximumRows, isSparse);
        Layer[] layers = [.. _sequence.Layers];
        _parts = [.. layers.SelectMany(layer => layer.Parts)];
        CategoryLayer? categories = layers[0] as CategoryLayer;
        int first = _firstLearned = Array.FindIndex(layers, layer => layer.Learns && !(isSparse && layer == categories));
        _chain = new LayerChain(layers, maximumRows, isSparse ? first : null);
        UnitDropout? dropout = isSparse && architecture.InputDropout > 0 ? new(NetworkPart.Input, 1 - architecture.InputDropout) : null;
        _input = isSparse ? new SparseInput(_chain, first, layers[first], categories, dropout, maximumRows)
            : isDenseBehind ? new CategoryInput(_chain, categories!)
            : new DenseInput(_chain, first);
        Parameter?[] sparse = isSparse ? [categories?.Table, layers[first].SparseWeights] : isDenseBehind ? [categories!.Table] : [];
        Parameters = parameters ?? new ParameterVector(_sequence.Layout, sparse.Length > 0 ? [.. sparse.OfType<Parameter>()] : null, groups);
    }

    public MlpArchitecture Architecture { get; }

    public int MaximumRows { get; }

    public ParameterVector Parameters { get; }

    /// <summary>The activations [rows, units] of every hidden layer in the last pass, before noise and dropout.</summary>
    public IEnumerable<AlignedBuffer> Activations => _chain.Activations;


    /// <summary>What the penalties on activations add to the sum of the losses of the last pass; 0 if that was no training.</summary>
    public double ActivityPenalty
    {
        get
        {
            double sum = 0;
            foreach (Layer layer in _parts)
            {
                sum += layer.Penalty;
            }

            // Of shared members the mean, as of their losses.
            return sum / Architecture.SharedMembers;
        }
    }

    /// <summary>Lets all layers take from their schedules what holds at a moment of the training.</summary>
    public void At(in ScheduleMoment moment)
    {
        foreach (Layer layer in _parts)
        {
            layer.At(moment);
        }
    }

    /// <summary>The layers whose statistics for scoring are collected by a pass of their own, or all of which they can be.</summary>
    public IEnumerable<Layer> CollectingLayers(bool all) => _parts.Where(layer => layer.CollectsStatistics || (all && layer.CanCollectStatistics));

    /// <summary>Writes the starting values of all parameters.</summary>
    public void Initialize(SeededRandom random) => Parameters.Initialize(random);

    /// <summary>Copies the parameters of another network, which has all layers in common but the output layer.</summary>
    public void TakeHiddenLayers(ParameterVector source)
    {
        foreach (Parameter parameter in Parameters.Layout.Parameters.Where(parameter => !parameter.Part.IsOutput))
        {
            source.Value(source.Layout.Parameters.First(known => known.Name == parameter.Name)).CopyTo(Parameters.Value(parameter));
        }
    }

    /// <summary>Gives the output layer these biases [outputs].</summary>
    public void StartOutputsAt(ReadOnlySpan<float> outputs)
    {
        foreach (Parameter biases in Parameters.Layout.Parameters.Where(parameter => parameter.IsBias && parameter.Part.IsOutput))
        {
            outputs.CopyTo(Parameters.Value(biases));
        }
    }

    /// <summary>
    /// Runs the network on the features of <paramref name="batch"/> and returns the logits [rows, outputs], of shared members one block behind the other,
    /// valid until the next call.
    /// </summary>
    public MatrixSpan Forward(in Pass pass, RowBatch batch) => _input.Forward(pass, batch);

    /// <inheritdoc cref="NetworkOutputs.Predictions(Loss, MatrixSpan)"/>
    public ReadOnlyMatrixSpan Predictions(Loss loss, MatrixSpan logits) => _outputs.Predictions(loss, logits);

    /// <summary>The loss of the rows, and what else is wanted of them; leaves the gradient of the loss for <see cref="Backward"/>.</summary>
    /// <inheritdoc cref="NetworkOutputs.Differentiate"/>
    public LossSums Differentiate(Loss loss, MatrixSpan logits, RowBatch batch, float scale, TargetUnits? units, ThreadTeam team) =>
        _outputs.Differentiate(loss, logits, batch, scale, LogitGradient(batch.Count), units, team);

    /// <inheritdoc cref="NetworkOutputs.Evaluate"/>
    public LossSums Evaluate(Loss loss, MatrixSpan logits, RowBatch batch, TargetUnits? units, ThreadTeam team) =>
        _outputs.Evaluate(loss, logits, batch, units, team);

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the logits.</summary>
    public MatrixSpan LogitGradient(int rows) => _chain.OutputGradient(rows);

    /// <summary>Writes the gradients of all parameters, and of dense features if <paramref name="inputGradient"/> [rows, inputs] is given.</summary>
    public void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient = default) => _input.Backward(pass, batch, inputGradient);

    /// <summary>The slices of the gradient that <see cref="BackwardSlice"/> writes one after the other.</summary>
    /// <param name="length">The least number of elements of a slice, but for the last one.</param>
    public GradientSlice[] Slices(int length) => [.. _sequence.Slices(length, _firstLearned)];

    /// <summary>
    /// Writes a slice of the gradients of the parameters, after all those before it; not of a network for sparse rows. After the last one, they are what
    /// <see cref="Backward"/> would have written.
    /// </summary>
    public void BackwardSlice(in Pass pass, RowBatch batch, GradientSlice slice) =>
        _chain.BackwardSlice(pass with { LeavesFeaturesOut = true }, batch.FeatureMatrix, slice);

    /// <summary>The network as it scores, with the constant maps folded.</summary>
    public ScoringPlan Plan()
    {
        var plan = new ScoringPlan();
        _chain.AppendTo(plan, Parameters);
        return plan;
    }
}
