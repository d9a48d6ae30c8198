using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A trained network: standardization of the features, layers, scores. Immutable; any number of threads may score with one instance.</summary>
/// <remarks>
/// Scoring draws nothing from chance and keeps no state: a row has the same scores, bit for bit, alone or in a block, on any
/// thread, before and after a round trip through a file.
/// </remarks>
public sealed class MlpModel
{
    /// <summary>Blocks are scored at most this many rows at a time, so that the values between two layers stay in cache.</summary>
    private const int RowsAtOnce = 128;

    /// <summary>Very wide networks score fewer rows at a time, for the scratch memory of a thread is never given back: 4 MiB, or one row.</summary>
    private const int ScratchFloats = 1 << 20;

    [ThreadStatic]
    private static AlignedBuffer? _scratch;

    private readonly ScoringStep[] _steps;
    private readonly int _widest;
    private readonly int _buffers;
    private readonly int _rowsAtOnce;
    private readonly float[] _values;

    /// <param name="architecture">The shape.</param>
    /// <param name="loss">The loss that the network was trained with; it maps logits to scores.</param>
    /// <param name="standardizer">What is done to the features first.</param>
    /// <param name="targets">The units of the targets, for losses that compare values.</param>
    /// <param name="values">Parameters and statistics, laid out as in <see cref="MlpNetwork"/>; taken over, not copied.</param>
    /// <exception cref="OverflowException">The values are finite, but a weight of the scoring network, which folds several of them, is not.</exception>
    internal MlpModel(MlpArchitecture architecture, Loss loss, FeatureStandardizer standardizer, TargetUnits targets, float[] values)
    {
        Architecture = architecture;
        Loss = loss;
        Standardizer = standardizer;
        Targets = targets;
        _values = values;

        ScoringPlan plan = Network().Plan();
        plan.ScaleOutputs(targets.Scale, targets.Offset);
        _steps = plan.Build();
        _widest = Math.Max(architecture.InputSize, _steps.Max(step => step.OutputSize));

        // Inputs and outputs of a step, and what a connection around some steps has to remember.
        _buffers = Array.Exists(_steps, step => step.KeepsInput) ? 3 : 2;
        _rowsAtOnce = Math.Clamp(ScratchFloats / _buffers / _widest, 1, RowsAtOnce);
    }

    /// <summary>The shape of the network.</summary>
    public MlpArchitecture Architecture { get; }

    /// <summary>The loss that the network was trained with.</summary>
    public Loss Loss { get; }

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount => Architecture.InputSize;

    /// <summary>The number of scores of a row.</summary>
    public int OutputCount => Architecture.OutputSize;

    internal FeatureStandardizer Standardizer { get; }

    internal TargetUnits Targets { get; }

    /// <summary>Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    internal ReadOnlySpan<float> Values => _values;

    /// <summary>The probability of the positive class, <c>1 / (1 + exp(-score))</c>, from the score of a <see cref="SigmoidCrossEntropy"/> model.</summary>
    /// <param name="score">The log-odds. NaN gives NaN.</param>
    public static float Probability(float score) => score >= 0
        ? (float)(1 / (1 + Math.Exp(-(double)score)))
        : (float)(Math.Exp(score) / (1 + Math.Exp(score)));

    /// <summary>Scores one row. Allocates nothing once a thread has scored its first row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="scores">
    /// [<see cref="OutputCount"/>], as the loss says: class probabilities for <see cref="SoftmaxCrossEntropy"/>, log-odds for
    /// <see cref="SigmoidCrossEntropy"/>, margins for the hinge losses, shares for <see cref="KullbackLeiblerDivergence"/>, values in the
    /// units of the targets for <see cref="SquaredError"/> and the other losses of values.
    /// </param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="InvalidFeatureException">A feature is refused by the options of the model, or too large to score.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores) => Predict(features, scores, 1);

    /// <summary>Scores a block of rows.</summary>
    /// <param name="features">[rows, <see cref="FeatureCount"/>], row after row; NaN means missing.</param>
    /// <param name="scores">[rows, <see cref="OutputCount"/>]; see <see cref="Predict(ReadOnlySpan{float}, Span{float})"/>.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <exception cref="ArgumentException">A span has another length than <paramref name="rows"/> rows need.</exception>
    /// <exception cref="InvalidFeatureException">A feature is refused by the options of the model, or too large to score.</exception>
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

    /// <summary>The parameters by name, in a vector of their own.</summary>
    internal ParameterVector RestoreParameters() => Network().Parameters;

    private MlpNetwork Network()
    {
        var network = new MlpNetwork(Architecture, maximumRows: 0);
        network.Parameters.Restore(_values);
        return network;
    }

    private static void CheckLength(int length, int rows, int columns, string name)
    {
        if (length != (long)rows * columns)
        {
            throw new ArgumentException($"'{name}' has {length} values; {rows} rows of {columns} need {(long)rows * columns}.", name);
        }
    }

    private void Score(ReadOnlySpan<float> features, MatrixSpan scores)
    {
        int rows = scores.Rows, size = rows * _widest;
        Span<float> scratch = Scratch(_buffers * size);
        Span<float> input = scratch[..size], output = scratch.Slice(size, size), kept = scratch[(2 * size)..];

        Standardizer.Apply(features, input[..features.Length], rows);
        for (int i = 0; i < _steps.Length; i++)
        {
            ScoringStep step = _steps[i];
            MatrixSpan result = i == _steps.Length - 1 ? scores : new MatrixSpan(output[..(rows * step.OutputSize)], rows, step.OutputSize);
            Span<float> values = input[..(rows * step.InputSize)];
            if (step.KeepsInput)
            {
                values.CopyTo(kept);
            }

            step.Apply(new ReadOnlyMatrixSpan(values, rows, step.InputSize), result);
            if (step.AddsKept)
            {
                TensorPrimitives.Add(result.Values, kept[..result.Values.Length], result.Values);
            }

            Span<float> freed = input;
            input = output;
            output = freed;
        }

        if (!RowOps.AllFinite(scores.Values))
        {
            throw Overflow(features, scores);
        }

        for (int i = 0; i < rows; i++)
        {
            Loss.ToScores(scores.Row(i));
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

    /// <summary>Finite features, but a sum overflowed on the way: the feature farthest from the training rows is to blame.</summary>
    private InvalidFeatureException Overflow(ReadOnlySpan<float> features, MatrixSpan scores)
    {
        int row = 0;
        while (RowOps.AllFinite(scores.Row(row)))
        {
            row++;
        }

        float[] prepared = new float[FeatureCount];
        ReadOnlySpan<float> values = features.Slice(row * FeatureCount, FeatureCount);
        Standardizer.Apply(values, prepared, 1);
        int feature = TensorPrimitives.IndexOfMaxMagnitude<float>(prepared);
        return new(row, feature, values[feature], "it is too far from the training rows for a finite score.");
    }
}
