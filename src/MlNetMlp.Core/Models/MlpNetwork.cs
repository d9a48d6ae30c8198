using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A network that can be trained: its layers, its parameters in one vector, and the workspace of its passes. Used by one thread.</summary>
internal sealed class MlpNetwork
{
    private readonly LayerChain _chain;
    private readonly InputBlock _input;
    private readonly Layer[] _parts;

    /// <param name="architecture">The shape.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given; 0 for a network that is not run.</param>
    /// <param name="isSparse">Whether the rows will be sparse ones; not every architecture takes them.</param>
    public MlpNetwork(MlpArchitecture architecture, int maximumRows, bool isSparse = false)
    {
        Architecture = architecture;
        MaximumRows = maximumRows;
        var sequence = new LayerSequence(architecture, maximumRows, isSparse);
        Layer[] layers = [.. sequence.Layers];
        _parts = [.. layers.SelectMany(layer => layer.Parts)];
        int firstThatLearns = Array.FindIndex(layers, layer => layer.Learns);
        _chain = new LayerChain(layers, maximumRows, isSparse ? firstThatLearns : null);
        _input = isSparse ? SparseInputOf(layers[firstThatLearns], firstThatLearns) : new DenseInput(_chain, firstThatLearns);
        Parameters = new ParameterVector(sequence.Layout, isSparse ? layers[firstThatLearns].SparseWeights : null);
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

            return sum;
        }
    }

    /// <summary>The layers whose statistics for scoring are collected by a pass of their own, or all of which they can be.</summary>
    public IEnumerable<Layer> CollectingLayers(bool all) => _parts.Where(layer => layer.CollectsStatistics || (all && layer.CanCollectStatistics));

    /// <summary>Writes the starting values of all parameters.</summary>
    public void Initialize(SeededRandom random) => Parameters.Initialize(random);

    /// <summary>Gives the output layer these biases [outputs].</summary>
    public void StartOutputsAt(ReadOnlySpan<float> outputs)
    {
        foreach (Parameter biases in Parameters.Layout.Parameters.Where(parameter => parameter.IsBias && parameter.Part == NetworkPart.Output))
        {
            outputs.CopyTo(Parameters.Value(biases));
        }
    }

    /// <summary>Runs the network on the features of <paramref name="batch"/> and returns the logits [rows, outputs], valid until the next call.</summary>
    public MatrixSpan Forward(in Pass pass, RowBatch batch) => _input.Forward(pass, batch);

    /// <summary>Where the caller of <see cref="Backward"/> writes the gradient of the logits [rows, outputs].</summary>
    public MatrixSpan LogitGradient(int rows) => _chain.OutputGradient(rows);

    /// <summary>Writes the gradients of all parameters, and of dense features if <paramref name="inputGradient"/> [rows, inputs] is given.</summary>
    public void Backward(in Pass pass, RowBatch batch, MatrixSpan inputGradient = default) => _input.Backward(pass, batch, inputGradient);

    /// <summary>The network as it scores, with the constant maps folded.</summary>
    public ScoringPlan Plan()
    {
        var plan = new ScoringPlan();
        _chain.AppendTo(plan, Parameters);
        return plan;
    }

    private SparseInput SparseInputOf(Layer layer, int number) =>
        new(_chain, number, layer, Architecture.InputDropout > 0 ? new UnitDropout(NetworkPart.Input, 1 - Architecture.InputDropout) : null);
}
