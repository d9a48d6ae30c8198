using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Puts beside its inputs X [rows, inputs] a <see cref="PeriodicEmbedding"/> of some of them: of number n with <c>x = X[i, s_n]</c>
/// <c>y_d = c_d + sum_f V[f, d] cos(2 pi (w_f x + b_f))</c>, rectified or not.
/// </summary>
/// <remarks>
/// Backward, with <c>D_d = dL/dy_d</c> (0 where it is rectified), <c>h_f</c> the waves and <c>h'_f = -2 pi sin(2 pi (w_f x + b_f))</c>, summed over the rows:
/// <c>dL/dc_d = sum D_d</c>, <c>dL/dV[f, d] = sum h_f D_d</c>; with <c>t_f = h'_f sum_d V[f, d] D_d</c> further <c>dL/db_f = sum t_f</c>,
/// <c>dL/dw_f = sum t_f x</c>, <c>dL/dx = sum_f t_f w_f</c>. A sine is a cosine a quarter of a turn behind, with the same frequency. Every number is the
/// work of one thread, in vectors over the rows.
/// </remarks>
internal sealed unsafe class PeriodicLayer : Layer
{
    private readonly PeriodicNumbers _numbers;
    private readonly Parameter _frequencies;
    private readonly Parameter? _phases;
    private readonly Parameter _weights;
    private readonly Parameter _biases;

    /// <param name="inputs">The number of inputs.</param>
    /// <param name="numbers">Which of them are embedded.</param>
    /// <param name="layout">Receives the parameters.</param>
    public PeriodicLayer(int inputs, PeriodicNumbers numbers, ParameterLayout layout)
        : base(inputs, checked(inputs + numbers.OutputSize))
    {
        _numbers = numbers;
        PeriodicEmbedding embedding = numbers.Embedding;
        int count = numbers.Count;
        _frequencies = layout.Add(Describe("Frequencies", count, embedding.Frequencies) with
        {
            Initializer = Initializer.Gaussian(embedding.InitialScale),
            Purpose = RandomPurpose.Frequencies,
        });
        _phases = !embedding.LearnsPhases ? null : layout.Add(Describe("Phases", count, embedding.Frequencies) with
        {
            Initializer = new UniformInitializer(0.5f),
            Purpose = RandomPurpose.Phases,
        });
        _weights = layout.Add(Describe("Weights", checked(count * embedding.Waves), embedding.Width) with
        {
            Initializer = new UniformInitializer(1 / MathF.Sqrt(embedding.Waves)),
            Decays = true,
        });
        _biases = layout.Add(Describe("Biases", count, embedding.Width) with { IsBias = true });
    }

    private PeriodicEmbedding Embedding => _numbers.Embedding;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            input.Row(i).CopyTo(output.Row(i));
        }

        fixed (float* x = input.Values, y = output.Values)
        {
            var body = new EmbedNumbers(this, pass.Parameters, pass.Team, x, y, input.Rows);
            pass.Team.Run(_numbers.Count, ref body);
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        for (int i = 0; i < inputGradient.Rows; i++)
        {
            outputGradient.Row(i)[..InputSize].CopyTo(inputGradient.Row(i));
        }

        fixed (float* x = input.Values, y = output.Values, gradient = outputGradient.Values, below = inputGradient.Values)
        {
            var body = new DifferentiateNumbers(this, pass.Parameters, pass.Team, x, y, gradient, inputGradient.Rows > 0 ? below : null, input.Rows);
            pass.Team.Run(_numbers.Count, ref body);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] frequencies = new float[_weights.Rows], phases = new float[_weights.Rows];
        for (int wave = 0; wave < frequencies.Length; wave++)
        {
            (int number, int f) = Math.DivRem(wave, Embedding.Waves);
            (frequencies[wave], phases[wave]) = WaveOf(parameters, number, f);
        }

        float[] weights = parameters.Value(_weights).ToArray(), biases = parameters.Value(_biases).ToArray();
        plan.Add(_ => new PeriodicStep(InputSize, _numbers, frequencies, phases, weights, biases));
    }

    private static Parameter Describe(string name, int rows, int columns) =>
        new($"{NetworkPart.Numbers}.{name}", rows, columns) { Part = NetworkPart.Numbers };

    /// <summary>Frequency and phase of a wave of a number; the sines come behind the cosines.</summary>
    private (float Frequency, float Phase) WaveOf(ParameterVector parameters, int number, int wave)
    {
        int frequencies = Embedding.Frequencies, place = number * frequencies + wave % frequencies;
        return (parameters.Value(_frequencies)[place], _phases is not null ? parameters.Value(_phases)[place] : wave < frequencies ? 0 : -0.25f);
    }

    private static void Gather(float* matrix, int stride, int column, Span<float> values)
    {
        float* source = matrix + column;
        for (int i = 0; i < values.Length; i++, source += stride)
        {
            values[i] = *source;
        }
    }

    /// <summary>The outputs of some numbers, for all rows.</summary>
    private readonly struct EmbedNumbers(PeriodicLayer layer, ParameterVector parameters, ThreadTeam team, float* x, float* y, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int width = layer.Embedding.Width, waves = layer.Embedding.Waves, columns = layer.OutputSize;
            var scratch = new Span<float>(team.Scratch(worker, (3 + width) * rows), (3 + width) * rows);
            Span<float> input = scratch[..rows], wave = scratch.Slice(rows, rows), slope = scratch.Slice(2 * rows, rows), sums = scratch[(3 * rows)..];
            Gather(x, layer.InputSize, layer._numbers.Numbers[tile], input);
            ReadOnlySpan<float> biases = parameters.Value(layer._biases).Slice(tile * width, width);
            for (int d = 0; d < width; d++)
            {
                sums.Slice(d * rows, rows).Fill(biases[d]);
            }

            for (int f = 0; f < waves; f++)
            {
                (float frequency, float phase) = layer.WaveOf(parameters, tile, f);
                ElementwiseMath.ApplyWithSlope(new Wave(frequency, phase), input, [], wave, slope);
                ReadOnlySpan<float> weights = parameters.Value(layer._weights).Slice((tile * waves + f) * width, width);
                for (int d = 0; d < width; d++)
                {
                    Span<float> sum = sums.Slice(d * rows, rows);
                    TensorPrimitives.MultiplyAdd(wave, weights[d], sum, sum);
                }
            }

            float* target = y + layer.InputSize + tile * width;
            for (int i = 0; i < rows; i++, target += columns)
            {
                for (int d = 0; d < width; d++)
                {
                    float sum = sums[d * rows + i];
                    target[d] = layer.Embedding.Rectifies ? MathF.Max(sum, 0) : sum;
                }
            }
        }
    }

    /// <summary>The gradients of the parameters of some numbers, from all rows, and of the numbers themselves unless nobody needs them.</summary>
    private readonly struct DifferentiateNumbers(
        PeriodicLayer layer, ParameterVector parameters, ThreadTeam team, float* x, float* y, float* gradient, float* below, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int width = layer.Embedding.Width, waves = layer.Embedding.Waves, frequencies = layer.Embedding.Frequencies;
            var scratch = new Span<float>(team.Scratch(worker, (5 + width) * rows), (5 + width) * rows);
            Span<float> input = scratch[..rows], wave = scratch.Slice(rows, rows), slope = scratch.Slice(2 * rows, rows);
            Span<float> angle = scratch.Slice(3 * rows, rows), inputGradient = scratch.Slice(4 * rows, rows), sums = scratch[(5 * rows)..];
            int number = layer._numbers.Numbers[tile];
            Gather(x, layer.InputSize, number, input);
            inputGradient.Clear();
            GatherSumGradients(tile, sums);

            Span<float> frequencyGradient = parameters.Gradient(layer._frequencies).Slice(tile * frequencies, frequencies);
            frequencyGradient.Clear();
            for (int f = 0; f < waves; f++)
            {
                (float frequency, float phase) = layer.WaveOf(parameters, tile, f);
                ElementwiseMath.ApplyWithSlope(new Wave(frequency, phase), input, [], wave, slope);
                int first = (tile * waves + f) * width;
                ReadOnlySpan<float> weights = parameters.Value(layer._weights).Slice(first, width);
                Span<float> weightGradient = parameters.Gradient(layer._weights).Slice(first, width);
                angle.Clear();
                for (int d = 0; d < width; d++)
                {
                    Span<float> sum = sums.Slice(d * rows, rows);
                    weightGradient[d] = (float)OrderedSum.OfProducts(wave, sum);
                    TensorPrimitives.MultiplyAdd(sum, weights[d], angle, angle);
                }

                TensorPrimitives.Multiply(angle, slope, angle);
                frequencyGradient[f % frequencies] += (float)OrderedSum.OfProducts(angle, input);
                if (layer._phases is { } phases)
                {
                    parameters.Gradient(phases)[tile * frequencies + f] = (float)OrderedSum.Of(angle);
                }

                TensorPrimitives.MultiplyAdd(angle, frequency, inputGradient, inputGradient);
            }

            for (int i = 0; below is not null && i < rows; i++)
            {
                below[(nint)i * layer.InputSize + number] += inputGradient[i];
            }
        }

        /// <summary>D by columns, [width, rows], and the gradients of the biases.</summary>
        private void GatherSumGradients(int tile, Span<float> sums)
        {
            int width = layer.Embedding.Width;
            Span<float> biasGradient = parameters.Gradient(layer._biases).Slice(tile * width, width);
            for (int d = 0; d < width; d++)
            {
                Span<float> sum = sums.Slice(d * rows, rows);
                int column = layer.InputSize + tile * width + d;
                Gather(gradient, layer.OutputSize, column, sum);
                for (int i = 0; layer.Embedding.Rectifies && i < rows; i++)
                {
                    sum[i] = y[(nint)i * layer.OutputSize + column] > 0 ? sum[i] : 0;
                }

                biasGradient[d] = (float)OrderedSum.Of(sum);
            }
        }
    }
}
