using MlNetMlp.Networks;

namespace MlNetMlp;

/// <summary>The content of a saved model, in sections.</summary>
/// <remarks>
/// Layout; "tagged" is a byte that names the kind, followed by its settings (<see cref="TaggedRecords"/>). All sections are required:
/// <code>
/// LAYERS    int32    number of inputs d            int32  number of outputs k
///           float32  input dropout                 float32  input noise
///           tagged   initializer of the output layer
///           int32    number of hidden layers, then for each:
///                    int32 units, tagged activation, tagged normalization, tagged initializer, float32 dropout, float32 noise,
///                    float32 dropConnect, float32 activityRegularization, float32 initial bias, byte residual, 0 or 1
/// LOSS      tagged   loss
/// FEATURES  byte     handling of missing values    byte   handling of infinite values
///           float32  offset [d], scale [d], mean [d]
/// TARGETS   float32  offset [k], scale [k]
/// MEMBERS   int32    number of members that share a network, from 2; only where there are such
/// LIMITS    float32  smallest score [k], largest score [k]; only where scores have limits
/// NETWORKS  int32    number of networks, at least 1, then for each:
///           float32  the parameters and statistics, each row after row, in the order in which the layers declare them
/// </code>
/// Where there is an encoding of the features, it has a section:
/// <code>
/// ENCODING  int32    number of inputs d            byte   whether features are clipped smoothly, 0 or 1
///           int32    number of bins n               int32  [n] sources, float32 [n] lower ends, float32 [n] inverse widths
///           int32    number m of features that may be missing, int32 [m]
/// </code>
/// Where there are groups of categories, they have one, and the inputs of the encoding are what is made of them:
/// <code>
/// CATEGORY  int32    number of inputs d            int32  width of the vectors, 0 if no group is embedded
///           float32  category dropout              int32  number of groups, then for each:
///                    int32 first, int32 last, byte embedded, 0 or 1
/// </code>
/// and where numbers are embedded, they have one:
/// <code>
/// NUMBERS   tagged   embedding: int32 frequencies, int32 width, float32 initial scale
///           int32    number n of features that are embedded, int32 [n]
/// </code>
/// and where features are whitened or mapped to quantiles:
/// <code>
/// WHITEN    int32    number of inputs d, int32 number n of elements, float32 [d, n / d] matrix
/// QUANTILE  int32    number of features n, int32 [n], the number of those again, int32 [n] knots of each
///           int32    number of all knots m, float32 [m] knots, float32 [m] quantiles
/// </code>
/// and where it is known which values the features had in training, an optional one that scores do not depend on:
/// <code>
/// RANGES    float32  least values [d], greatest values [d]
/// </code>
/// The networks of an ensemble have everything but their parameters in common. What comes later comes in sections of its own, which are written only
/// where a model has it: the layout of a section never changes.
/// </remarks>
internal static class ModelBody
{
    private static readonly SectionKind _layers = new("LAYERS");
    private static readonly SectionKind _categories = new("CATEGORY");
    private static readonly SectionKind _encoding = new("ENCODING");
    private static readonly SectionKind _numbers = new("NUMBERS");
    private static readonly SectionKind _whitening = new("WHITEN");
    private static readonly SectionKind _quantiles = new("QUANTILE");
    private static readonly SectionKind _loss = new("LOSS");
    private static readonly SectionKind _features = new("FEATURES");
    private static readonly SectionKind _targets = new("TARGETS");
    private static readonly SectionKind _members = new("MEMBERS");
    private static readonly SectionKind _limits = new("LIMITS");
    private static readonly SectionKind _ranges = new("RANGES", IsRequired: false);
    private static readonly SectionKind _networks = new("NETWORKS");

    /// <summary>Units, three tags, five numbers and a flag.</summary>
    private const int SmallestLayer = 28;

    /// <summary>A source, an end and a width.</summary>
    private const int BinBytes = 12;

    /// <summary>Two features and a flag.</summary>
    private const int GroupBytes = 9;

    /// <summary>What a map of categories needs for a feature.</summary>
    private const double CategorizedBytes = 8;

    /// <summary>The kinds of sections that a model has.</summary>
    public static ReadOnlySpan<SectionKind> Kinds => new[]
    {
        _layers, _categories, _whitening, _quantiles, _encoding, _numbers, _loss, _features, _targets, _members, _limits, _ranges, _networks,
    };

    /// <exception cref="NotSupportedException">The model has more networks or layers than can be read again.</exception>
    public static void Write(SectionList sections, MlpModel model)
    {
        if (ModelBudget.Problem(model.Architecture, model.Networks.Count) is { } problem)
        {
            throw new NotSupportedException($"The model cannot be saved: {problem}.");
        }

        sections.Add(_layers, writer => WriteArchitecture(writer, model.Architecture));
        if (model.Architecture.Categories is { } categories)
        {
            sections.Add(_categories, writer => WriteCategories(writer, categories));
        }

        if (model.Architecture.Whitening is { } whitening)
        {
            sections.Add(_whitening, writer =>
            {
                writer.Write(whitening.FeatureCount);
                writer.Write(whitening.Matrix.Values.Length);
                Envelope.Write(writer, whitening.Matrix.Values);
            });
        }

        if (model.Standardizer.Quantiles is { } quantiles)
        {
            sections.Add(_quantiles, writer =>
            {
                WriteNumbers(writer, quantiles.Features);
                WriteNumbers(writer, quantiles.Counts);
                writer.Write(quantiles.Knots.Length);
                Envelope.Write(writer, quantiles.Knots);
                Envelope.Write(writer, quantiles.Quantiles);
            });
        }

        if (model.Architecture.Encoding is { } encoding)
        {
            sections.Add(_encoding, writer => WriteEncoding(writer, encoding));
        }

        if (model.Architecture.Numbers is { } numbers)
        {
            sections.Add(_numbers, writer =>
            {
                TaggedRecords.Embeddings.Write(writer, numbers.Embedding);
                WriteNumbers(writer, numbers.Numbers);
            });
        }

        sections.Add(_loss, writer => TaggedRecords.Losses.Write(writer, model.Loss));
        sections.Add(_features, writer =>
        {
            writer.Write((byte)model.Standardizer.MissingValues);
            writer.Write((byte)model.Standardizer.InfiniteValues);
            Envelope.Write(writer, model.Standardizer.Offset);
            Envelope.Write(writer, model.Standardizer.Scale);
            Envelope.Write(writer, model.Standardizer.Means);
        });
        sections.Add(_targets, writer =>
        {
            Envelope.Write(writer, model.Targets.Offset);
            Envelope.Write(writer, model.Targets.ScoringScale);
        });
        if (model.Architecture.SharedMembers > 1)
        {
            sections.Add(_members, writer => writer.Write(model.Architecture.SharedMembers));
        }

        if (model.Targets.Limits is { } limits)
        {
            sections.Add(_limits, writer =>
            {
                Envelope.Write(writer, limits.Lower);
                Envelope.Write(writer, limits.Upper);
            });
        }

        if (model.FeatureRanges is { } ranges)
        {
            sections.Add(_ranges, writer =>
            {
                Envelope.Write(writer, ranges.Lower);
                Envelope.Write(writer, ranges.Upper);
            });
        }

        ParameterLayout layout = model.Architecture.Layout();
        sections.Add(_networks, writer =>
        {
            writer.Write(model.Networks.Count);
            foreach (MlpModel member in model.Networks)
            {
                foreach (Parameter parameter in layout.Parameters)
                {
                    Envelope.Write(writer, member.Values.Slice(layout.StartOf(parameter), parameter.Length));
                }
            }
        });
    }

    /// <param name="sections">The sections, of which <see cref="Kinds"/> are known.</param>
    /// <param name="budget">What the model may take.</param>
    /// <exception cref="InvalidDataException">The content is damaged, or asks for too much.</exception>
    /// <exception cref="ArgumentException">An option is damaged.</exception>
    /// <exception cref="OverflowException">A size is damaged.</exception>
    public static MlpModel Read(Sections sections, ModelBudget budget)
    {
        FeatureEncoding? encoding = sections.Has(_encoding) ? sections.Read(_encoding, ReadEncoding) : null;
        PeriodicNumbers? numbers = !sections.Has(_numbers) ? null : sections.Read(_numbers, reader =>
            new PeriodicNumbers(TaggedRecords.Embeddings.Read(reader), ReadNumbers(reader, sizeof(int), "features that are embedded")));
        Whitening? whitening = !sections.Has(_whitening) ? null : sections.Read(_whitening, reader =>
            new Whitening(reader.Int32(), reader.Singles(reader.Count(sizeof(float), "weights of the whitening"), "weights of the whitening")));
        CategoryMap? categories = sections.Has(_categories) ? sections.Read(_categories, reader => ReadCategories(reader, budget)) : null;
        MlpArchitecture architecture = sections.Read(_layers, reader => ReadArchitecture(reader, categories, whitening, encoding, numbers));
        QuantileMap? quantiles = sections.Has(_quantiles) ? sections.Read(_quantiles, reader => ReadQuantiles(reader, architecture.InputSize)) : null;
        architecture = sections.Has(_members) ? architecture with { SharedMembers = sections.Read(_members, reader => reader.Int32()) } : architecture;
        FeatureRanges? ranges = sections.Has(_ranges) ? sections.Read(_ranges, reader => ReadRanges(reader, architecture.InputSize)) : null;
        var parts = new ModelParts(
            architecture,
            sections.Read(_loss, TaggedRecords.Losses.Read),
            sections.Read(_features, reader => ReadFeatures(reader, architecture.InputSize))
                .KeepingMissing(architecture.ShownMissing).With(quantiles).With(ranges),
            sections.Read(_targets, reader => ReadTargets(reader, architecture.OutputSize)));
        if (sections.Has(_limits))
        {
            parts = parts with { Targets = parts.Targets.With(sections.Read(_limits, reader => ReadLimits(reader, parts))) };
        }

        return sections.Read(_networks, reader => ReadNetworks(reader, parts, reader.Int32(), budget));
    }

    /// <param name="reader">At the handling of missing values.</param>
    /// <param name="inputs">The number of features.</param>
    public static FeatureStandardizer ReadFeatures(BoundedReader reader, int inputs)
    {
        InvalidValueHandling missing = ReadHandling(reader), infinite = ReadHandling(reader);
        return new FeatureStandardizer(
            reader.Singles(inputs, "feature offsets"), reader.Singles(inputs, "feature scales"), reader.Singles(inputs, "feature means"), missing, infinite);
    }

    /// <param name="reader">At the offsets.</param>
    /// <param name="outputs">The number of outputs.</param>
    public static TargetUnits ReadTargets(BoundedReader reader, int outputs) =>
        new(reader.Singles(outputs, "target offsets"), reader.Singles(outputs, "target scales"));

    /// <summary>Reads the parameters, which reach to the end of what <paramref name="reader"/> has.</summary>
    /// <param name="reader">At the parameters of the first network.</param>
    /// <param name="parts">What the networks have in common.</param>
    /// <param name="networks">How many there are, as the file claims.</param>
    /// <param name="budget">What they may take.</param>
    public static MlpModel ReadNetworks(BoundedReader reader, ModelParts parts, int networks, ModelBudget budget)
    {
        parts.Loss.CheckOutputCount(parts.Architecture.OutputSize);
        if (networks < 1)
        {
            throw reader.Damaged($"it claims to have {networks} networks.");
        }

        // Before anything is made of widths that were not compared with the bytes that are left.
        if (WeightsOf(parts.Architecture) * networks * sizeof(float) > reader.Left)
        {
            throw reader.Damaged($"the weights of {networks} networks do not fit into the {reader.Left} bytes that are left.");
        }

        budget.Take(parts.Architecture, networks);
        ParameterLayout layout = parts.Architecture.Layout();
        long size = layout.Parameters.Sum(parameter => (long)parameter.Length) * sizeof(float);
        if (size * networks != reader.Left)
        {
            throw reader.Damaged($"{networks} networks of {size} bytes each do not make up the {reader.Left} bytes that are left.");
        }

        var members = new MlpModel[networks];
        for (int i = 0; i < members.Length; i++)
        {
            float[] values = new float[layout.TrainableLength + layout.StatisticLength];
            foreach (Parameter parameter in layout.Parameters)
            {
                reader.Singles(values.AsSpan(layout.StartOf(parameter), parameter.Length), parameter.Name);
            }

            members[i] = new MlpModel(parts.Architecture, parts.Loss, parts.Standardizer, parts.Targets, values);
        }

        return MlpModel.Average(members);
    }

    private static FeatureRanges ReadRanges(BoundedReader reader, int inputs)
    {
        float[] lower = reader.Singles(inputs, "least features"), upper = reader.Singles(inputs, "greatest features");
        for (int j = 0; j < inputs; j++)
        {
            if (!(lower[j] <= upper[j]))
            {
                throw reader.Damaged(FormattableString.Invariant($"the range {lower[j]} to {upper[j]} of feature {j} makes no sense."));
            }
        }

        return new(lower, upper);
    }

    private static ValueLimits ReadLimits(BoundedReader reader, ModelParts parts)
    {
        int outputs = parts.Architecture.OutputSize;
        float[] lower = reader.Singles(outputs, "smallest scores"), upper = reader.Singles(outputs, "largest scores");
        for (int k = 0; k < outputs; k++)
        {
            if (!(lower[k] <= upper[k]))
            {
                throw reader.Damaged(FormattableString.Invariant($"the limits {lower[k]} and {upper[k]} of score {k} make no sense."));
            }
        }

        return parts.Loss.TargetsAreValues ? new(lower, upper) : throw reader.Damaged($"it has limits of scores that {parts.Loss} does not know.");
    }

    private static void WriteArchitecture(BinaryWriter writer, MlpArchitecture architecture)
    {
        writer.Write(architecture.InputSize);
        writer.Write(architecture.OutputSize);
        writer.Write(architecture.InputDropout);
        writer.Write(architecture.InputNoise);
        TaggedRecords.Initializers.Write(writer, architecture.OutputInitializer);
        writer.Write(architecture.HiddenLayers.Count);
        foreach (HiddenLayer layer in architecture.HiddenLayers)
        {
            writer.Write(layer.Units);
            TaggedRecords.Activations.Write(writer, layer.Activation);
            TaggedRecords.Normalizations.Write(writer, layer.Normalization);
            TaggedRecords.Initializers.Write(writer, layer.WeightInitializer);
            writer.Write(layer.Dropout);
            writer.Write(layer.Noise);
            writer.Write(layer.DropConnect);
            writer.Write(layer.ActivityRegularization.BaseRate);
            writer.Write(layer.InitialBias);
            writer.Write(layer.Residual);
        }
    }

    private static MlpArchitecture ReadArchitecture(
        BoundedReader reader, CategoryMap? categories, Whitening? whitening, FeatureEncoding? encoding, PeriodicNumbers? numbers)
    {
        int inputs = reader.Int32(), outputs = reader.Int32();
        float inputDropout = reader.Single(), inputNoise = reader.Single();
        Initializer? outputInitializer = TaggedRecords.Initializers.Read(reader);
        int count = reader.Count(SmallestLayer, "hidden layers");
        ModelBudget.CheckHiddenLayers(count);
        var layers = new HiddenLayer[count];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new HiddenLayer(reader.Int32())
            {
                Activation = TaggedRecords.Activations.Read(reader),
                Normalization = TaggedRecords.Normalizations.Read(reader),
                WeightInitializer = TaggedRecords.Initializers.Read(reader),
                Dropout = reader.Single(),
                Noise = reader.Single(),
                DropConnect = reader.Single(),
                ActivityRegularization = reader.Single(),
                InitialBias = reader.Single(),
                Residual = reader.Boolean(),
            };
        }

        return new MlpArchitecture(inputs, outputs)
        {
            // First, for they decide how many inputs a residual connection of the first layer goes around.
            Categories = categories,
            Whitening = whitening,
            Encoding = encoding,
            Numbers = numbers,
            InputDropout = inputDropout,
            InputNoise = inputNoise,
            OutputInitializer = outputInitializer,
            HiddenLayers = layers,
        };
    }

    private static void WriteCategories(BinaryWriter writer, CategoryMap categories)
    {
        writer.Write(categories.FeatureCount);
        writer.Write(categories.Width);
        writer.Write(categories.Dropout);
        writer.Write(categories.Groups.Length);
        for (int g = 0; g < categories.Groups.Length; g++)
        {
            writer.Write(categories.Groups[g].First);
            writer.Write(categories.Groups[g].Last);
            writer.Write(categories.IsEmbedded[g]);
        }
    }

    private static CategoryMap ReadCategories(BoundedReader reader, ModelBudget budget)
    {
        int inputs = reader.Int32(), width = reader.Int32();
        float dropout = reader.Single();
        var groups = new CategoricalGroup[reader.Count(GroupBytes, "groups of categories")];
        bool[] isEmbedded = new bool[groups.Length];
        for (int g = 0; g < groups.Length; g++)
        {
            (groups[g], isEmbedded[g]) = (new(reader.Int32(), reader.Int32()), reader.Boolean());
        }

        budget.TakeBytes(CategorizedBytes * inputs, "categories of the features");
        return new(inputs, groups, isEmbedded, width, dropout);
    }

    private static QuantileMap ReadQuantiles(BoundedReader reader, int inputs)
    {
        int[] features = ReadNumbers(reader, sizeof(int), "features with quantiles"), counts = ReadNumbers(reader, sizeof(int), "numbers of knots");
        int knots = reader.Count(2 * sizeof(float), "knots");
        var quantiles = new QuantileMap(features, counts, reader.Singles(knots, "knots"), reader.Singles(knots, "quantiles"));
        return features.Length == 0 || features[^1] < inputs ? quantiles : throw reader.Damaged($"it has quantiles of feature {features[^1]} of {inputs}.");
    }

    private static void WriteEncoding(BinaryWriter writer, FeatureEncoding encoding)
    {
        writer.Write(encoding.FeatureCount);
        writer.Write(encoding.IsClipped);
        WriteNumbers(writer, encoding.Sources);
        Envelope.Write(writer, encoding.LowerEnds);
        Envelope.Write(writer, encoding.InverseWidths);
        WriteNumbers(writer, encoding.Missing);
    }

    private static FeatureEncoding ReadEncoding(BoundedReader reader)
    {
        int inputs = reader.Int32();
        bool isClipped = reader.Boolean();
        int[] sources = ReadNumbers(reader, BinBytes, "bins");
        float[] lowerEnds = reader.Singles(sources.Length, "lower ends"), inverseWidths = reader.Singles(sources.Length, "widths");
        return new(inputs, sources, lowerEnds, inverseWidths, ReadNumbers(reader, sizeof(int), "features that may be missing"), isClipped);
    }

    private static void WriteNumbers(BinaryWriter writer, ReadOnlySpan<int> numbers)
    {
        writer.Write(numbers.Length);
        foreach (int number in numbers)
        {
            writer.Write(number);
        }
    }

    private static int[] ReadNumbers(BoundedReader reader, int smallest, string what)
    {
        int[] numbers = new int[reader.Count(smallest, what)];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.Int32();
        }

        return numbers;
    }

    /// <summary>The number of weights of a network; in floating point, which no sizes can overflow.</summary>
    private static double WeightsOf(MlpArchitecture architecture)
    {
        double inputs = architecture.EncodedSize;
        double weights = (architecture.SharedMembers > 1 ? (double)architecture.SharedMembers * architecture.CategorizedSize : 0) + VectorsOf(architecture);
        foreach (HiddenLayer layer in architecture.HiddenLayers)
        {
            weights += inputs * layer.Units * layer.Activation.SumsPerUnit;
            inputs = layer.Units;
        }

        weights += architecture.Numbers?.ParameterCount ?? 0;
        return weights + inputs * architecture.OutputSize * architecture.SharedMembers;
    }

    private static double VectorsOf(MlpArchitecture architecture) =>
        architecture.Categories is { } categories ? (double)categories.TableRows * categories.Width : 0;

    /// <summary>Where a parameter begins in <see cref="MlpModel.Values"/>.</summary>
    private static InvalidValueHandling ReadHandling(BoundedReader reader)
    {
        var handling = (InvalidValueHandling)reader.Byte();
        return Enum.IsDefined(handling) ? handling : throw reader.Damaged($"{(int)handling} is no way to handle values.");
    }
}
