using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One network of a model as it scores: its parameters, and the folded steps that were made of them. Immutable.</summary>
internal sealed class ScoringNetwork
{
    private readonly MlpArchitecture _architecture;
    private readonly float[] _values;
    private readonly ScoringStep[] _steps;
    private readonly int _widest;
    private readonly int _buffers;

    /// <param name="architecture">The shape.</param>
    /// <param name="targets">The units of the outputs.</param>
    /// <param name="values">Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>; taken over, not copied.</param>
    /// <exception cref="ArgumentException">A folded weight is not finite.</exception>
    public ScoringNetwork(MlpArchitecture architecture, TargetUnits targets, float[] values)
    {
        _architecture = architecture;
        _values = values;
        ScoringPlan plan = Network().Plan();
        plan.ScaleOutputs(targets.Scale, targets.Offset);
        _steps = plan.Build();
        _widest = Math.Max(architecture.InputSize, _steps.Max(step => step.OutputSize));

        // Inputs and outputs of a step, and what a connection around some steps has to remember.
        _buffers = Array.Exists(_steps, step => step.KeepsInput) ? 3 : 2;
    }

    /// <summary>Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The number of floats that <see cref="Forward"/> needs for each row.</summary>
    public int ScratchPerRow => _buffers * _widest;

    /// <summary>The parameters by name, in a vector of their own.</summary>
    public ParameterVector RestoreParameters() => Network().Parameters;

    /// <summary>Computes the outputs of a block of rows, in the units of the targets and before <see cref="Loss.ToScores"/>.</summary>
    /// <param name="scratch">[rows * <see cref="ScratchPerRow"/>]; begins with the standardized features [rows, inputs], which are overwritten.</param>
    /// <param name="outputs">[rows, outputs]; every row gets the bits it would get alone.</param>
    public void Forward(Span<float> scratch, MatrixSpan outputs)
    {
        int rows = outputs.Rows, size = rows * _widest;
        Span<float> input = scratch[..size], output = scratch.Slice(size, size), kept = scratch[(2 * size)..];
        for (int i = 0; i < _steps.Length; i++)
        {
            ScoringStep step = _steps[i];
            MatrixSpan result = i == _steps.Length - 1 ? outputs : new MatrixSpan(output[..(rows * step.OutputSize)], rows, step.OutputSize);
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
    }

    private MlpNetwork Network()
    {
        var network = new MlpNetwork(_architecture, maximumRows: 0);
        network.Parameters.Restore(_values);
        return network;
    }
}
