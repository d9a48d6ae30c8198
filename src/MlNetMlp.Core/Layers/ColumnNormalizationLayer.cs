using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y = f(gamma X^ + beta)</c> with <c>X^ = (X - center) / deviation</c>, column by column: what batch normalization and batch
/// renormalization have in common. They differ in the statistics.
/// </summary>
/// <remarks>
/// Backward over a mini-batch, with D = dL/dY * f'(Y), through mean and variance (see <see cref="GainAndShift"/> for the sums):
/// <c>dL/dX = gamma / deviation (D - s sum D - s N sum(D N))</c>, where N is the input normalized with the mini-batch's own statistics and s the
/// share that a row has in them, see <see cref="RowShares"/>. The weights of the rows are in D as well, for the loss is weighted.
/// </remarks>
internal abstract unsafe class ColumnNormalizationLayer : Layer
{
    private readonly NetworkPart _part;
    private readonly float _epsilon;
    private readonly LayerActivation _activation;
    private readonly float[] _center;
    private readonly float[] _batchVariance;
    private readonly float[] _inverseDeviation;
    private readonly RowShares _shares;

    /// <summary>Whether the last pass forward was normalized with statistics of its own.</summary>
    private bool _usedBatch;

    protected ColumnNormalizationLayer(LayerSettings settings, float epsilon, ParameterLayout layout)
        : base(settings.Sums, settings.Sums)
    {
        int size = settings.Sums;
        _part = settings.Part;
        _epsilon = epsilon;
        _activation = new LayerActivation(settings.Activation, settings.MaximumRows, size);
        Learned = new GainAndShift(settings, layout);
        Mean = layout.Add(Statistic("Mean", size));
        _center = new float[size];
        _batchVariance = new float[size];
        _inverseDeviation = new float[size];
        _shares = new RowShares(settings.MaximumRows);
    }

    protected GainAndShift Learned { get; }

    /// <summary>The mean for scoring, [1, units].</summary>
    protected Parameter Mean { get; }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        ParameterVector parameters = pass.Parameters;
        _usedBatch = UsesBatch(pass.Mode) && HasVariance(pass, input.Rows);
        if (_usedBatch)
        {
            MeasureBatch(input);
            NormalizeWithBatch(pass, _shares, _center, _batchVariance, _inverseDeviation);
        }
        else
        {
            parameters.Value(Mean).CopyTo(_center);
            InvertStoredDeviation(parameters, _inverseDeviation);
        }

        fixed (float* x = input.Values, y = output.Values, center = _center, inverse = _inverseDeviation)
        fixed (float* gain = parameters.Value(Learned.Gain), shift = parameters.Value(Learned.Shift))
        {
            MatrixMath.Run(new NormalizeAll(x, center, inverse, gain, shift, Learned.Normalized.Pointer, y), input.Rows, InputSize);
        }

        _activation.Apply(output.Values);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        _activation.MultiplyByDerivative(output.Values, outputGradient.Values);
        Learned.WriteGradients(parameters, outputGradient);

        if (inputGradient.Rows == 0)
        {
            return;
        }

        // A row that was normalized with stored statistics passes its gradient straight through: those are constants.
        ReadOnlySpan<float> gain = parameters.Value(Learned.Gain);
        LineThroughStatistics(parameters, out ReadOnlySpan<float> slope, out ReadOnlySpan<float> offset);
        fixed (float* d = outputGradient.Values, result = inputGradient.Values, slopes = slope, offsets = offset, gains = gain)
        fixed (float* inverse = _inverseDeviation, shares = _shares.Values)
        {
            MatrixMath.Run(
                new Differentiate(d, Learned.Normalized.Pointer, slopes, offsets, _usedBatch ? shares : null, gains, inverse, result),
                outputGradient.Rows, InputSize);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        Span<float> scale = new float[InputSize], shift = new float[InputSize];
        InvertStoredDeviation(parameters, scale);
        TensorPrimitives.Multiply(parameters.Value(Learned.Gain), scale, scale);
        TensorPrimitives.Multiply(parameters.Value(Mean), scale, shift);
        TensorPrimitives.Subtract(parameters.Value(Learned.Shift), shift, shift);
        plan.ScaleOutputs(scale, shift);
        plan.SetActivation(_activation.Function);
    }

    /// <summary>Describes something that is measured and saved, [1, <paramref name="size"/>].</summary>
    protected Parameter Statistic(string name, int size) => new($"{_part}.Normalization.{name}", 1, size) { Part = _part, Trainable = false };

    /// <summary>Whether a pass normalizes with statistics of its own instead of the stored ones, if its rows have any.</summary>
    protected abstract bool UsesBatch(PassMode mode);

    /// <summary>Takes note of the statistics of a mini-batch and says how it is normalized.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="shares">How much its rows count; at least two of them do.</param>
    /// <param name="center">Its mean, to be replaced by what is subtracted, if that is something else.</param>
    /// <param name="variance">Its biased variance.</param>
    /// <param name="inverseDeviation">Receives the factor of the differences.</param>
    protected abstract void NormalizeWithBatch(in Pass pass, RowShares shares, Span<float> center, ReadOnlySpan<float> variance, Span<float> inverseDeviation);

    /// <summary>Writes the reciprocal of the deviation for scoring.</summary>
    protected abstract void InvertStoredDeviation(ParameterVector parameters, Span<float> inverse);

    /// <summary>Gives <c>sum D + N sum(D N)</c> as a line, column by column: <c>offset + slope X^</c>.</summary>
    protected virtual void LineThroughStatistics(ParameterVector parameters, out ReadOnlySpan<float> slope, out ReadOnlySpan<float> offset)
    {
        slope = parameters.Gradient(Learned.Gain);
        offset = parameters.Gradient(Learned.Shift);
    }

    protected void InvertDeviation(ReadOnlySpan<float> variance, Span<float> inverse)
    {
        TensorPrimitives.Add(variance, _epsilon, inverse);
        TensorPrimitives.Sqrt(inverse, inverse);
        TensorPrimitives.Divide(1f, inverse, inverse);
    }

    private bool HasVariance(in Pass pass, int rows)
    {
        _shares.Take(pass, rows);
        return _shares.HaveVariance;
    }

    /// <summary>Mean and biased variance of each column, in two passes: the second sees the distances from the mean, so no digits cancel.</summary>
    private void MeasureBatch(ReadOnlyMatrixSpan input)
    {
        Span<float> mean = _center, variance = _batchVariance, distance = Learned.NormalizedRow(0);
        mean.Clear();
        variance.Clear();
        if (!_shares.AreEqual)
        {
            MeasureWeighted(input, mean, variance, distance);
            return;
        }

        RowOps.AddColumnSums(input, mean);
        TensorPrimitives.Multiply(mean, 1f / input.Rows, mean);
        fixed (float* x = input.Values, center = mean)
        {
            MatrixMath.AddColumnSums(new SquaredDistances(x, center), InputSize, input.Rows, variance);
        }

        TensorPrimitives.Multiply(variance, 1f / input.Rows, variance);
    }

    private void MeasureWeighted(ReadOnlyMatrixSpan input, Span<float> mean, Span<float> variance, Span<float> distance)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            TensorPrimitives.MultiplyAdd(input.Row(i), _shares[i], mean, mean);
        }

        for (int i = 0; i < input.Rows; i++)
        {
            TensorPrimitives.Subtract(input.Row(i), mean, distance);
            TensorPrimitives.Multiply(distance, distance, distance);
            TensorPrimitives.MultiplyAdd(distance, _shares[i], variance, variance);
        }
    }

    /// <summary><c>X^ = (X - center) / deviation</c> and <c>gamma X^ + beta</c>.</summary>
    private readonly struct NormalizeAll(float* input, float* center, float* inverseDeviation, float* gain, float* shift, float* normalized, float* output)
        : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector x = TLanes.Multiply(TLanes.Subtract(access.Load(input + at), access.Load(center + column)), access.Load(inverseDeviation + column));
            access.Store(normalized + at, x);
            access.Store(output + at, TLanes.Add(TLanes.Multiply(x, access.Load(gain + column)), access.Load(shift + column)));
        }
    }

    private readonly struct SquaredDistances(float* input, float* mean) : IColumnTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector distance = TLanes.Subtract(access.Load(input + at), access.Load(mean + column));
            return TLanes.Multiply(distance, distance);
        }
    }

    /// <summary>dL/dX; without shares the statistics are constants.</summary>
    private readonly struct Differentiate(
        float* gradient, float* normalized, float* slope, float* offset, float* shares, float* gain, float* inverseDeviation, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector share = TLanes.Broadcast(shares is null ? 0f : -shares[row]);
            TVector line = TLanes.Add(TLanes.Multiply(access.Load(normalized + at), access.Load(slope + column)), access.Load(offset + column));
            TVector difference = TLanes.Add(TLanes.Multiply(line, share), access.Load(gradient + at));
            access.Store(
                result + at, TLanes.Multiply(TLanes.Multiply(difference, access.Load(gain + column)), access.Load(inverseDeviation + column)));
        }
    }
}
