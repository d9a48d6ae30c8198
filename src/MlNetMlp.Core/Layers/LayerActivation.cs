using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The activation at the end of a layer: keeps <c>f'(z)</c> of a pass where it cannot be had from the result, and only there.
/// </summary>
/// <param name="function">f.</param>
/// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
/// <param name="units">The number of units of the layer.</param>
internal sealed class LayerActivation(Activation function, int maximumRows, int units)
{
    public Activation Function => function;

    /// <summary>Where <c>f'(z)</c> [rows, units] has to be kept, or null where nobody needs it.</summary>
    public AlignedBuffer? Slopes { get; } = function.KeepsSlope ? new AlignedBuffer(checked(maximumRows * units)) : null;

    /// <summary>Replaces z by <c>f(z)</c>.</summary>
    public void Apply(Span<float> values)
    {
        if (Slopes is null)
        {
            function.Apply(values);
        }
        else
        {
            function.ApplyWithSlope(values, [], Slopes.Span[..values.Length]);
        }
    }

    /// <summary>What determines f' of the last pass, whose result was <paramref name="output"/>: that result, or f' itself.</summary>
    public ReadOnlySpan<float> Known(ReadOnlySpan<float> output) => Slopes is null ? output : Slopes.Span[..output.Length];

    /// <summary>Multiplies the gradient by <c>f'(z)</c> of the last pass, whose result was <paramref name="output"/>.</summary>
    public void MultiplyByDerivative(ReadOnlySpan<float> output, Span<float> gradient) =>
        function.MultiplyByDerivative(Known(output), gradient);
}
