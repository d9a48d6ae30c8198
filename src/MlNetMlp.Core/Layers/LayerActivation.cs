using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The activation at the end of a layer: keeps the weighted sums z of a pass where the derivative is written in terms of them, and only
/// there.
/// </summary>
/// <param name="function">f.</param>
/// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
/// <param name="units">The number of units of the layer.</param>
internal sealed class LayerActivation(Activation function, int maximumRows, int units)
{
    public Activation Function => function;

    /// <summary>Where z [rows, units] has to be kept, or null where nobody needs it.</summary>
    public AlignedBuffer? Sums { get; } = function.NeedsInput ? new AlignedBuffer(checked(maximumRows * units)) : null;

    /// <summary>Replaces z by <c>f(z)</c>.</summary>
    public void Apply(Span<float> values)
    {
        if (Sums is not null)
        {
            values.CopyTo(Sums.Span);
        }

        function.Apply(values);
    }

    /// <summary>What determines f' of the last pass, whose result was <paramref name="output"/>: that result, or the sums.</summary>
    public ReadOnlySpan<float> Known(ReadOnlySpan<float> output) => Sums is null ? output : Sums.Span[..output.Length];

    /// <summary>Multiplies the gradient by <c>f'(z)</c> of the last pass, whose result was <paramref name="output"/>.</summary>
    public void MultiplyByDerivative(ReadOnlySpan<float> output, Span<float> gradient) =>
        function.MultiplyByDerivative(Known(output), gradient);
}
