using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// What a network computes, written down a second time: plain loops in double precision over the parameters by name, with nothing
/// of the library's mathematics. Slow and simple on purpose.
/// </summary>
internal sealed class ReferenceNetwork
{
    private readonly MlpArchitecture _architecture;
    private readonly Dictionary<string, double[]> _parameters;
    private double[] _activity = [];
    private double _divergence;
    private readonly Dictionary<string, (double R, double D)[]> _corrections = [];

    public ReferenceNetwork(MlpArchitecture architecture, ParameterVector parameters)
    {
        _architecture = architecture;
        _parameters = parameters.Layout.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => Array.ConvertAll(parameters.Value(parameter).ToArray(), value => (double)value));
    }

    /// <summary>
    /// Whether batch normalization takes mean and variance from the rows at hand; needs more than one row with weight. The corrections of batch
    /// renormalization are then those of the first rows for ever: they are constants to the gradient.
    /// </summary>
    public bool UseBatchStatistics { get; init; }

    /// <summary>How much each row counts in mean and variance; null: all the same.</summary>
    public double[]? RowWeights
    {
        get;
        init => field = value is null ? null : [.. Enumerable.Repeat(value, _architecture.SharedMembers).SelectMany(weights => weights)];
    }

    /// <summary>The factors of dropout, by the number of the dropout layer from the input, [rows, units]; null turns dropout off.</summary>
    public IReadOnlyList<double[][]>? Masks { get; init; }

    /// <summary>What noise adds, by the number of the noise layer from the input, [rows, units]; null turns noise off.</summary>
    public IReadOnlyList<double[][]>? Noises { get; init; }

    /// <summary>Which groups of categories of each row are dropped, [rows][groups]; null: none.</summary>
    public bool[][]? DroppedCategories { get; init; }

    /// <summary>The factors of DropConnect [inputs * units], by the number of the hidden layer from 0; a layer without them keeps its weights.</summary>
    public IReadOnlyDictionary<int, double[]> Connections { get; init; } = new Dictionary<int, double[]>();

    /// <summary>Whether the penalties on activations are part of <see cref="LossSum"/>.</summary>
    public bool PenalisesActivity { get; init; }

    /// <summary>
    /// The distance of the nearest argument of an activation or loss with a kink from it (those of activations are at zero), over all
    /// forward passes so far.
    /// </summary>
    public double NearestKink { get; private set; } = double.PositiveInfinity;

    public double[] Parameter(string name) => _parameters[name];

    /// <summary>The values of the network's outputs before the softmax or sigmoid; of shared members, those of all rows by the first come first.</summary>
    public double[][] Logits(double[][] rows)
    {
        int dropouts = 0, noises = 0, members = _architecture.SharedMembers;
        _activity = new double[rows.Length * members];
        _divergence = 0;
        double[][] x = _architecture.Whitening is { } whitening ? [.. rows.Select(row => Whiten(row, whitening))] : rows;
        x = _architecture.Categories is { } categories ? Categorize(x, categories) : x;
        x = _architecture.InputNoise > 0 ? Disturb(x, noises++) : x;
        x = _architecture.Encoding is { } encoding ? Encode(x, encoding) : x;
        x = _architecture.Numbers is { } numbers ? Embed(x, numbers) : x;
        x = members == 1 ? x : [.. Enumerable.Range(0, members).SelectMany(member => x.Select(row => Scale(row, member)))];
        x = _architecture.InputDropout > 0 ? Drop(x, dropouts++) : x;
        for (int layer = 0; layer < _architecture.HiddenLayers.Count; layer++)
        {
            HiddenLayer hidden = _architecture.HiddenLayers[layer];
            string name = $"Hidden{layer + 1}";
            double[][] inputs = x;
            int pieces = hidden.Activation is MaxoutActivation maxout ? maxout.Pieces : 1;
            double[]? connections = Connections.GetValueOrDefault(layer);
            x = hidden.Normalization is CosineNormalization cosine
                ? Cosines(x, name, hidden.Units * pieces, cosine.Epsilon, connections)
                : Affine(x, name, hidden.Units * pieces, hidden.Normalization is WeightNormalization, connections);
            x = hidden.Normalization switch
            {
                BatchNormalization batch => Normalize(x, name + ".Normalization", batch.Epsilon),
                BatchRenormalization batch => Renormalize(x, name + ".Normalization", batch),
                LayerNormalization rowwise => NormalizeRows(x, name + ".Normalization", rowwise.Epsilon),
                _ => x,
            };
            x = hidden.Activation switch
            {
                PReluActivation => Map(x, (value, _, j) => Rectify(value, _parameters[name + ".Slopes"][j])),
                MaxoutActivation => [.. x.Select(row => Enumerable.Range(0, hidden.Units)
                    .Select(j => Largest([.. row.Where((_, c) => c % hidden.Units == j)])).ToArray())],
                _ => Map(x, (value, _, _) => Activate(hidden.Activation, value)),
            };
            if (PenalisesActivity && hidden.ActivityRegularization.BaseRate > 0)
            {
                Penalise(x, hidden.ActivityRegularization.BaseRate);
            }

            if (PenalisesActivity && hidden.Sparsity is { } sparsity)
            {
                Penalise(x, sparsity, hidden.Activation is TanhActivation);
            }

            if (hidden.Noise > 0)
            {
                x = Disturb(x, noises++);
            }

            if (hidden.Dropout > 0)
            {
                x = Drop(x, dropouts++);
            }

            if (hidden.Residual)
            {
                x = Map(x, (value, i, j) => value + inputs[i][j]);
            }
        }

        return members == 1
            ? Affine(x, "Output", _architecture.OutputSize, hasLengths: false, connections: null)
            : [.. x.Chunk(rows.Length).SelectMany((own, member) => Affine(own, $"Output{member + 1}", _architecture.OutputSize, hasLengths: false,
                connections: null))];
    }

    /// <summary>The weighted sum of the losses of the rows, each with its penalties on activations; of shared members, the mean of theirs.</summary>
    public double LossSum(Loss loss, double[][] rows, double[][] targets, double[] weights)
    {
        double[][] logits = Logits(rows);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            int row = i % rows.Length;
            NearestKink = Math.Min(NearestKink, ReferenceLoss.KinkDistance(loss, logits[i], targets[row]));
            sum += weights[row] * (ReferenceLoss.Of(loss, logits[i], targets[row]) + _activity[i]);
        }

        return (sum + _divergence) / _architecture.SharedMembers;
    }

    private double[] Scale(double[] row, int member) =>
    [
        .. row.Select((value, j) => value
            * _parameters["Scales.Weights"][member * _architecture.CategorizedSize + FeatureOf(j)]),
    ];

    private void Penalise(double[][] x, double lambda)
    {
        for (int i = 0; i < x.Length; i++)
        {
            foreach (double activation in x[i])
            {
                _activity[i] += lambda * Math.Abs(activation);

                // A rectified unit at rest stays there: its kink is that of the activation.
                NearestKink = activation == 0 ? NearestKink : Math.Min(NearestKink, Math.Abs(activation));
            }
        }
    }

    /// <summary>The divergence of the mean activations from the target, for every row; units of tanh are moved to [0, 1].</summary>
    private void Penalise(double[][] x, ActivationSparsity sparsity, bool isTanh)
    {
        double rho = sparsity.Target;
        for (int j = 0; j < x[0].Length; j++)
        {
            double rate = Mean(x, row => isTanh ? (row[j] + 1) / 2 : row[j]);
            _divergence += x.Length * sparsity.Weight.BaseRate * (rho * Math.Log(rho / rate) + (1 - rho) * Math.Log((1 - rho) / (1 - rate)));
        }
    }

    private double[][] Affine(double[][] x, string name, int units, bool hasLengths, double[]? connections)
    {
        double[] weights = _parameters[name + ".Weights"];
        if (hasLengths)
        {
            double[] gain = _parameters[name + ".Gain"], length = Lengths(weights, units, 0);
            weights = [.. weights.Select((v, i) => gain[i % units] * v / length[i % units])];
        }

        weights = connections is null ? weights : [.. weights.Zip(connections, (weight, factor) => weight * factor)];
        double[]? biases = _parameters.GetValueOrDefault(name + ".Biases");
        var result = new double[x.Length][];
        for (int i = 0; i < x.Length; i++)
        {
            result[i] = new double[units];
            for (int j = 0; j < units; j++)
            {
                double sum = biases is null ? 0 : biases[j];
                for (int k = 0; k < x[i].Length; k++)
                {
                    sum += x[i][k] * weights[k * units + j];
                }

                result[i][j] = sum;
            }
        }

        return result;
    }

    private double[][] Cosines(double[][] x, string name, int units, double epsilon, double[]? connections)
    {
        double[] weights = _parameters[name + ".Weights"], length = Lengths(weights, units, epsilon);
        return Map(Affine(x, name, units, hasLengths: false, connections),
            (sum, i, j) => sum / length[j] / Math.Sqrt(x[i].Sum(value => value * value) + epsilon));
    }

    private static double[] Lengths(double[] weights, int units, double epsilon) =>
        [.. Enumerable.Range(0, units).Select(j => Math.Sqrt(weights.Where((_, i) => i % units == j).Sum(w => w * w) + epsilon))];

    private double[][] Renormalize(double[][] x, string name, BatchRenormalization options)
    {
        double[] gain = _parameters[name + ".Gain"], shift = _parameters[name + ".Shift"];
        double[] mean = _parameters[name + ".Mean"], deviation = _parameters[name + ".Deviation"];
        if (!UseBatchStatistics || RowsWithWeight(x) < 2)
        {
            return Map(x, (value, _, j) => gain[j] * (value - mean[j]) / deviation[j] + shift[j]);
        }

        double[] batchMean = [.. gain.Select((_, j) => Mean(x, row => row[j]))];
        double[] batchDeviation = [.. gain.Select((_, j) => Math.Sqrt(Mean(x, row => Math.Pow(row[j] - batchMean[j], 2)) + options.Epsilon))];
        if (!_corrections.TryGetValue(name, out (double R, double D)[]? corrections))
        {
            double after = _parameters[name + ".Steps"][0] + 1 - options.WarmupSteps;
            double largestR = 1 + (options.MaximumScale - 1) * Math.Clamp(after / options.ScaleRampSteps, 0, 1);
            double largestD = options.MaximumShift * Math.Clamp(after / options.ShiftRampSteps, 0, 1);
            corrections =
            [
                .. gain.Select((_, j) => (
                    Math.Clamp(batchDeviation[j] / deviation[j], 1 / largestR, largestR),
                    Math.Clamp((batchMean[j] - mean[j]) / deviation[j], -largestD, largestD))),
            ];
            _corrections.Add(name, corrections);
        }

        return Map(x, (value, _, j) => gain[j] * ((value - batchMean[j]) / batchDeviation[j] * corrections[j].R + corrections[j].D) + shift[j]);
    }

    private double Rectify(double z, double slope)
    {
        NearestKink = Math.Min(NearestKink, Math.Abs(z));
        return z > 0 ? z : slope * z;
    }

    private double Largest(double[] sums)
    {
        double[] ordered = [.. sums.OrderDescending()];
        NearestKink = Math.Min(NearestKink, ordered[0] - ordered[1]);
        return ordered[0];
    }

    private double[][] Normalize(double[][] x, string name, double epsilon)
    {
        double[] gain = _parameters[name + ".Gain"], shift = _parameters[name + ".Shift"];
        double[] mean = _parameters[name + ".Mean"], variance = _parameters[name + ".Variance"];
        if (UseBatchStatistics && RowsWithWeight(x) > 1)
        {
            mean = [.. Enumerable.Range(0, gain.Length).Select(j => Mean(x, row => row[j]))];
            variance = [.. Enumerable.Range(0, gain.Length).Select(j => Mean(x, row => Math.Pow(row[j] - mean[j], 2)))];
        }

        return Map(x, (value, _, j) => gain[j] * (value - mean[j]) / Math.Sqrt(variance[j] + epsilon) + shift[j]);
    }

    private int RowsWithWeight(double[][] x) => RowWeights?.Count(weight => weight > 0) ?? x.Length;

    private double Mean(double[][] x, Func<double[], double> value) =>
        RowWeights is null ? x.Average(value) : x.Zip(RowWeights, (row, weight) => weight * value(row)).Sum() / RowWeights.Sum();

    private double[][] NormalizeRows(double[][] x, string name, double epsilon)
    {
        double[] gain = _parameters[name + ".Gain"], shift = _parameters[name + ".Shift"];
        double[] mean = [.. x.Select(row => row.Average())], variance = [.. x.Select(row => row.Average(value => Math.Pow(value - row.Average(), 2)))];
        return Map(x, (value, i, j) => gain[j] * (value - mean[i]) / Math.Sqrt(variance[i] + epsilon) + shift[j]);
    }

    private double Activate(Activation activation, double z)
    {
        if (activation is ReluActivation or LeakyReluActivation or SeluActivation or HardThresholdActivation or EluActivation { Alpha: not 1 })
        {
            NearestKink = Math.Min(NearestKink, Math.Abs(z));
        }

        return ReferenceActivation.Value(activation, z);
    }

    /// <summary>Features that stay, then what is left to 1 in groups that stay, then vectors: the products of one-hot rows with a part of the table.</summary>
    private double[][] Categorize(double[][] x, CategoryMap categories) => [.. x.Select((row, i) =>
    {
        CategoricalGroup[] groups = categories.Groups.ToArray();
        bool[] isEmbedded = categories.IsEmbedded.ToArray();
        double[] shown = [.. row];
        for (int g = 0; g < groups.Length; g++)
        {
            if (DroppedCategories?[i][g] == true)
            {
                shown.AsSpan(groups[g].First, groups[g].Size).Clear();
            }
        }

        List<double> others = [], vectors = [];
        int tableRow = 0;
        for (int g = 0; g < groups.Length; g++)
        {
            double[] slots = shown[groups[g].First..(groups[g].Last + 1)];
            double[] factors = [.. slots, 1 - slots.Sum()];
            if (!isEmbedded[g])
            {
                others.Add(factors[^1]);
                continue;
            }

            for (int c = 0; c < categories.Width; c++)
            {
                vectors.Add(factors.Select((factor, j) => factor * _parameters["Categories.Weights"][(tableRow + j) * categories.Width + c]).Sum());
            }

            tableRow += factors.Length;
        }

        IEnumerable<double> kept = shown.Where((_, j) => !groups.Zip(isEmbedded).Any(pair => pair.Second && j >= pair.First.First && j <= pair.First.Last));
        return (double[])[.. kept, .. others, .. vectors];
    })];

    /// <summary>Features, then shares of bins, then what is missing.</summary>
    private double[][] Encode(double[][] x, FeatureEncoding encoding) => [.. x.Select(row =>
    {
        IEnumerable<double> numbers = row.Select(value => double.IsNaN(value) ? 0 : encoding.IsClipped ? value / Math.Sqrt(1 + value * value / 9) : value);
        IEnumerable<double> shares = encoding.Sources.ToArray().Select((source, bin) =>
        {
            double share = (row[source] - encoding.LowerEnds[bin]) * encoding.InverseWidths[bin];
            double kink = Math.Min(Math.Abs(share), Math.Abs(share - 1)) / encoding.InverseWidths[bin];
            NearestKink = double.IsNaN(share) ? NearestKink : Math.Min(NearestKink, kink);
            return double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1);
        });
        return (double[])[.. numbers, .. shares, .. encoding.Missing.ToArray().Select(feature => double.IsNaN(row[feature]) ? 1.0 : 0)];
    })];

    private static double[] Whiten(double[] row, Whitening whitening) => [.. Enumerable.Range(0, whitening.Components).Select(j =>
        row.Select((value, i) => value * whitening.Matrix.Row(i)[j]).Sum())];

    /// <summary>Beside everything so far, <c>V cos(2 pi (w x + b)) + c</c> or <c>max(V [cos(2 pi w x), sin(2 pi w x)] + c, 0)</c> of each number.</summary>
    private double[][] Embed(double[][] x, PeriodicNumbers numbers) => [.. x.Select(row => (double[])
    [
        .. row,
        .. Enumerable.Range(0, numbers.Count).SelectMany(n =>
        {
            double number = row[numbers.Numbers[n]];
            int count = numbers.Embedding.Frequencies, width = numbers.Embedding.Width;
            double[] frequencies = _parameters["Numbers.Frequencies"][(n * count)..((n + 1) * count)];
            double[] waves = numbers.Embedding is PbldEmbedding
                ? [.. frequencies.Select((w, f) => Math.Cos(2 * Math.PI * (w * number + _parameters["Numbers.Phases"][n * count + f])))]
                : [.. frequencies.Select(w => Math.Cos(2 * Math.PI * w * number)), .. frequencies.Select(w => Math.Sin(2 * Math.PI * w * number))];
            return Enumerable.Range(0, width).Select(d =>
            {
                double sum = _parameters["Numbers.Biases"][n * width + d]
                    + waves.Select((wave, f) => wave * _parameters["Numbers.Weights"][(n * waves.Length + f) * width + d]).Sum();
                if (numbers.Embedding is PbldEmbedding)
                {
                    return sum;
                }

                NearestKink = Math.Min(NearestKink, Math.Abs(sum));
                return Math.Max(sum, 0);
            });
        }),
    ])];

    /// <summary>The feature that an input of the first layer is made of.</summary>
    private int FeatureOf(int column)
    {
        int encoded = _architecture.Encoding?.OutputSize ?? _architecture.CategorizedSize;
        return column >= encoded ? _architecture.Numbers!.Numbers[(column - encoded) / _architecture.Numbers.Embedding.Width]
            : _architecture.Encoding is { } encoding ? encoding.Features()[column] : column;
    }

    private double[][] Drop(double[][] x, int dropout) => Masks is null ? x : Map(x, (value, i, j) => value * Masks[dropout][i][j]);

    private double[][] Disturb(double[][] x, int noise) => Noises is null ? x : Map(x, (value, i, j) => value + Noises[noise][i][j]);

    private static double[][] Map(double[][] x, Func<double, int, int, double> function) =>
        [.. x.Select((row, i) => row.Select((value, j) => function(value, i, j)).ToArray())];
}
