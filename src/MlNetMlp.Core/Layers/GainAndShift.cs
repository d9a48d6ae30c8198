using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What is learned behind a normalization, unit by unit: <c>Y = gamma X^ + beta</c>, with gamma from 1 and beta from 0 or where the layer says. Keeps X^
/// [rows, units] from the forward step for the backward step.
/// </summary>
/// <remarks>Backward, with D = dL/dY: <c>dL/dgamma = sum over rows of D X^</c>, <c>dL/dbeta = sum over rows of D</c>.</remarks>
internal sealed unsafe class GainAndShift
{
    private readonly int _units;

    /// <param name="settings">Those of the layer; the initial bias is where beta begins.</param>
    /// <param name="layout">Receives gamma and beta, in this order.</param>
    public GainAndShift(LayerSettings settings, ParameterLayout layout)
    {
        NetworkPart part = settings.Part;
        _units = settings.Sums;
        Gain = layout.Add(new($"{part}.Normalization.Gain", 1, _units) { Part = part, InitialValue = 1 });
        Shift = layout.Add(new($"{part}.Normalization.Shift", 1, _units) { Part = part, IsBias = true, InitialValue = settings.InitialBias });
        Normalized = new AlignedBuffer(checked(settings.MaximumRows * _units));
    }

    /// <summary>gamma, [1, units].</summary>
    public Parameter Gain { get; }

    /// <summary>beta, [1, units].</summary>
    public Parameter Shift { get; }

    /// <summary>Where X^ goes in the forward step, and is in the backward step.</summary>
    public AlignedBuffer Normalized { get; }

    /// <summary>X^ of one row.</summary>
    public Span<float> NormalizedRow(int row) => Normalized.Span.Slice(row * _units, _units);

    /// <summary>Writes the gradients of gamma and beta.</summary>
    /// <param name="parameters">Receives them.</param>
    /// <param name="outputGradient">D, [rows, units].</param>
    public void WriteGradients(ParameterVector parameters, ReadOnlyMatrixSpan outputGradient)
    {
        Span<float> shiftGradient = parameters.Gradient(Shift), gainGradient = parameters.Gradient(Gain);
        shiftGradient.Clear();
        gainGradient.Clear();
        RowOps.AddColumnSums(outputGradient, shiftGradient);
        fixed (float* gradient = outputGradient.Values)
        {
            MatrixMath.AddColumnSums(new MatrixMath.Products(gradient, Normalized.Pointer), _units, outputGradient.Rows, gainGradient);
        }
    }
}
