using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The layers of an architecture in the order of the forward pass, and the layout of their parameters.</summary>
internal sealed class LayerSequence
{
    private readonly List<Layer> _layers = [];
    private readonly List<(int Layer, int Element)> _starts = [(0, 0)];
    private readonly int _maximumRows;

    /// <param name="architecture">The shape.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given; 0 for layers that are not run and need no memory.</param>
    /// <param name="isSparse">Whether the rows will be sparse: then <see cref="SparseInput"/> does the dropout of the inputs.</param>
    public LayerSequence(MlpArchitecture architecture, int maximumRows = 0, bool isSparse = false)
    {
        int inputs = architecture.InputSize, members = architecture.SharedMembers;
        _maximumRows = checked(maximumRows * members);
        if (architecture.Whitening is { } whitening)
        {
            _layers.Add(new WhiteningLayer(whitening));
            inputs = whitening.Components;
        }

        if (architecture.Categories is { } categories)
        {
            _layers.Add(new CategoryLayer(categories, maximumRows, Layout));
            inputs = categories.OutputSize;
        }

        _layers.AddRange(Disturbances(NetworkPart.Input, inputs, architecture.InputNoise, 0, 0));
        FeatureEncoding? encoding = architecture.Encoding;
        PeriodicNumbers? numbers = architecture.Numbers;
        bool isFused = IsFused(architecture);
        if (encoding is not null && !isFused)
        {
            _layers.Add(new EncodingLayer(encoding));
            inputs = encoding.OutputSize;
        }

        if (numbers is not null && !isFused)
        {
            _layers.Add(new PeriodicLayer(inputs, numbers, Layout));
        }

        inputs = architecture.EncodedSize;
        if (members > 1 && !isFused)
        {
            _layers.Add(new MemberScalesLayer(inputs, members, architecture.ColumnFeatures(), maximumRows, Layout));
        }

        _layers.AddRange(Disturbances(NetworkPart.Input, inputs, 0, architecture.InputDropout, isSparse ? 0 : _maximumRows));
        for (int i = 0; i < architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer hidden = architecture.HiddenLayers[i];
            MarkStart();
            Func<LayerSettings, Layer>? createSums = i > 0 || !isFused ? null : settings => new EncodedDenseLayer(
                encoding ?? FeatureEncoding.Plain(architecture.CategorizedSize), numbers, members,
                architecture.Categories?.VectorColumns ?? 0, settings, Layout);
            Layer[] layers = [.. Create(hidden, NetworkPart.Hidden(i), inputs, createSums)];
            _layers.AddRange(hidden.Residual ? [new ResidualLayer(layers, _maximumRows)] : layers);
            inputs = hidden.Units;
        }

        MarkStart();
        _layers.Add(members == 1 ? Outputs(NetworkPart.Output)
            : new MemberOutputsLayer([.. Enumerable.Range(0, members).Select(member => Outputs(NetworkPart.OutputOf(member)))]));

        DenseLayer Outputs(NetworkPart part) => new(
            new LayerSettings(part, inputs, architecture.OutputSize, maximumRows)
            {
                Initializer = architecture.OutputInitializer ?? Initializer.GlorotUniform,
            },
            Layout);
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The parameters in the order of the layers.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>Cuts the gradient where hidden layers or the outputs begin, from its end to its beginning, as a backward pass comes to it.</summary>
    /// <param name="length">The least number of elements of a slice, but for the last one.</param>
    /// <param name="firstLearned">The number of the first layer that learns.</param>
    public IEnumerable<GradientSlice> Slices(int length, int firstLearned)
    {
        int endLayer = _layers.Count, end = Layout.TrainableLength;
        foreach ((int layer, int element) in Enumerable.Reverse(_starts))
        {
            if (element == 0 || end - element >= length)
            {
                yield return new GradientSlice(element == 0 ? firstLearned : layer, endLayer, element, end - element);
                (endLayer, end) = (layer, element);
            }
        }
    }

    /// <summary>Notes that the parameters of the layers that are added from now on are behind those of the layers that are there.</summary>
    private void MarkStart()
    {
        if (Layout.TrainableLength > 0)
        {
            _starts.Add((_layers.Count, Layout.TrainableLength));
        }
    }

    /// <summary>Whether the first hidden layer takes encoded and embedded features without their columns.</summary>
    private static bool IsFused(MlpArchitecture architecture) =>
        architecture.InputDropout == 0 && architecture.HiddenLayers is [{ TakesEncoded: true } first, ..]
        && (architecture.Numbers is null ? architecture.Encoding is { HasBinsInOrder: true }
            : (architecture.Encoding?.Sources.Length ?? 0) == 0 && first.Units * first.Activation.SumsPerUnit % EncodedProduct.Lanes == 0);

    private IEnumerable<Layer> Create(HiddenLayer hidden, NetworkPart part, int inputs, Func<LayerSettings, Layer>? createSums)
    {
        List<Layer> layers = [.. CreateUnits(hidden, part, inputs, createSums)];
        if (!hidden.ActivityRegularization.IsZero)
        {
            layers.Add(new ActivityPenaltyLayer(hidden.Units, hidden.ActivityRegularization));
        }

        if (hidden.Sparsity is { } sparsity)
        {
            layers.Add(new SparsityPenaltyLayer(hidden.Units, sparsity, hidden.Activation is TanhActivation));
        }

        layers[^1].EndsHiddenLayer = true;
        return layers.Concat(Disturbances(part, hidden.Units, hidden.Noise, hidden.Dropout, _maximumRows));
    }

    /// <summary>Weighted sums, normalization, activation.</summary>
    private IEnumerable<Layer> CreateUnits(HiddenLayer hidden, NetworkPart part, int inputs, Func<LayerSettings, Layer>? createSums)
    {
        var settings = new LayerSettings(part, inputs, checked(hidden.Units * hidden.Activation.SumsPerUnit), _maximumRows)
        {
            Activation = hidden.Activation.Elementwise,
            Initializer = hidden.WeightInitializer ?? hidden.Activation.DefaultInitializer,
            InitialBias = hidden.InitialBias,
            DropConnect = hidden.DropConnect,
        };
        IEnumerable<Layer> sums = hidden.Normalization?.CreateLayers(settings, Layout)
            ?? [createSums?.Invoke(settings) ?? new DenseLayer(settings, Layout)];
        return hidden.Activation switch
        {
            PReluActivation rectifier => [.. sums, new PReluLayer(part, hidden.Units, rectifier.InitialSlope, Layout)],
            MaxoutActivation maxout => [.. sums, new MaxoutLayer(hidden.Units, maxout.Pieces)],
            LayeredActivation other => throw new NotSupportedException($"{other.GetType().Name} has no layer."),
            _ => sums,
        };
    }

    /// <summary>What training does to the outputs of a part: noise, then dropout.</summary>
    private static IEnumerable<Layer> Disturbances(NetworkPart part, int units, float noise, float dropout, int maximumRows)
    {
        if (noise > 0)
        {
            yield return new NoiseLayer(part, units, noise);
        }

        if (dropout > 0)
        {
            yield return new DropoutLayer(part, units, dropout, maximumRows);
        }
    }
}
