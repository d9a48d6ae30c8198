namespace MlNetMlp.Onnx;

/// <summary>The layers of a file, as they are found one after the other.</summary>
internal sealed class ImportedLayers
{
    /// <summary>A unit matrix for more outputs than this would be much larger than the file: 16 MiB.</summary>
    private const int MaximumUnitMatrix = 2048;

    private readonly List<ImportedLayer> _layers = [];

    /// <summary>A map that waits for the layer behind it.</summary>
    private ColumnMap? _waiting;

    /// <summary>What comes in front of the first layer; null: nothing.</summary>
    public ColumnMap? Standardization { get; private set; }

    /// <summary>The layers; the last one has no activation.</summary>
    public IReadOnlyList<ImportedLayer> Layers => _layers;

    /// <summary>What the network ends in, if that belongs to a loss: <c>Softmax</c>, <c>LogSoftmax</c> or <c>Sigmoid</c>; else empty.</summary>
    public string End { get; private set; } = "";

    private ImportedLayer? Last => _layers.Count > 0 ? _layers[^1] : null;

    /// <summary>Appends <c>X W + b</c>.</summary>
    public void AddAffine(ImportedNode node, ImportedLayer layer)
    {
        RefuseBehindEnd(node);
        int columns = Last?.Outputs ?? layer.Inputs;
        if (columns != layer.Inputs || _waiting?.Fits(columns) == false || (Last is null && Standardization?.Fits(columns) == false))
        {
            throw new InvalidDataException($"The ONNX file is damaged: an operator {node.Name} takes {layer.Inputs} columns, and gets others.");
        }

        if (_waiting is not null)
        {
            layer.ScaleInputs(_waiting);
            _waiting = null;
        }

        _layers.Add(layer);
    }

    /// <summary>Appends <c>scale y + shift</c>, which disappears into the weights in front of it or behind it.</summary>
    public void AddMap(ImportedNode node, ColumnMap map)
    {
        RefuseBehindEnd(node);
        if (Last is null)
        {
            Standardization = Standardization?.Then(map) ?? map;
        }
        else if (!map.Fits(Last.Outputs))
        {
            throw new InvalidDataException($"The ONNX file is damaged: an operator {node.Name} has {map.Columns} numbers for {Last.Outputs} columns.");
        }
        else if (Last.Activation is null)
        {
            Last.ScaleOutputs(map);
        }
        else
        {
            _waiting = _waiting?.Then(map) ?? map;
        }
    }

    /// <summary>Appends <c>f(y)</c>.</summary>
    public void AddActivation(ImportedNode node, Activation activation, float[]? slopes = null)
    {
        RefuseBehindEnd(node);
        if (Last is not { Activation: null } last)
        {
            throw node.Refuse("there are no weighted sums in front of it");
        }

        last.Activation = activation;
        last.Slopes = slopes is { Length: 1 } ? [.. Enumerable.Repeat(slopes[0], last.Outputs)] : slopes ?? [];
        if (slopes is not null && last.Slopes.Length != last.Outputs)
        {
            throw node.Refuse($"it has {last.Slopes.Length} slopes for {last.Outputs} units");
        }
    }

    /// <summary>Ends the network with what belongs to its loss.</summary>
    public void AddEnd(ImportedNode node)
    {
        RefuseBehindEnd(node);
        if (Last is not { Activation: null })
        {
            throw node.Refuse("there are no weighted sums in front of it");
        }

        End = node.Operator;
    }

    /// <summary>Takes a sigmoid at the end for a layer's activation: more is behind it, or the loss has none.</summary>
    public void ContinueBehindSigmoid()
    {
        Last!.Activation = Activation.Sigmoid;
        End = "";
    }

    /// <summary>Says that nothing is behind: an activation or a map at the end gets a layer with the unit matrix behind it, which changes nothing.</summary>
    /// <exception cref="NotSupportedException">That matrix would be very large.</exception>
    public void Complete()
    {
        if (Last is { Activation: not null } last)
        {
            if (last.Outputs > MaximumUnitMatrix)
            {
                throw new NotSupportedException(
                    $"The network of the ONNX file ends in an activation of {last.Outputs} units; up to {MaximumUnitMatrix} can be read.");
            }

            float[] unit = new float[last.Outputs * last.Outputs];
            for (int i = 0; i < last.Outputs; i++)
            {
                unit[i * (last.Outputs + 1)] = 1;
            }

            var layer = new ImportedLayer(unit, last.Outputs, last.Outputs, new float[last.Outputs]);
            if (_waiting is not null)
            {
                layer.ScaleInputs(_waiting);
                _waiting = null;
            }

            _layers.Add(layer);
        }
    }

    private void RefuseBehindEnd(ImportedNode node)
    {
        if (End == "Sigmoid")
        {
            ContinueBehindSigmoid();
        }
        else if (End.Length > 0)
        {
            throw node.Refuse($"it is behind a {End}, with which a network ends");
        }
    }
}
