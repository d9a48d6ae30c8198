using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Compares the gradients of a network with central differences of a <see cref="ReferenceNetwork"/> in double precision: over all
/// parameters and the whole input.
/// </summary>
/// <remarks>
/// Central differences in double precision with a step of 1e-5 are good to some 1e-9 of the loss; the network's own single precision
/// is the larger part of the difference. So an entry may differ by <see cref="Tolerance"/> of the largest entry of its parameter (or of
/// the input), which is a few hundred roundings; a wrong formula shows in the first digit.
/// </remarks>
internal sealed class GradientCheck
{
    /// <summary>Relative to the largest entry of the same parameter.</summary>
    private const double Tolerance = 5e-5;

    private const double Step = 1e-5;

    /// <summary>Entries below this part of the largest gradient of all are roundings of zero.</summary>
    private const double Floor = 1e-3;

    private readonly Dictionary<string, (double[] Analytic, double[] Numeric)> _gradients = [];

    /// <summary>Every parameter's gradient, and <c>Input</c>.</summary>
    public IReadOnlyDictionary<string, (double[] Analytic, double[] Numeric)> Gradients => _gradients;

    /// <summary>The logits of the network and of the reference.</summary>
    public (double[] Network, double[] Reference) Logits { get; private set; }

    /// <summary>The sum of the losses by the network and by the reference.</summary>
    public (double Network, double Reference) Loss { get; private set; }

    /// <summary>How near to a kink the check came: differences over a kink mean nothing.</summary>
    public double NearestKink { get; private set; }

    public static GradientCheck Of(GradientCase example, int seed)
    {
        var random = new SeededRandom(seed);
        using var team = new ThreadTeam(1);
        MlpArchitecture architecture = example.Architecture;
        var network = new MlpNetwork(architecture, example.Rows);
        RandomModels.Randomize(network.Parameters, random.At(1));

        float[] features = new float[example.Rows * architecture.InputSize];
        random.At(2).FillNormal(features, 0.3f, 1);
        (float[] targets, float[] weights) = example.Targets(random.At(3));

        // The reference copies the parameters before the pass: batch normalization moves its statistics.
        SeededRandom passRandom = random.At(4);
        var reference = new ReferenceNetwork(architecture, network.Parameters)
        {
            UseBatchStatistics = example.Mode == PassMode.Training,
            RowWeights = Rows(weights, 1)[0],
            Masks = example.Mode == PassMode.Training ? Draws(architecture, example.Rows, passRandom).Masks : null,
            Noises = example.Mode == PassMode.Training ? Draws(architecture, example.Rows, passRandom).Noises : null,
            DroppedCategories = example.Mode == PassMode.Training ? Dropped(architecture, example.Rows, passRandom) : null,
            Connections = example.Mode == PassMode.Training ? Draws(architecture, example.Rows, passRandom).Connections : [],
            PenalisesActivity = example.Mode == PassMode.Training,
        };
        var check = new GradientCheck();
        check.Analyse(network, new Pass(example.Mode, network.Parameters, team, passRandom) { RowWeights = weights }, example, features, targets, weights);
        check.Differentiate(reference, network.Parameters.Layout, example, Rows(features, example.Rows), Rows(targets, example.Rows), Rows(weights, 1)[0]);
        check.NearestKink = reference.NearestKink;
        return check;
    }

    /// <summary>What differs by more than the tolerance, one line an entry.</summary>
    public IEnumerable<string> Failures()
    {
        double floor = Floor * _gradients.Values.Max(pair => pair.Numeric.Max(Math.Abs));
        foreach ((string name, (double[] analytic, double[] numeric)) in _gradients)
        {
            double tolerance = Tolerance * Math.Max(floor, numeric.Max(Math.Abs));
            for (int i = 0; i < numeric.Length; i++)
            {
                if (!(Math.Abs(analytic[i] - numeric[i]) <= tolerance))
                {
                    yield return FormattableString.Invariant($"{name}[{i}]: {analytic[i]:R}, by differences {numeric[i]:R}");
                }
            }
        }
    }

    public static double[][] Rows(float[] values, int rows) =>
        [.. values.Chunk(values.Length / rows).Select(row => Array.ConvertAll(row, value => (double)value))];

    /// <summary>What DropConnect, noise and dropout draw in a pass: every part of the network has addresses of its own.</summary>
    private static (List<double[][]> Masks, List<double[][]> Noises, Dictionary<int, double[]> Connections) Draws(MlpArchitecture architecture,
        int rows, SeededRandom passRandom)
    {
        var masks = new List<double[][]>();
        var noises = new List<double[][]>();
        var connections = new Dictionary<int, double[]>();
        int inputs = architecture.EncodedSize;
        Draw(NetworkPart.Input, architecture.InputNoise, 0, architecture.CategorizedSize);

        // Every member has dropout and noise of its own, but for the noise of the inputs.
        rows *= architecture.SharedMembers;
        Draw(NetworkPart.Input, 0, architecture.InputDropout, architecture.EncodedSize);
        foreach ((int i, HiddenLayer layer) in architecture.HiddenLayers.Index())
        {
            var part = NetworkPart.Hidden(i);
            if (layer.DropConnect > 0)
            {
                int pieces = layer.Activation is MaxoutActivation maxout ? maxout.Pieces : 1;
                connections[i] = Mask(part.Random(passRandom, RandomPurpose.DropConnect), layer.DropConnect, 1, inputs * layer.Units * pieces)[0];
            }

            Draw(part, layer.Noise, layer.Dropout, layer.Units);
            inputs = layer.Units;
        }

        return (masks, noises, connections);

        void Draw(NetworkPart part, float noise, float dropout, int units)
        {
            if (noise > 0)
            {
                noises.Add(Noise(part.Random(passRandom, RandomPurpose.Noise), noise, rows, units));
            }

            if (dropout > 0)
            {
                masks.Add(Mask(part.Random(passRandom, RandomPurpose.Dropout), dropout, rows, units));
            }
        }
    }

    private static bool[][]? Dropped(MlpArchitecture architecture, int rows, SeededRandom passRandom) => architecture.Categories is not { } categories ? null :
    [
        .. Enumerable.Range(0, rows).Select(i => (bool[])[.. Enumerable.Range(0, categories.Groups.Length).Select(g =>
            NetworkPart.Input.Random(passRandom, RandomPurpose.CategoryDropout).Single(i * categories.Groups.Length + g) < categories.Dropout)]),
    ];

    private static double[][] Noise(SeededRandom passRandom, float deviation, int rows, int units)
    {
        float[] noise = new float[rows * units];
        passRandom.FillNormal(noise, 0, deviation);
        return Rows(noise, rows);
    }

    private static double[][] Mask(SeededRandom passRandom, float drop, int rows, int units)
    {
        float[] mask = new float[rows * units];
        passRandom.FillKeepMask(mask, 1 - drop);
        return Rows(mask, rows);
    }

    private void Analyse(MlpNetwork network, in Pass pass, GradientCase example, float[] features, float[] targets, float[] weights)
    {
        int rows = example.Rows;
        RowBatch input = Batches.Of(features, targets, weights);
        MatrixSpan logits = network.Forward(pass, input);
        double loss = network.Differentiate(example.Loss, logits, input, 1f / rows, units: null, pass.Team).Loss;
        Logits = (ToDouble(logits.Values), []);
        Loss = (loss + network.ActivityPenalty, 0);

        // Whatever was in there before must not matter.
        network.Parameters.Gradients.Span.Fill(99);
        float[] inputGradient = new float[features.Length];
        network.Backward(pass, input, new MatrixSpan(inputGradient, rows, example.Architecture.InputSize));
        new WeightPenalty(0, example.L2).AddGradient(network.Parameters);
        foreach (Parameter parameter in network.Parameters.Layout.Parameters.Where(parameter => parameter.Trainable))
        {
            _gradients[parameter.Name] = (ToDouble(network.Parameters.Gradient(parameter)), []);
        }

        _gradients["Input"] = (ToDouble(inputGradient), []);
    }

    private void Differentiate(ReferenceNetwork reference, ParameterLayout layout, GradientCase example, double[][] rows, double[][] targets, double[] weights)
    {
        double Objective() => reference.LossSum(example.Loss, rows, targets, weights) / rows.Length
            + example.L2 / 2 * layout.Parameters
                .Where(p => p.Name.EndsWith(".Weights", StringComparison.Ordinal) && p.Name is not ("Scales.Weights" or "Categories.Weights"))
                .Sum(p => reference.Parameter(p.Name).Sum(w => w * w));

        Logits = (Logits.Network, [.. reference.Logits(rows).SelectMany(row => row)]);
        Loss = (Loss.Network, reference.LossSum(example.Loss, rows, targets, weights));
        foreach (string name in _gradients.Keys.Where(name => name != "Input"))
        {
            _gradients[name] = (_gradients[name].Analytic, Differences(Objective, reference.Parameter(name)));
        }

        _gradients["Input"] = (_gradients["Input"].Analytic, [.. rows.SelectMany(row => Differences(Objective, row))]);
    }

    public static double[] Differences(Func<double> function, double[] variables)
    {
        var differences = new double[variables.Length];
        for (int i = 0; i < variables.Length; i++)
        {
            double value = variables[i];
            variables[i] = value + Step;
            double above = function();
            variables[i] = value - Step;
            differences[i] = (above - function()) / (2 * Step);
            variables[i] = value;
        }

        return differences;
    }

    private static double[] ToDouble(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}
