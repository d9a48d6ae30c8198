namespace MlNetMlp.Onnx;

/// <summary>The layers of one network, put together of its parts one after the other.</summary>
internal sealed class ImportedLayers
{
    /// <summary>A unit matrix for more outputs than this would be much larger than the file: 16 MiB.</summary>
    private const int MostUnitColumns = 2048;

    private readonly List<ImportedLayer> _layers = [];
    private readonly ModelBudget _budget;
    private int? _columns;
    private bool _isMatrix;

    /// <summary>A map behind an activation, which waits for the layer behind it.</summary>
    private ColumnMap? _waiting;

    /// <summary>The epsilon of a layer that is to come, whose inputs have the length 1.</summary>
    private float? _unitLength;

    /// <summary>The number of layers when a residual connection began; null: outside of one.</summary>
    private int? _residualStart;

    /// <summary>Whether nothing but a next layer can come, since the last one has its activation.</summary>
    private bool _isClosed = true;

    private ImportedLayers(ImportedValue input, ModelBudget budget)
    {
        _budget = budget;
        _isMatrix = input.Shape is null or { Count: 2 };
        _columns = input.Shape is { Count: > 1 } shape && shape.Skip(1).Aggregate(1L, Times) is > 0 and <= int.MaxValue and var product ? (int)product : null;
    }

    /// <summary>The layers; the last one is plain weighted sums.</summary>
    public IReadOnlyList<ImportedLayer> Layers => _layers;

    /// <summary>What is made of the categories among the standardized features; null: nothing.</summary>
    public CategoryMap? Categories { get; private set; }

    /// <summary>The vectors of embedded categories; empty: there are none.</summary>
    public float[] Table { get; private set; } = [];

    /// <summary>What the first layer sees of the standardized features, with their categories; null: just these.</summary>
    public FeatureEncoding? Encoding { get; private set; }

    /// <summary>The features that are embedded with weights of their own; null: none.</summary>
    public Part.Periodic? Numbers { get; private set; }

    /// <summary>The number of features.</summary>
    public int FeatureCount => Categories?.FeatureCount ?? Encoding?.FeatureCount ?? Layers[0].Inputs - (Numbers?.Biases.Length ?? 0);

    /// <summary>What comes in front of the first layer and of the encoding.</summary>
    public Standardization Standardization { get; } = new();

    /// <exception cref="InvalidDataException">The parts do not fit together, or their weights would take too much.</exception>
    /// <exception cref="NotSupportedException">They are not layers one behind the other; the message names the operator.</exception>
    public static ImportedLayers Of(IEnumerable<Part> parts, ImportedValue input, ModelBudget budget)
    {
        var layers = new ImportedLayers(input, budget);
        foreach (Part part in parts)
        {
            layers.Add(part);
        }

        layers.Complete();
        ModelBudget.CheckHiddenLayers(layers._layers.Count - 1);
        return layers;
    }

    private static long Times(long product, long dimension) => product > 0 && dimension is > 0 and <= int.MaxValue && product <= int.MaxValue
        ? product * dimension : -1;

    /// <summary>Whether everything so far was the standardization.</summary>
    private bool IsInFront => Last is null && Encoding is null && Categories is null && Numbers is null;

    private ImportedLayer? Last => _layers.Count > 0 ? _layers[^1] : null;

    private void Add(Part part)
    {
        if (!_isMatrix && part is not Part.Rows)
        {
            throw part.Node.Refuse("the input has not two dimensions, rows and columns, and is not made to have them by a Flatten in front");
        }

        if (_unitLength is not null && part is not Part.Affine)
        {
            throw part.Node.Refuse("it is behind a division by the length of rows, behind which weighted sums have to come");
        }

        switch (part)
        {
            case Part.Affine affine:
                AddAffine(affine);
                break;
            case Part.Map map:
                AddMap(map);
                break;
            case Part.Function function:
                AddActivation(function.Node, function.Activation, function.Slopes ?? []);
                break;
            case Part.Maximum maximum:
                AddMaxout(maximum);
                break;
            case Part.RowNormalization normalization:
                AddNormalization(normalization);
                break;
            case Part.UnitLength unit:
                RequireNothingWaiting(unit.Node);
                _isClosed = true;
                _unitLength = unit.Epsilon;
                break;
            case Part.Replacement replacement:
                AddReplacement(replacement);
                break;
            case Part.Categories categories:
                AddCategories(categories);
                break;
            case Part.Encoding encoding:
                AddEncoding(encoding);
                break;
            case Part.Periodic periodic:
                AddPeriodic(periodic);
                break;
            case Part.Rows rows:
                AddRows(rows);
                break;
            case Part.ResidualStart start:
                RequireNothingWaiting(start.Node);
                _isClosed = true;
                _residualStart = _layers.Count;
                break;
            case Part.ResidualEnd end:
                EndResidual(end.Node);
                break;
        }
    }

    private void AddAffine(Part.Affine affine)
    {
        CheckColumns(affine.Node, affine.Inputs);
        if (affine.Biases is { } biases && biases.Length != 1 && biases.Length != affine.Outputs)
        {
            throw new InvalidDataException($"The ONNX file is damaged: the {affine.Node} has {biases.Length} biases for {affine.Outputs} columns.");
        }

        if (Last is null && Encoding is null && Numbers is null)
        {
            Standardization.Check(Categories?.FeatureCount ?? affine.Inputs, [], _budget);
        }

        AppendLayer(new(affine, affine.Inputs, affine.Outputs) { Before = _waiting, UnitLength = _unitLength });
        if (_unitLength is not null && Last!.HasBiases)
        {
            throw affine.Node.Refuse("it adds biases to sums of rows of length 1");
        }

        _unitLength = null;
    }

    private void AppendLayer(ImportedLayer layer)
    {
        _budget.TakeLayer(layer.Inputs, layer.Sums);
        _layers.Add(layer);
        _columns = layer.Sums;
        _waiting = null;
        _isClosed = false;
    }

    /// <summary>The unit matrix, behind which the sums are what they were.</summary>
    private void AppendUnitLayer()
    {
        int columns = Last!.Units;
        if (columns > MostUnitColumns)
        {
            throw new NotSupportedException(
                $"The network of the ONNX file needs a layer of its own for what is behind {columns} units; up to {MostUnitColumns} can be read.");
        }

        AppendLayer(new(null, columns, columns) { Before = _waiting });
    }

    private void AddMap(Part.Map map)
    {
        if (_columns is { } columns && !map.Fits(columns))
        {
            throw columns == 1
                ? map.Node.Refuse($"it makes {map.Columns} columns of one")
                : new InvalidDataException($"The ONNX file is damaged: the {map.Node} has {map.Columns} numbers for {columns} columns.");
        }

        if (IsInFront)
        {
            Standardization.Add(map);
            return;
        }

        _budget.TakeBytes(Part.Map.BytesOf(_columns ?? map.Columns), "the scaling of columns");
        ColumnMap next = map.Read();
        if (_isClosed)
        {
            _waiting = _waiting?.Then(next) ?? next;
        }
        else if (Last!.RowNormalization is not null)
        {
            Last.Normalized = Last.Normalized?.Then(next) ?? next;
        }
        else if (Last.UnitLength is null || next.HasNoShift)
        {
            Last.After = Last.After?.Then(next) ?? next;
        }
        else
        {
            throw map.Node.Refuse("it adds biases to sums of rows of length 1");
        }
    }

    private void AddActivation(ImportedNode node, Activation activation, float[] slopes)
    {
        if (Last is null || _isClosed)
        {
            throw node.Refuse("there are no weighted sums in front of it");
        }

        Last.Activation = activation;
        Last.Slopes = slopes;
        _columns = Last.Units;
        _isClosed = true;
        if (slopes.Length > 1 && slopes.Length != Last.Units)
        {
            throw node.Refuse($"it has {slopes.Length} slopes for {Last.Units} units");
        }
    }

    private void AddMaxout(Part.Maximum maximum)
    {
        CheckColumns(maximum.Node, (long)maximum.Pieces * maximum.Units);
        if (maximum.Pieces < 2)
        {
            throw maximum.Node.Refuse("there is one sum for each unit");
        }

        AddActivation(maximum.Node, Activation.Maxout(maximum.Pieces), []);
    }

    private void AddNormalization(Part.RowNormalization normalization)
    {
        if (Last is null)
        {
            throw normalization.Node.Refuse("there are no weighted sums in front of it");
        }

        // Sums that are normalized have no biases, and are normalized once.
        if (_isClosed || Last.HasBiases || Last.RowNormalization is not null || Last.UnitLength is not null)
        {
            AppendUnitLayer();
        }

        Last.RowNormalization = normalization.Epsilon;
    }

    private void AddReplacement(Part.Replacement replacement)
    {
        if (!IsInFront || Standardization.HasMap)
        {
            throw replacement.Node.Refuse("it is not the first thing that happens to the features");
        }

        Standardization.Replace(replacement);
    }

    private void AddCategories(Part.Categories part)
    {
        if (!IsInFront || _residualStart is not null || _columns is not { } features)
        {
            throw part.Node.Refuse("it does not map categories among the features, in a number that is known, in front of the first layer");
        }

        _budget.TakeBytes(sizeof(int) * 2.0 * features, "categories of the features");
        try
        {
            Categories = new(features, part.Groups, part.IsEmbedded, part.Width, dropout: 0);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw part.Node.Refuse($"it does not map categories among {features} features: {exception.Message.TrimEnd('.')}");
        }

        if (part.Kept is { } kept ? !Categories.Kept.SequenceEqual(kept) : Categories.Width > 0)
        {
            throw part.Node.Refuse("the features that it keeps are not those that it does not embed");
        }

        _budget.TakeBytes(sizeof(float) * 2.0 * Categories.TableRows * Categories.Width, "vectors of categories");
        Table = part.ReadTable();
        _columns = Categories.OutputSize;
    }

    private void AddEncoding(Part.Encoding part)
    {
        if (Last is not null || Encoding is not null || _residualStart is not null || _columns is not { } features)
        {
            throw part.Node.Refuse("it does not encode the features, in a number that is known, in front of the first layer");
        }

        try
        {
            Encoding = new(features, part.Sources, part.LowerEnds, part.InverseWidths, part.Missing, part.IsClipped);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw part.Node.Refuse($"it does not encode {features} features: {exception.Message.TrimEnd('.')}");
        }

        Standardization.Check(Categories?.FeatureCount ?? features, ShownMissing(part.Node), _budget);
        _columns = Encoding.OutputSize;
    }

    /// <summary>The features, in front of the categories, of which the network sees that they are missing.</summary>
    private int[] ShownMissing(ImportedNode node)
    {
        try
        {
            return new MlpArchitecture(Categories?.FeatureCount ?? Encoding!.FeatureCount, 1) { Categories = Categories, Encoding = Encoding }.ShownMissing;
        }
        catch (ArgumentException exception)
        {
            throw node.Refuse(exception.Message.TrimEnd('.'));
        }
    }

    private void AddPeriodic(Part.Periodic part)
    {
        if (Last is not null || Numbers is not null || _residualStart is not null || _columns is not { } columns)
        {
            throw part.Node.Refuse("it does not embed features, in a number that is known, in front of the first layer");
        }

        int features = Encoding?.FeatureCount ?? columns;
        try
        {
            // Checks it.
            _ = new MlpArchitecture(Categories?.FeatureCount ?? features, 1) { Categories = Categories, Numbers = part.Embedded };
        }
        catch (ArgumentException exception)
        {
            throw part.Node.Refuse($"it does not embed some of {features} features: {exception.Message.TrimEnd('.')}");
        }

        if (Encoding is null)
        {
            Standardization.Check(Categories?.FeatureCount ?? features, [], _budget);
        }

        Numbers = part;
        _columns = checked(columns + part.Biases.Length);
    }

    private void AddRows(Part.Rows rows)
    {
        if (rows.Columns is { } columns && columns != _columns && !(rows.KeepsRows && _columns is null))
        {
            throw rows.Node.Refuse(_columns is null
                ? $"the columns in front of it are not known, so that rows of {columns} may be others"
                : $"it makes rows of {columns} columns of such with {_columns}");
        }

        _columns ??= rows.Columns;
        _isMatrix = true;
    }

    private void EndResidual(ImportedNode node)
    {
        RequireNothingWaiting(node);
        if (_layers.Count - _residualStart != 1 || Last!.Units != Last.Inputs)
        {
            throw node.Refuse("it adds neither constants nor the input of a hidden layer to its output");
        }

        Last.IsResidual = true;
        _residualStart = null;
        _isClosed = true;
    }

    private void RequireNothingWaiting(ImportedNode node)
    {
        if (_waiting is not null)
        {
            throw node.Refuse("a scaling of columns is in front of it");
        }
    }

    private void CheckColumns(ImportedNode node, long needed)
    {
        if (_columns is { } columns && columns != needed)
        {
            throw new InvalidDataException($"The ONNX file is damaged: the {node} takes {needed} columns, and gets {columns}.");
        }
    }

    /// <summary>Says that nothing is behind: the last layer is to be plain sums, which the unit matrix makes of anything.</summary>
    private void Complete()
    {
        if (_layers.Count == 0)
        {
            throw new NotSupportedException("The ONNX file has no dense layer on the way to its output.");
        }

        if (_unitLength is not null)
        {
            throw new NotSupportedException("The network of the ONNX file ends in a division by the length of rows.");
        }

        if (_isClosed || Last!.RowNormalization is not null || Last.UnitLength is not null)
        {
            AppendUnitLayer();
        }
    }
}
