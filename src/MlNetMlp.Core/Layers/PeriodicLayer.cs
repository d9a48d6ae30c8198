using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Puts beside its inputs X [rows, inputs] a <see cref="PeriodicEmbedding"/> of some of them; see <see cref="PeriodicWaves"/>.</summary>
internal sealed unsafe class PeriodicLayer : Layer
{
    private readonly PeriodicWaves _waves;

    /// <param name="inputs">The number of inputs.</param>
    /// <param name="numbers">Which of them are embedded.</param>
    /// <param name="layout">Receives the parameters.</param>
    public PeriodicLayer(int inputs, PeriodicNumbers numbers, ParameterLayout layout)
        : base(inputs, checked(inputs + numbers.OutputSize)) => _waves = new PeriodicWaves(numbers, layout);

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            input.Row(i).CopyTo(output.Row(i));
        }

        fixed (float* x = input.Values, y = output.Values)
        {
            var body = new EmbedNumbers(this, pass.Parameters, pass.Team, x, y, input.Rows);
            pass.Team.Run(_waves.Numbers.Count, ref body);
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
            pass.Team.Run(_waves.Numbers.Count, ref body);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => _waves.AppendTo(plan, InputSize, parameters);

    private static void Gather(float* matrix, int stride, int column, Span<float> values)
    {
        float* source = matrix + column;
        for (int i = 0; i < values.Length; i++, source += stride)
        {
            values[i] = *source;
        }
    }

    /// <summary>The outputs of a number by columns, [width, rows], of the outputs of the layer or of their gradient.</summary>
    private void GatherOutputs(float* matrix, int number, Span<float> columns, int rows)
    {
        for (int d = 0; d < _waves.Width; d++)
        {
            Gather(matrix, OutputSize, InputSize + number * _waves.Width + d, columns.Slice(d * rows, rows));
        }
    }

    /// <summary>The outputs of some numbers, for all rows.</summary>
    private readonly struct EmbedNumbers(PeriodicLayer layer, ParameterVector parameters, ThreadTeam team, float* x, float* y, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            PeriodicWaves waves = layer._waves;
            int width = waves.Width, length = (1 + width + PeriodicWaves.ScratchPerRow) * rows;
            var scratch = new Span<float>(team.Scratch(worker, length), length);
            Span<float> number = scratch[..rows], outputs = scratch.Slice(rows, width * rows);
            Gather(x, layer.InputSize, waves.Numbers.Numbers[tile], number);
            waves.Embed(parameters, tile, number, outputs, scratch[((1 + width) * rows)..]);

            float* target = y + layer.InputSize + tile * width;
            for (int i = 0; i < rows; i++, target += layer.OutputSize)
            {
                for (int d = 0; d < width; d++)
                {
                    target[d] = outputs[d * rows + i];
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
            PeriodicWaves waves = layer._waves;
            int width = waves.Width, length = (2 + 2 * width + PeriodicWaves.ScratchPerRow) * rows, feature = waves.Numbers.Numbers[tile];
            var scratch = new Span<float>(team.Scratch(worker, length), length);
            Span<float> number = scratch[..rows], numberGradient = scratch.Slice(rows, rows);
            Span<float> outputs = scratch.Slice(2 * rows, width * rows), outputGradient = scratch.Slice((2 + width) * rows, width * rows);
            Gather(x, layer.InputSize, feature, number);
            layer.GatherOutputs(y, tile, outputs, rows);
            layer.GatherOutputs(gradient, tile, outputGradient, rows);
            waves.Differentiate(parameters, tile, number, outputs, outputGradient, numberGradient, scratch[((2 + 2 * width) * rows)..]);
            for (int i = 0; below is not null && i < rows; i++)
            {
                below[(nint)i * layer.InputSize + feature] += numberGradient[i];
            }
        }
    }
}
