using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The parameters of a <see cref="PeriodicEmbedding"/> and what it makes of a number x [rows]:
/// <c>y_d = c_d + sum_f V[f, d] cos(2 pi (w_f x + b_f))</c>, [width, rows], rectified or not.
/// </summary>
/// <remarks>
/// Backward, with <c>D_d = dL/dy_d</c> (0 where it is rectified), <c>h_f</c> the waves and <c>h'_f = -2 pi sin(2 pi (w_f x + b_f))</c>, summed over the rows:
/// <c>dL/dc_d = sum D_d</c>, <c>dL/dV[f, d] = sum h_f D_d</c>; with <c>t_f = h'_f sum_d V[f, d] D_d</c> further <c>dL/db_f = sum t_f</c>,
/// <c>dL/dw_f = sum t_f x</c>, <c>dL/dx = sum_f t_f w_f</c>. A sine is a cosine a quarter of a turn behind, with the same frequency. All in vectors over the
/// rows; numbers have nothing in common, so that threads may share them.
/// </remarks>
internal sealed class PeriodicWaves
{
    private readonly PeriodicEmbedding _embedding;
    private readonly Parameter _frequencies;
    private readonly Parameter? _phases;
    private readonly Parameter _weights;
    private readonly Parameter _biases;

    /// <param name="numbers">Which features are embedded, and how.</param>
    /// <param name="layout">Receives the parameters.</param>
    public PeriodicWaves(PeriodicNumbers numbers, ParameterLayout layout)
    {
        Numbers = numbers;
        _embedding = numbers.Embedding;
        int count = numbers.Count;
        _frequencies = layout.Add(Describe("Frequencies", count, _embedding.Frequencies) with
        {
            Initializer = Initializer.Gaussian(_embedding.InitialScale),
            Purpose = RandomPurpose.Frequencies,
        });
        _phases = !_embedding.LearnsPhases ? null : layout.Add(Describe("Phases", count, _embedding.Frequencies) with
        {
            Initializer = new UniformInitializer(0.5f),
            Purpose = RandomPurpose.Phases,
        });
        _weights = layout.Add(Describe("Weights", checked(count * _embedding.Waves), Width) with
        {
            Initializer = new UniformInitializer(1 / MathF.Sqrt(_embedding.Waves)),
            Decays = true,
        });
        _biases = layout.Add(Describe("Biases", count, Width) with { IsBias = true });
    }

    public PeriodicNumbers Numbers { get; }

    /// <summary>The outputs of each number.</summary>
    public int Width => _embedding.Width;

    /// <summary>The floats that <see cref="Embed"/> and <see cref="Differentiate"/> need for each row.</summary>
    public static int ScratchPerRow => 3;

    /// <summary>Computes the outputs of one number.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="number">Which of the numbers, from 0.</param>
    /// <param name="x">[rows]: its values.</param>
    /// <param name="outputs">[width, rows].</param>
    /// <param name="scratch">[rows <see cref="ScratchPerRow"/>].</param>
    public void Embed(ParameterVector parameters, int number, ReadOnlySpan<float> x, Span<float> outputs, Span<float> scratch)
    {
        int rows = x.Length;
        Span<float> wave = scratch[..rows], slope = scratch.Slice(rows, rows);
        ReadOnlySpan<float> biases = parameters.Value(_biases).Slice(number * Width, Width);
        for (int d = 0; d < Width; d++)
        {
            outputs.Slice(d * rows, rows).Fill(biases[d]);
        }

        for (int f = 0; f < _embedding.Waves; f++)
        {
            ElementwiseMath.ApplyWithSlope(WaveOf(parameters, number, f, out _), x, [], wave, slope);
            ReadOnlySpan<float> weights = WeightsOf(parameters.Value(_weights), number, f);
            for (int d = 0; d < Width; d++)
            {
                Span<float> output = outputs.Slice(d * rows, rows);
                TensorPrimitives.MultiplyAdd(wave, weights[d], output, output);
            }
        }

        if (_embedding.Rectifies)
        {
            TensorPrimitives.Max(outputs, 0, outputs);
        }
    }

    /// <summary>Writes the gradients of the parameters of one number, and of the number itself.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="number">Which of the numbers, from 0.</param>
    /// <param name="x">[rows]: its values.</param>
    /// <param name="outputs">[width, rows]: what <see cref="Embed"/> has computed.</param>
    /// <param name="gradient">[width, rows]: the gradient of the outputs, overwritten.</param>
    /// <param name="inputGradient">[rows].</param>
    /// <param name="scratch">[rows <see cref="ScratchPerRow"/>].</param>
    public void Differentiate(
        ParameterVector parameters, int number, ReadOnlySpan<float> x, ReadOnlySpan<float> outputs, Span<float> gradient, Span<float> inputGradient,
        Span<float> scratch)
    {
        int rows = x.Length, frequencies = _embedding.Frequencies;
        Span<float> wave = scratch[..rows], slope = scratch.Slice(rows, rows), angle = scratch.Slice(2 * rows, rows);
        if (_embedding.Rectifies)
        {
            Rectify(outputs, gradient);
        }

        Span<float> biasGradient = parameters.Gradient(_biases).Slice(number * Width, Width);
        for (int d = 0; d < Width; d++)
        {
            biasGradient[d] = (float)OrderedSum.Of(gradient.Slice(d * rows, rows));
        }

        Span<float> frequencyGradient = parameters.Gradient(_frequencies).Slice(number * frequencies, frequencies);
        frequencyGradient.Clear();
        inputGradient.Clear();
        for (int f = 0; f < _embedding.Waves; f++)
        {
            ElementwiseMath.ApplyWithSlope(WaveOf(parameters, number, f, out float frequency), x, [], wave, slope);
            ReadOnlySpan<float> weights = WeightsOf(parameters.Value(_weights), number, f);
            Span<float> weightGradient = WeightsOf(parameters.Gradient(_weights), number, f);
            angle.Clear();
            for (int d = 0; d < Width; d++)
            {
                ReadOnlySpan<float> own = gradient.Slice(d * rows, rows);
                weightGradient[d] = (float)OrderedSum.OfProducts(wave, own);
                TensorPrimitives.MultiplyAdd(own, weights[d], angle, angle);
            }

            TensorPrimitives.Multiply(angle, slope, angle);
            frequencyGradient[f % frequencies] += (float)OrderedSum.OfProducts(angle, x);
            if (_phases is not null)
            {
                parameters.Gradient(_phases)[number * frequencies + f] = (float)OrderedSum.Of(angle);
            }

            TensorPrimitives.MultiplyAdd(angle, frequency, inputGradient, inputGradient);
        }
    }

    /// <summary>Appends the step that does the same for scoring.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="inputs">The number of its outputs so far.</param>
    /// <param name="parameters">The parameters.</param>
    public void AppendTo(ScoringPlan plan, int inputs, ParameterVector parameters)
    {
        float[] frequencies = new float[_weights.Rows], phases = new float[_weights.Rows];
        for (int i = 0; i < frequencies.Length; i++)
        {
            (int number, int wave) = Math.DivRem(i, _embedding.Waves);
            frequencies[i] = parameters.Value(_frequencies)[number * _embedding.Frequencies + wave % _embedding.Frequencies];
            phases[i] = PhaseOf(parameters, number, wave);
        }

        float[] weights = parameters.Value(_weights).ToArray(), biases = parameters.Value(_biases).ToArray();
        plan.Add(_ => new PeriodicStep(inputs, Numbers, frequencies, phases, weights, biases));
    }

    private static Parameter Describe(string name, int rows, int columns) =>
        new($"{NetworkPart.Numbers}.{name}", rows, columns) { Part = NetworkPart.Numbers };

    private static void Rectify(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = outputs[i] > 0 ? gradient[i] : 0;
        }
    }

    /// <summary>A wave of a number; the sines come behind the cosines.</summary>
    private Wave WaveOf(ParameterVector parameters, int number, int wave, out float frequency)
    {
        frequency = parameters.Value(_frequencies)[number * _embedding.Frequencies + wave % _embedding.Frequencies];
        return new(frequency, PhaseOf(parameters, number, wave));
    }

    private float PhaseOf(ParameterVector parameters, int number, int wave) =>
        _phases is not null ? parameters.Value(_phases)[number * _embedding.Frequencies + wave] : wave < _embedding.Frequencies ? 0 : -0.25f;

    private Span<float> WeightsOf(Span<float> weights, int number, int wave) => weights.Slice((number * _embedding.Waves + wave) * Width, Width);
}
