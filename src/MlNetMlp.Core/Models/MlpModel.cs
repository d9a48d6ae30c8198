using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>
/// A trained network, or an ensemble of several: standardization of the features, layers, scores. Immutable; any number of threads may
/// score with one instance.
/// </summary>
/// <remarks>
/// Scoring uses no random numbers and keeps no state: a row has the same scores, bit for bit, alone or in a block, on any
/// thread, before and after a round trip through a file. The members of an <see cref="Ensemble"/> share the standardization and the
/// units of the targets, and those of <see cref="Ensemble.Shared"/> the hidden layers, too; its scores are the means of theirs, and for
/// <see cref="SigmoidCrossEntropy"/> the log-odds of the mean probability.
/// </remarks>
public sealed partial class MlpModel
{
    /// <summary>Blocks are scored at most this many rows at a time, so that the values between two layers stay in cache.</summary>
    private const int RowsAtOnce = 128;

    /// <summary>Very wide networks score fewer rows at a time, for the scratch memory of a thread is never given back: 4 MiB, or one row.</summary>
    private const int ScratchFloats = 1 << 20;

    /// <summary>The least and the greatest probability of a class of two; see <see cref="Probability"/>.</summary>
    internal const float LeastProbability = 1f / (1UL << 63) / (1UL << 63);

    internal const float GreatestProbability = 1 - (1f / (1 << 24));

    [ThreadStatic]
    private static AlignedBuffer? _scratch;

    /// <summary>One for each of <see cref="Networks"/>.</summary>
    private readonly ScoringNetwork[] _networks;

    /// <summary>Of members that share a network, these as networks of their own, made when they are asked for; null: there are none.</summary>
    private readonly Lazy<MlpModel[]>? _members;
    private readonly Lazy<ScoringNetwork[]>? _memberNetworks;

    /// <summary>The number of members, of all networks.</summary>
    private readonly int _memberCount;
    private readonly int _scratchPerRow;
    private readonly int _rowsAtOnce;

    /// <summary>A model with one network.</summary>
    /// <param name="architecture">The shape.</param>
    /// <param name="loss">The loss that the network was trained with; it maps logits to scores.</param>
    /// <param name="standardizer">What is done to the features first.</param>
    /// <param name="targets">The units of the targets, for losses that compare values.</param>
    /// <param name="values">Parameters and statistics, laid out as in <see cref="MlpNetwork"/>; taken over, not copied.</param>
    /// <exception cref="OverflowException">The values are finite, but a weight of the scoring network, which folds several of them, is not.</exception>
    internal MlpModel(MlpArchitecture architecture, Loss loss, FeatureStandardizer standardizer, TargetUnits targets, float[] values)
        : this(architecture, loss, standardizer, targets, [new ScoringNetwork(architecture, targets, values)], null)
    {
    }

    private MlpModel(
        MlpArchitecture architecture, Loss loss, FeatureStandardizer standardizer, TargetUnits targets, ScoringNetwork[] networks,
            IReadOnlyList<MlpModel>? models)
    {
        Architecture = architecture.ForModel;
        Loss = loss.ForModel;
        Standardizer = standardizer;
        Targets = targets;
        _networks = networks;
        Networks = models ?? [this];
        int shared = architecture.SharedMembers;
        if (shared > 1)
        {
            _members = new(() => [.. Networks.SelectMany(model => Enumerable.Range(0, shared).Select(model.Member))]);
            _memberNetworks = new(() => [.. _members.Value.Select(member => member._networks[0])]);
        }

        // Beside the scratch of a network, an ensemble has the outputs of one and gathers those of all.
        _memberCount = networks.Length * shared;
        _scratchPerRow = networks[0].ScratchPerRow + (_memberCount > 1 ? (_memberCount + shared) * OutputCount : 0);
        _rowsAtOnce = Math.Clamp(ScratchFloats / _scratchPerRow, 1, Math.Max(1, RowsAtOnce / shared));
    }

    /// <summary>The shape of the network, or of each network of an ensemble.</summary>
    public MlpArchitecture Architecture { get; }

    /// <summary>The loss that the network was trained with.</summary>
    public Loss Loss { get; }

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount => Architecture.InputSize;

    /// <summary>The number of scores of a row.</summary>
    public int OutputCount => Architecture.OutputSize;

    /// <summary>
    /// The members of an ensemble, each a model of its own; of a model with a single network, that model alone. Those that share a network are copied out of
    /// it when they are asked for first, with their scales multiplied into the weights.
    /// </summary>
    public IReadOnlyList<MlpModel> Members => _members is null ? Networks : _members.Value;

    /// <summary>
    /// The least and the greatest value of each feature in the training rows; null if the model was saved by an earlier release, or comes from elsewhere.
    /// </summary>
    public FeatureRanges? FeatureRanges => Standardizer.Ranges;

    internal FeatureStandardizer Standardizer { get; }

    internal TargetUnits Targets { get; }

    /// <summary>The networks that were trained, each a model with parameters of its own: <see cref="Members"/>, unless these share some.</summary>
    internal IReadOnlyList<MlpModel> Networks { get; }

    /// <summary>The networks that score, one for each of <see cref="Members"/>.</summary>
    internal IReadOnlyList<ScoringNetwork> MemberNetworks => _memberNetworks is null ? _networks : _memberNetworks.Value;

    /// <summary>Parameters and statistics of the network, or of the first of an ensemble, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    internal ReadOnlySpan<float> Values => _networks[0].Values;

    /// <summary>The ensemble of <paramref name="members"/>; of one, that member itself.</summary>
    /// <param name="members">At least one; models with one network each, which have all but their parameters in common.</param>
    internal static MlpModel Average(IReadOnlyList<MlpModel> members)
    {
        MlpModel first = members[0];
        return members.Count == 1
            ? first
            : new MlpModel(first.Architecture, first.Loss, first.Standardizer, first.Targets, [.. members.Select(member => member._networks[0])], members);
    }

    /// <summary>The probability of the positive class, <c>1 / (1 + exp(-score))</c>, from the score of a <see cref="SigmoidCrossEntropy"/> model.</summary>
    /// <param name="score">The log-odds. NaN gives NaN.</param>
    /// <returns>
    /// Never 0 or 1, of which the other class would have an infinite log-loss: from 2^-126 to 1 - 2^-24, the normal numbers of single precision next to them.
    /// </returns>
    public static float Probability(float score)
    {
        double probability = score >= 0 ? 1 / (1 + Math.Exp(-(double)score)) : Math.Exp(score) / (1 + Math.Exp(score));
        return Math.Clamp((float)probability, LeastProbability, GreatestProbability);
    }

    /// <summary>Scores one row. Allocates nothing once a thread has scored its first row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="scores">
    /// [<see cref="OutputCount"/>], as the loss says: class probabilities for <see cref="SoftmaxCrossEntropy"/>, log-odds for
    /// <see cref="SigmoidCrossEntropy"/>, margins for the hinge losses, shares for <see cref="KullbackLeiblerDivergence"/>, values in the
    /// units of the targets for <see cref="SquaredError"/> and the other losses of values.
    /// </param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="InvalidFeatureException">The model refuses a feature value, or it is too large to score.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores) => Predict(features, scores, 1);

    /// <summary>Scores a block of rows.</summary>
    /// <param name="features">[rows, <see cref="FeatureCount"/>], row after row; NaN means missing.</param>
    /// <param name="scores">[rows, <see cref="OutputCount"/>]; see <see cref="Predict(ReadOnlySpan{float}, Span{float})"/>.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <exception cref="ArgumentException">A span does not have the length that <paramref name="rows"/> rows need.</exception>
    /// <exception cref="InvalidFeatureException">The model refuses a feature value, or it is too large to score.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        CheckLength(features.Length, rows, FeatureCount, nameof(features));
        CheckLength(scores.Length, rows, OutputCount, nameof(scores));
        for (int first = 0; first < rows; first += _rowsAtOnce)
        {
            int count = Math.Min(_rowsAtOnce, rows - first);
            ReadOnlySpan<float> block = features.Slice(first * FeatureCount, count * FeatureCount);
            try
            {
                Score(block, new MatrixSpan(scores.Slice(first * OutputCount, count * OutputCount), count, OutputCount));
            }
            catch (InvalidFeatureException exception) when (first > 0)
            {
                throw exception.AtRow(first + exception.Row);
            }
        }
    }

    /// <summary>About how many multiplications the dense layers take to score a row: one for each parameter, and each of the members that share it.</summary>
    internal long Work => (long)Values.Length * _memberCount;

    /// <inheritdoc cref="ScoringNetwork.HasFiniteOutputs"/>
    internal bool HasFiniteOutputs(double feature, bool drops) => Array.TrueForAll(_networks, network => network.HasFiniteOutputs(feature, drops));

    /// <summary>The parameters by name of the network, or of the first of an ensemble, in a vector of their own.</summary>
    internal ParameterVector RestoreParameters() => _networks[0].RestoreParameters();

    /// <summary>
    /// The steps of the network, or of the first of an ensemble, as they score; behind them come <see cref="MlNetMlp.Loss.ToScores"/> and limits.
    /// </summary>
    internal IReadOnlyList<ScoringLink> ScoringLinks() => _networks[0].Plan(Targets).Links();

    private static void CheckLength(int length, int rows, int columns, string name)
    {
        if (length != (long)rows * columns)
        {
            throw new ArgumentException($"'{name}' has {length} values; {rows} rows of {columns} need {(long)rows * columns}.", name);
        }
    }

    private void Score(ReadOnlySpan<float> features, MatrixSpan scores)
    {
        Span<float> scratch = Scratch(scores.Rows * _scratchPerRow);
        if (_memberCount == 1)
        {
            Forward(_networks[0], features, scratch, scores);
            ToScores([], scores);
        }
        else
        {
            ScoreByAll(features, scratch, scores);
        }
    }

    /// <summary>Scores by all members; their outputs lie together, row by row.</summary>
    private void ScoreByAll(ReadOnlySpan<float> features, Span<float> scratch, MatrixSpan scores)
    {
        int shared = Architecture.SharedMembers, rows = scores.Rows;
        Span<float> gathered = scratch[..(rows * _memberCount * OutputCount)];
        var outputs = new MatrixSpan(scratch.Slice(gathered.Length, rows * shared * OutputCount), rows * shared, OutputCount);
        Span<float> rest = scratch[(gathered.Length + outputs.Values.Length)..];
        for (int n = 0; n < _networks.Length; n++)
        {
            Forward(_networks[n], features, rest, outputs);
            for (int m = 0; m < shared; m++)
            {
                GatherOutputs(n * shared + m, outputs.Slice(m * rows, rows), gathered);
            }
        }

        ToScores(gathered, scores);
    }

    /// <summary>Copies the outputs of a member beside those of the others: [rows, members, outputs].</summary>
    private void GatherOutputs(int member, MatrixSpan outputs, Span<float> gathered)
    {
        for (int i = 0; i < outputs.Rows; i++)
        {
            outputs.Row(i).CopyTo(gathered[((i * _memberCount + member) * OutputCount)..]);
        }
    }

    /// <summary>Makes scores of the gathered outputs of all members.</summary>
    private void ToScores(Span<float> gathered, MatrixSpan scores)
    {
        int perRow = _memberCount * OutputCount;
        for (int i = 0; i < scores.Rows; i++)
        {
            if (_memberCount == 1)
            {
                Loss.ToScores(scores.Row(i));
            }
            else
            {
                Loss.AverageScores(new MatrixSpan(gathered.Slice(i * perRow, perRow), _memberCount, OutputCount), scores.Row(i));
            }
        }

        Targets.Limits?.Clamp(scores.Values);
    }

    /// <summary>Writes the outputs of one network, of shared members one block behind the other.</summary>
    private void Forward(ScoringNetwork network, ReadOnlySpan<float> features, Span<float> scratch, MatrixSpan outputs)
    {
        Standardizer.Apply(features, scratch[..features.Length], features.Length / FeatureCount);
        network.Forward(scratch, outputs);
        CheckFinite(features, outputs);
    }

    private void CheckFinite(ReadOnlySpan<float> features, MatrixSpan outputs)
    {
        if (!RowOps.AllFinite(outputs.Values))
        {
            throw Overflow(features, outputs);
        }
    }

    private static Span<float> Scratch(int length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            _scratch = new AlignedBuffer(length);
        }

        return _scratch.Span[..length];
    }

    private static int FirstOverflow(MatrixSpan outputs)
    {
        int row = 0;
        while (RowOps.AllFinite(outputs.Row(row)))
        {
            row++;
        }

        return row;
    }

    /// <summary>Finite features, but a sum overflowed on the way: the feature farthest from the training rows is to blame.</summary>
    private InvalidFeatureException Overflow(ReadOnlySpan<float> features, MatrixSpan scores)
    {
        int row = FirstOverflow(scores) % (features.Length / FeatureCount);
        float[] prepared = new float[FeatureCount];
        ReadOnlySpan<float> values = features.Slice(row * FeatureCount, FeatureCount);
        Standardizer.Apply(values, prepared, 1);
        int feature = TensorPrimitives.IndexOfMaxMagnitude<float>(prepared);
        return new(row, feature, values[feature], "it is too far from the training rows for a finite score, or the weights are too large.");
    }

    /// <summary>
    /// Weights, biases and statistics by name, for example <c>model.Weights()["Hidden1.Weights"]</c>, as they were learned: of standardized features, and
    /// before anything is folded for scoring. Of an ensemble, those of its first network; <see cref="Members"/> have theirs.
    /// </summary>
    public ModelWeights Weights()
    {
        ParameterLayout layout = Architecture.Layout();
        return new(layout.Parameters.Select(parameter =>
            new WeightMatrix(parameter, _networks[0].Memory.Slice(layout.StartOf(parameter), parameter.Length))));
    }

    /// <summary>The layers with the number of their parameters, and what is done to the features; as a text, a table.</summary>
    public ModelSummary Summary() => new(this);

    /// <summary>The shape and the loss, for example <c>4-32-3 with SoftmaxCrossEntropy</c>.</summary>
    public override string ToString() => (Networks.Count > 1 ? FormattableString.Invariant($"{Networks.Count} networks ") : "") + $"{Architecture} with {Loss}";

    /// <summary>The network with some of the members that share it.</summary>
    /// <param name="numbers">Their numbers, from 0, in ascending order.</param>
    internal MlpModel WithMembers(int[] numbers) => numbers is [int only]
        ? Member(only)
        : new(
            Architecture with { SharedMembers = numbers.Length }, Loss, Standardizer, Targets,
            MemberParameters.Keep(Architecture, RestoreParameters(), numbers));

    /// <summary>Member number <paramref name="number"/>, from 0, of those that share this network, as a network of its own.</summary>
    private MlpModel Member(int number) => new(
        MemberParameters.OfOne(Architecture), Loss, Standardizer, Targets, MemberParameters.Fold(Architecture, RestoreParameters(), number));
}
