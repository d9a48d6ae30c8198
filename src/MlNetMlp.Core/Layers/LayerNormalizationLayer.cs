using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>Y = f(gamma X^ + beta)</c> with <c>X^ = (X - mean) / sqrt(variance + epsilon)</c>, row by row; see <see cref="LayerNormalization"/>.
/// </summary>
/// <remarks>
/// Backward for a row of n units, with D = dL/dY * f'(Y) and G = gamma D: <c>dL/dX = (G - mean(G) - X^ mean(G X^)) / sqrt(variance + epsilon)</c>.
/// </remarks>
internal sealed unsafe class LayerNormalizationLayer : Layer
{
    private readonly LayerNormalization _options;
    private readonly LayerActivation _activation;
    private readonly GainAndShift _learned;
    private readonly float[] _inverseDeviation;
    private readonly float[] _means;
    private readonly float[] _along;

    public LayerNormalizationLayer(LayerSettings settings, LayerNormalization options, ParameterLayout layout)
        : base(settings.Sums, settings.Sums)
    {
        _options = options;
        _activation = new LayerActivation(settings.Activation, settings.MaximumRows, settings.Sums);
        _learned = new GainAndShift(settings, layout);
        _inverseDeviation = new float[settings.MaximumRows];
        _means = new float[settings.MaximumRows];
        _along = new float[settings.MaximumRows];
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            _inverseDeviation[i] = LayerNormalizationStep.Center(input.Row(i), _options.Epsilon, _learned.NormalizedRow(i));
        }

        fixed (float* gain = pass.Parameters.Value(_learned.Gain), shift = pass.Parameters.Value(_learned.Shift))
        fixed (float* inverse = _inverseDeviation, y = output.Values)
        {
            MatrixMath.Run(new NormalizeCentered(inverse, gain, shift, _learned.Normalized.Pointer, y), input.Rows, InputSize);
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

        float* x = _learned.Normalized.Pointer;
        fixed (float* d = outputGradient.Values, result = inputGradient.Values, gain = parameters.Value(_learned.Gain))
        fixed (float* means = _means, along = _along, inverse = _inverseDeviation)
        {
            MatrixMath.Run(new MultiplyByGain(d, gain, x, result), outputGradient.Rows, InputSize);
            for (int i = 0; i < inputGradient.Rows; i++)
            {
                means[i] = (float)(OrderedSum.Of(outputGradient.Row(i)) / InputSize);
                along[i] = (float)(OrderedSum.Of(inputGradient.Row(i)) / InputSize);
            }

            MatrixMath.Run(new Differentiate(d, x, means, along, inverse, result), outputGradient.Rows, InputSize);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] gain = parameters.Value(_learned.Gain).ToArray(), shift = parameters.Value(_learned.Shift).ToArray();
        plan.Add(activation => new LayerNormalizationStep(gain, shift, _options.Epsilon, activation));
        plan.SetActivation(_activation.Function);
    }

    /// <summary>X^ from <c>X - mean</c>, in its place, and <c>gamma X^ + beta</c>.</summary>
    private readonly struct NormalizeCentered(float* inverseDeviation, float* gain, float* shift, float* normalized, float* output) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector x = TLanes.Multiply(access.Load(normalized + at), TLanes.Broadcast(inverseDeviation[row]));
            access.Store(normalized + at, x);
            access.Store(output + at, TLanes.Add(TLanes.Multiply(x, access.Load(gain + column)), access.Load(shift + column)));
        }
    }

    /// <summary>G in the place of D, and G X^.</summary>
    private readonly struct MultiplyByGain(float* gradient, float* gain, float* normalized, float* product) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector g = TLanes.Multiply(access.Load(gradient + at), access.Load(gain + column));
            access.Store(gradient + at, g);
            access.Store(product + at, TLanes.Multiply(g, access.Load(normalized + at)));
        }
    }

    private readonly struct Differentiate(float* gradient, float* normalized, float* means, float* along, float* inverseDeviation, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector difference = TLanes.Subtract(access.Load(gradient + at), TLanes.Broadcast(means[row]));
            TVector rest = TLanes.Add(TLanes.Multiply(access.Load(normalized + at), TLanes.Broadcast(-along[row])), difference);
            access.Store(result + at, TLanes.Multiply(rest, TLanes.Broadcast(inverseDeviation[row])));
        }
    }
}
