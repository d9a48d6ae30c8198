using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>X^ = r (X - mean) / deviation + d</c> with the corrections r and d of a mini-batch; see <see cref="BatchRenormalization"/>.</summary>
/// <remarks>
/// With <c>N = (X - mean) / deviation</c>, that is <c>X^ = (X - (mean - d deviation / r)) r / deviation</c>: another center and another factor
/// in the same formula. Backward, r and d are constants, and <c>sum(D N) = (sum(D X^) - d sum D) / r</c>.
/// </remarks>
internal sealed class BatchRenormalizationLayer : ColumnNormalizationLayer
{
    private readonly BatchRenormalization _options;
    private readonly Parameter _deviation;
    private readonly Parameter _steps;
    private readonly float[] _batchDeviation;
    private readonly float[] _scale;
    private readonly float[] _shift;
    private readonly float[] _slope;
    private readonly float[] _offset;

    public BatchRenormalizationLayer(LayerSettings settings, BatchRenormalization options, ParameterLayout layout)
        : base(settings, options.Epsilon, layout)
    {
        int size = settings.Sums;
        _options = options;
        _deviation = layout.Add(Statistic("Deviation", size) with { InitialValue = 1 });
        _steps = layout.Add(Statistic("Steps", 1) with { CountsSteps = true });
        _batchDeviation = new float[size];
        _scale = new float[size];
        _shift = new float[size];
        _slope = new float[size];
        _offset = new float[size];
        _scale.AsSpan().Fill(1);
    }

    /// <summary>In training only: other layers that collect statistics shall see what they will see when scoring.</summary>
    protected override bool UsesBatch(PassMode mode) => mode == PassMode.Training;

    protected override void NormalizeWithBatch(in Pass pass, RowShares shares, Span<float> center, ReadOnlySpan<float> variance, Span<float> inverseDeviation)
    {
        InvertDeviation(variance, inverseDeviation);
        TensorPrimitives.Divide(1f, inverseDeviation, _batchDeviation);

        // A float counts to 16 million; long before that, nothing depends on the number any more.
        ref float steps = ref pass.Parameters.Value(_steps)[0];
        Span<float> mean = pass.Parameters.Value(Mean), deviation = pass.Parameters.Value(_deviation);
        if (steps == 0)
        {
            center.CopyTo(mean);
            _batchDeviation.CopyTo(deviation);
        }

        steps++;
        MeasureCorrections(center, mean, deviation, _options.LimitsAt(steps));
        float momentum = Math.Max(_options.Momentum, 1 / Math.Max(steps, 1));
        TensorPrimitives.Lerp(mean, center, momentum, mean);
        TensorPrimitives.Lerp(deviation, _batchDeviation, momentum, deviation);

        TensorPrimitives.Multiply(inverseDeviation, _scale, inverseDeviation);
        for (int j = 0; j < InputSize; j++)
        {
            center[j] -= _shift[j] / inverseDeviation[j];
        }
    }

    protected override void InvertStoredDeviation(ParameterVector parameters, Span<float> inverse) =>
        TensorPrimitives.Divide(1f, parameters.Value(_deviation), inverse);

    protected override void LineThroughStatistics(ParameterVector parameters, out ReadOnlySpan<float> slope, out ReadOnlySpan<float> offset)
    {
        ReadOnlySpan<float> gainGradient = parameters.Gradient(Learned.Gain), shiftGradient = parameters.Gradient(Learned.Shift);
        for (int j = 0; j < InputSize; j++)
        {
            _slope[j] = (gainGradient[j] - _shift[j] * shiftGradient[j]) / (_scale[j] * _scale[j]);
            _offset[j] = shiftGradient[j] - _shift[j] * _slope[j];
        }

        slope = _slope;
        offset = _offset;
    }

    private void MeasureCorrections(ReadOnlySpan<float> batchMean, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, (float Scale, float Shift) limits)
    {
        for (int j = 0; j < InputSize; j++)
        {
            _scale[j] = Math.Clamp(_batchDeviation[j] / deviation[j], 1 / limits.Scale, limits.Scale);
            _shift[j] = Math.Clamp((batchMean[j] - mean[j]) / deviation[j], -limits.Shift, limits.Shift);
        }
    }
}
