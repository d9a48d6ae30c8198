using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What is learned behind a normalization, unit by unit: <c>Y = gamma X^ + beta</c>, with gamma from 1 and beta from 0 or where the layer says. Keeps X^
/// [rows, units] from the forward step for the backward step.
/// </summary>
/// <remarks>Backward, with D = dL/dY: <c>dL/dgamma = sum over rows of D X^</c>, <c>dL/dbeta = sum over rows of D</c>.</remarks>
internal sealed class GainAndShift
{
    private readonly int _units;
    private readonly AlignedBuffer _normalized;

    /// <param name="name">Prefix of the names of the two parameters.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="layout">Receives gamma and beta, in this order.</param>
    public GainAndShift(string name, int units, int maximumRows, ParameterLayout layout)
    {
        _units = units;
        Gain = layout.Add(name + ".Gain", 1, units, decays: false);
        Shift = layout.Add(name + ".Shift", 1, units, decays: false);
        _normalized = new AlignedBuffer(checked(maximumRows * units));
    }

    /// <summary>gamma, [1, units].</summary>
    public Parameter Gain { get; }

    /// <summary>beta, [1, units].</summary>
    public Parameter Shift { get; }

    /// <summary>Writes the starting values: 1 for gamma, <paramref name="shift"/> for beta.</summary>
    public void Initialize(ParameterVector parameters, float shift = 0)
    {
        parameters.Value(Gain).Fill(1);
        parameters.Value(Shift).Fill(shift);
    }

    /// <summary>X^ of one row, to be written before <see cref="Apply"/>.</summary>
    public Span<float> Normalized(int row) => _normalized.Span.Slice(row * _units, _units);

    /// <summary>Computes one row of Y.</summary>
    public void Apply(ParameterVector parameters, int row, Span<float> output) =>
        TensorPrimitives.MultiplyAdd(Normalized(row), parameters.Value(Gain), parameters.Value(Shift), output);

    /// <summary>Writes the gradients of gamma and beta.</summary>
    /// <param name="parameters">Receives them.</param>
    /// <param name="outputGradient">D, [rows, units].</param>
    public void WriteGradients(ParameterVector parameters, ReadOnlyMatrixSpan outputGradient)
    {
        Span<float> shiftGradient = parameters.Gradient(Shift), gainGradient = parameters.Gradient(Gain);
        shiftGradient.Clear();
        gainGradient.Clear();
        RowOps.AddColumnSums(outputGradient, shiftGradient);
        for (int i = 0; i < outputGradient.Rows; i++)
        {
            TensorPrimitives.MultiplyAdd(outputGradient.Row(i), Normalized(i), gainGradient, gainGradient);
        }
    }
}
