using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y = f(gamma X^ + beta)</c> with <c>X^ = (X - mean) / sqrt(variance + epsilon)</c>, row by row; see <see cref="LayerNormalization"/>.
/// </summary>
/// <remarks>
/// Backward for a row of n units, with D = dL/dY * f'(Y) and G = gamma D: <c>dL/dX = (G - mean(G) - X^ mean(G X^)) / sqrt(variance + epsilon)</c>.
/// </remarks>
internal sealed class LayerNormalizationLayer : Layer
{
    private readonly LayerNormalization _options;
    private readonly LayerActivation _activation;
    private readonly GainAndShift _learned;
    private readonly float[] _inverseDeviation;

    public LayerNormalizationLayer(LayerSettings settings, LayerNormalization options, ParameterLayout layout)
        : base(settings.Sums, settings.Sums)
    {
        _options = options;
        _activation = new LayerActivation(settings.Activation, settings.MaximumRows, settings.Sums);
        _learned = new GainAndShift(settings, layout);
        _inverseDeviation = new float[settings.MaximumRows];
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            _inverseDeviation[i] = LayerNormalizationStep.Normalize(input.Row(i), _options.Epsilon, _learned.Normalized(i));
            _learned.Apply(pass.Parameters, i, output.Row(i));
        }

        _activation.Apply(output.Values);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        _activation.MultiplyByDerivative(output.Values, outputGradient.Values);
        _learned.WriteGradients(parameters, outputGradient);

        for (int i = 0; i < inputGradient.Rows; i++)
        {
            Span<float> gradient = outputGradient.Row(i), x = _learned.Normalized(i), result = inputGradient.Row(i);
            TensorPrimitives.Multiply(gradient, parameters.Value(_learned.Gain), gradient);
            TensorPrimitives.Multiply(gradient, x, result);
            float mean = (float)(OrderedSum.Of(gradient) / InputSize), along = (float)(OrderedSum.Of(result) / InputSize);
            TensorPrimitives.Subtract(gradient, mean, gradient);
            TensorPrimitives.MultiplyAdd(x, -along, gradient, result);
            TensorPrimitives.Multiply(result, _inverseDeviation[i], result);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] gain = parameters.Value(_learned.Gain).ToArray(), shift = parameters.Value(_learned.Shift).ToArray();
        plan.Add(activation => new LayerNormalizationStep(gain, shift, _options.Epsilon, activation));
        plan.SetActivation(_activation.Function);
    }
}
