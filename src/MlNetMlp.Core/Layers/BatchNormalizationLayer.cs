using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y = f(gamma X^ + beta)</c> with <c>X^ = (X - mean) / sqrt(variance + epsilon)</c>, column by column; see <see cref="BatchNormalization"/>.
/// </summary>
/// <remarks>
/// Backward over a mini-batch of B rows, with D = dL/dY * f'(Y), through mean and variance (see <see cref="GainAndShift"/> for the sums):
/// <c>dL/dX = gamma / sqrt(variance + epsilon) (D - sum D / B - X^ sum(D X^) / B)</c>.
/// </remarks>
internal sealed class BatchNormalizationLayer : Layer
{
    private readonly BatchNormalization _options;
    private readonly LayerActivation _activation;
    private readonly GainAndShift _learned;
    private readonly Parameter _mean;
    private readonly Parameter _variance;
    private readonly float[] _batchMean;
    private readonly float[] _batchVariance;
    private readonly float[] _inverseDeviation;
    private readonly double[] _meanSum;
    private readonly double[] _varianceSum;
    private long _collected;

    public BatchNormalizationLayer(string name, int size, BatchNormalization options, Activation activation, int maximumRows, ParameterLayout layout)
        : base(size, size)
    {
        _options = options;
        _activation = new LayerActivation(activation, maximumRows, size);
        _learned = new GainAndShift(name, size, maximumRows, layout);
        _mean = layout.AddStatistic(name + ".Mean", 1, size);
        _variance = layout.AddStatistic(name + ".Variance", 1, size);
        _batchMean = new float[size];
        _batchVariance = new float[size];
        _inverseDeviation = new float[size];
        _meanSum = new double[size];
        _varianceSum = new double[size];
    }

    /// <summary>True if the statistics for scoring come from a pass of their own over the training rows.</summary>
    public bool CollectsStatistics => _options.Statistics == BatchStatistics.TrainingSet;

    public override void Initialize(ParameterVector parameters, SeededRandom random)
    {
        _learned.Initialize(parameters);
        parameters.Value(_variance).Fill(1);
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        ParameterVector parameters = pass.Parameters;
        if (UsesBatch(pass, input.Rows))
        {
            MeasureBatch(input);
            Remember(pass, input.Rows);
            InvertDeviation(_batchVariance, _inverseDeviation);
        }
        else
        {
            parameters.Value(_mean).CopyTo(_batchMean);
            InvertDeviation(parameters.Value(_variance), _inverseDeviation);
        }

        for (int i = 0; i < input.Rows; i++)
        {
            Span<float> x = _learned.Normalized(i);
            TensorPrimitives.Subtract(input.Row(i), _batchMean, x);
            TensorPrimitives.Multiply(x, _inverseDeviation, x);
            _learned.Apply(parameters, i, output.Row(i));
        }

        _activation.Apply(output.Values);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        _activation.MultiplyByDerivative(output.Values, outputGradient.Values);
        _learned.WriteGradients(parameters, outputGradient);

        if (inputGradient.Rows == 0)
        {
            return;
        }

        // A row that was normalized with stored statistics passes its gradient straight through: those are constants.
        float share = UsesBatch(pass, input.Rows) ? -1f / input.Rows : 0f;
        ReadOnlySpan<float> gain = parameters.Value(_learned.Gain);
        ReadOnlySpan<float> gainGradient = parameters.Gradient(_learned.Gain), shiftGradient = parameters.Gradient(_learned.Shift);
        for (int i = 0; i < outputGradient.Rows; i++)
        {
            Span<float> gradient = outputGradient.Row(i), x = _learned.Normalized(i), result = inputGradient.Row(i);
            TensorPrimitives.MultiplyAdd(x, gainGradient, shiftGradient, result);
            TensorPrimitives.MultiplyAdd(result, share, gradient, result);
            TensorPrimitives.Multiply(result, gain, result);
            TensorPrimitives.Multiply(result, _inverseDeviation, result);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        Span<float> scale = new float[InputSize], shift = new float[InputSize];
        InvertDeviation(parameters.Value(_variance), scale);
        TensorPrimitives.Multiply(parameters.Value(_learned.Gain), scale, scale);
        TensorPrimitives.Multiply(parameters.Value(_mean), scale, shift);
        TensorPrimitives.Subtract(parameters.Value(_learned.Shift), shift, shift);
        plan.ScaleOutputs(scale, shift);
        plan.SetActivation(_activation.Function);
    }

    /// <summary>Forgets what was collected, before a pass in <see cref="PassMode.Collecting"/> over the training rows.</summary>
    public void StartCollecting()
    {
        _meanSum.AsSpan().Clear();
        _varianceSum.AsSpan().Clear();
        _collected = 0;
    }

    /// <summary>Stores the averages of what was collected, each mini-batch weighted by its rows, as the statistics for scoring.</summary>
    public void StoreCollected(ParameterVector parameters)
    {
        Span<float> mean = parameters.Value(_mean), variance = parameters.Value(_variance);
        for (int j = 0; j < InputSize && _collected > 0; j++)
        {
            mean[j] = (float)(_meanSum[j] / _collected);
            variance[j] = (float)(_varianceSum[j] / _collected);
        }
    }

    private static bool UsesBatch(in Pass pass, int rows) => pass.Mode != PassMode.Scoring && rows > 1;

    /// <summary>Mean and biased variance of each column, in two passes: the second sees the distances from the mean, so no digits cancel.</summary>
    private void MeasureBatch(ReadOnlyMatrixSpan input)
    {
        Span<float> mean = _batchMean, variance = _batchVariance, distance = _learned.Normalized(0);
        mean.Clear();
        RowOps.AddColumnSums(input, mean);
        TensorPrimitives.Multiply(mean, 1f / input.Rows, mean);
        variance.Clear();
        for (int i = 0; i < input.Rows; i++)
        {
            TensorPrimitives.Subtract(input.Row(i), mean, distance);
            TensorPrimitives.MultiplyAdd(distance, distance, variance, variance);
        }

        TensorPrimitives.Multiply(variance, 1f / input.Rows, variance);
    }

    private void Remember(in Pass pass, int rows)
    {
        float unbiased = rows / (rows - 1f);
        if (pass.Mode == PassMode.Collecting)
        {
            // By rows: a short last mini-batch must not count as much as a whole one.
            _collected += rows;
            for (int j = 0; j < InputSize; j++)
            {
                _meanSum[j] += (double)rows * _batchMean[j];
                _varianceSum[j] += (double)rows * unbiased * _batchVariance[j];
            }
        }
        else if (!CollectsStatistics)
        {
            float m = _options.Momentum;
            Span<float> mean = pass.Parameters.Value(_mean), variance = pass.Parameters.Value(_variance);
            TensorPrimitives.Lerp(mean, _batchMean, m, mean);
            for (int j = 0; j < InputSize; j++)
            {
                variance[j] += m * (unbiased * _batchVariance[j] - variance[j]);
            }
        }
    }

    private void InvertDeviation(ReadOnlySpan<float> variance, Span<float> inverse)
    {
        TensorPrimitives.Add(variance, _options.Epsilon, inverse);
        TensorPrimitives.Sqrt(inverse, inverse);
        TensorPrimitives.Divide(1f, inverse, inverse);
    }
}
