using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One network of a model as it scores: its parameters, and the folded steps that were made of them. Immutable.</summary>
internal sealed class ScoringNetwork
{
    /// <summary>Room for what a <see cref="CategoryStep"/> makes of sparse rows, of whatever network.</summary>
    [ThreadStatic]
    private static SparseFeatures? _encoded;

    private readonly MlpArchitecture _architecture;
    private readonly float[] _values;
    private readonly ScoringStep[] _steps;

    /// <summary>[steps + 1]: what training drops of the inputs of a step, and of the last one's outputs; null: nothing.</summary>
    private readonly UnitDropout?[] _dropouts;

    private readonly int _certainSteps;
    private readonly int _widestOutput;
    private readonly int _buffers;

    /// <param name="architecture">The shape.</param>
    /// <param name="targets">The units of the outputs.</param>
    /// <param name="values">Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>; taken over, not copied.</param>
    /// <exception cref="OverflowException">The values are finite, but a weight into which several of them are folded is not.</exception>
    public ScoringNetwork(MlpArchitecture architecture, TargetUnits targets, float[] values)
    {
        _architecture = architecture;
        _values = values;
        ScoringPlan plan = Plan(targets);
        (_steps, _dropouts) = plan.BuildForScoring();
        _widestOutput = _steps.Max(step => step.OutputSize);
        RowsPerRow = _steps.Aggregate(1, (rows, step) => rows * step.RowsPerRow);
        CheckMembers();
        MaskSize = Math.Max(architecture.InputSize, _widestOutput);

        // Inputs and outputs of a step, and what a connection around some steps has to remember.
        _buffers = Array.Exists(_steps, step => step.KeepsInput) ? 3 : 2;

        // A connection that dropout reaches is run from its beginning: what it remembers is not kept from pass to pass.
        HasDropout = Array.Exists(_dropouts, dropout => dropout is not null);
        _certainSteps = HasDropout
            ? Enumerable.Range(0, _steps.Length).First(i => _dropouts[i] is not null || _steps[i].KeepsInput)
            : _steps.Length;
    }

    /// <summary>Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <inheritdoc cref="Values"/>
    public ReadOnlyMemory<float> Memory => _values;

    /// <summary>The number of blocks of outputs, one for each member of a shared ensemble; see <see cref="MlpArchitecture.SharedMembers"/>.</summary>
    public int RowsPerRow { get; }

    /// <summary>The number of floats that <see cref="Forward(Span{float}, MatrixSpan)"/> needs for each row.</summary>
    public int ScratchPerRow => _buffers * MaskSize * RowsPerRow;

    /// <summary>Whether the network can begin with sparse rows.</summary>
    public bool TakesSparse => _steps[0] is CategoryStep { Map.IsDense: true } || _steps[FirstAffine] is { TakesSparse: true, KeepsInput: false };

    /// <summary>The number of floats that scoring sparse rows needs for each row.</summary>
    public int ScratchPerSparseRow => _buffers * _widestOutput * RowsPerRow;

    /// <summary>The step behind the categories, if there are any.</summary>
    private int FirstAffine => _steps[0] is CategoryStep ? 1 : 0;

    /// <summary>Whether training drops units, so that <see cref="ForwardRandom"/> gives something else for other random numbers.</summary>
    public bool HasDropout { get; }

    /// <summary>The number of columns of what <see cref="ForwardCertain"/> computes.</summary>
    public int CertainSize => _certainSteps == 0 ? _architecture.InputSize : _steps[_certainSteps - 1].OutputSize;

    /// <summary>The number of floats of the longest mask.</summary>
    public int MaskSize { get; }

    /// <summary>The parameters by name, in a vector of their own.</summary>
    public ParameterVector RestoreParameters()
    {
        var parameters = new ParameterVector(_architecture.Layout());
        parameters.Restore(_values);
        return parameters;
    }

    /// <summary>The steps before they are packed, folded anew.</summary>
    /// <param name="targets">The units of the outputs.</param>
    public ScoringPlan Plan(TargetUnits targets)
    {
        var network = new MlpNetwork(_architecture, maximumRows: 0);
        network.Parameters.Restore(_values);
        ScoringPlan plan = network.Plan();
        plan.ScaleOutputs(targets.ScoringScale, targets.Offset);
        return plan;
    }

    /// <summary>
    /// Whether the outputs are finite for all features that are not larger in size, once they are standardized, than <paramref name="feature"/>. False
    /// where that is not certain.
    /// </summary>
    /// <param name="feature">The size.</param>
    /// <param name="drops">Whether units may be dropped.</param>
    public bool HasFiniteOutputs(double feature, bool drops)
    {
        // Far enough from the end of single precision for all roundings on the way.
        const double Largest = 1e37;
        double size = feature * Raised(0), kept = 0;
        for (int i = 0; i < _steps.Length && size <= Largest; i++)
        {
            kept = _steps[i].KeepsInput ? size : kept;
            size = _steps[i].LargestOutput(size) * Raised(i + 1) + (_steps[i].AddsKept ? kept : 0);
        }

        return size <= Largest;

        double Raised(int place) => drops && _dropouts[place] is { } dropout ? 1 / dropout.KeepProbability : 1;
    }

    /// <summary>Computes the outputs of a block of rows, in the units of the targets and before <see cref="Loss.ToScores"/>.</summary>
    /// <param name="scratch">[rows * <see cref="ScratchPerRow"/>]; begins with the standardized features [rows, inputs], which are overwritten.</param>
    /// <param name="outputs">
    /// [rows <see cref="RowsPerRow"/>, outputs], member after member; every row gets the bits it would get alone.
    /// </param>
    public void Forward(Span<float> scratch, MatrixSpan outputs) => Run(0, _steps.Length, MaskSize, scratch, outputs, [], null);

    /// <summary>The same for sparse rows that are standardized already.</summary>
    /// <param name="features">The rows.</param>
    /// <param name="scratch">[rows * <see cref="ScratchPerSparseRow"/>].</param>
    /// <param name="outputs">
    /// [rows <see cref="RowsPerRow"/>, outputs], member after member; every row gets the bits it would get alone, or dense (but for the sign of a zero).
    /// </param>
    public void Forward(SparseFeatures features, Span<float> scratch, MatrixSpan outputs)
    {
        if (_steps[0] is CategoryStep categories)
        {
            SparseFeatures encoded = _encoded ??= new SparseFeatures(int.MaxValue);
            encoded.Clear();
            categories.Apply(features, encoded);
            if (categories.Map.IsDense)
            {
                int rows = outputs.Rows / RowsPerRow;
                encoded.CopyTo(new MatrixSpan(scratch[..(rows * categories.OutputSize)], rows, categories.OutputSize), 0);
                Run(1, _steps.Length, _widestOutput, scratch, outputs, [], null);
                return;
            }

            features = encoded;
        }

        ScoringStep first = _steps[FirstAffine];
        int columns = first.OutputSize, next = FirstAffine + 1;
        Span<float> sums = _steps.Length == next ? outputs.Values : scratch[..(outputs.Rows * columns)];
        for (int i = 0; i < outputs.Rows; i++)
        {
            first.Apply(features.Indices(i), features.Values(i), sums.Slice(i * columns, columns));
        }

        if (_steps.Length > next)
        {
            Run(next, _steps.Length, _widestOutput, scratch, outputs, [], null);
        }
    }

    /// <summary>Computes as much as no dropout reaches, which many passes of <see cref="ForwardRandom"/> can begin with.</summary>
    /// <param name="scratch">As in <see cref="Forward(Span{float}, MatrixSpan)"/>.</param>
    /// <param name="certain">[rows, <see cref="CertainSize"/>].</param>
    public void ForwardCertain(Span<float> scratch, MatrixSpan certain) => Run(0, _certainSteps, MaskSize, scratch, certain, [], null);

    /// <summary>Computes the outputs with units dropped as in training, but the same ones for all rows.</summary>
    /// <param name="certain">What <see cref="ForwardCertain"/> computed.</param>
    /// <param name="scratch">[rows * <see cref="ScratchPerRow"/>].</param>
    /// <param name="mask">[<see cref="MaskSize"/>], scratch, too.</param>
    /// <param name="outputs">[rows, outputs]; every row gets the bits it would get alone.</param>
    /// <param name="random">The random numbers of this pass.</param>
    public void ForwardRandom(ReadOnlyMatrixSpan certain, Span<float> scratch, Span<float> mask, MatrixSpan outputs, SeededRandom random)
    {
        certain.Values.CopyTo(scratch);
        Run(_certainSteps, _steps.Length, MaskSize, scratch, outputs, mask, random);
    }

    /// <summary>
    /// Runs the steps from number <paramref name="first"/> up to, but not with, number <paramref name="end"/>; drops units if
    /// <paramref name="random"/> is given.
    /// </summary>
    private void Run(int first, int end, int widest, Span<float> scratch, MatrixSpan outputs, Span<float> mask, SeededRandom? random)
    {
        int rows = outputs.Rows, size = rows * widest;
        for (int i = first; i < end; i++)
        {
            rows /= _steps[i].RowsPerRow;
        }

        Span<float> input = scratch[..size], output = scratch.Slice(size, size), kept = scratch[(2 * size)..];
        if (first == end)
        {
            input[..outputs.Values.Length].CopyTo(outputs.Values);
            return;
        }

        Drop(first, new MatrixSpan(input[..(rows * _steps[first].InputSize)], rows, _steps[first].InputSize), mask, random);
        for (int i = first; i < end; i++)
        {
            ScoringStep step = _steps[i];
            int after = rows * step.RowsPerRow;
            MatrixSpan result = i == end - 1 ? outputs : new MatrixSpan(output[..(after * step.OutputSize)], after, step.OutputSize);
            Span<float> values = input[..(rows * step.InputSize)];
            if (step.KeepsInput)
            {
                values.CopyTo(kept);
            }

            step.Apply(new ReadOnlyMatrixSpan(values, rows, step.InputSize), result);
            Drop(i + 1, result, mask, random);
            if (step.AddsKept)
            {
                TensorPrimitives.Add(result.Values, kept[..result.Values.Length], result.Values);
            }

            Span<float> freed = input;
            input = output;
            output = freed;
            rows = after;
        }
    }

    /// <summary>Refuses scales of members that are finite, as the weights are, but are too large to be multiplied into them.</summary>
    private void CheckMembers()
    {
        if (_steps[0] is MemberScalesStep scales && _steps[1] is AffineStep first && !float.IsFinite(scales.LargestMagnitude * first.Weights.LargestMagnitude))
        {
            throw new OverflowException("The parameters give weights that are not finite.");
        }
    }

    /// <summary>Multiplies every row by one mask of inverted dropout, see <see cref="DropoutLayer"/>.</summary>
    private void Drop(int place, MatrixSpan values, Span<float> mask, SeededRandom? random)
    {
        if (random is { } numbers && _dropouts[place] is { } dropout)
        {
            Span<float> units = mask[..values.Columns];
            dropout.Random(numbers).FillKeepMask(units, dropout.KeepProbability);
            for (int i = 0; i < values.Rows; i++)
            {
                TensorPrimitives.Multiply(values.Row(i), units, values.Row(i));
            }
        }
    }
}
