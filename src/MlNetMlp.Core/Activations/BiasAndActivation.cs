using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The epilogue of a dense layer: <c>f(z + b)</c>, while the piece of the product is still in cache.</summary>
/// <param name="activation">f.</param>
/// <param name="units">The number of units: the columns of the product.</param>
/// <param name="biases">The buffer that holds the biases, or null where there are none.</param>
/// <param name="offset">Where in the buffer they begin.</param>
/// <param name="slopes">Receives <c>f'(z + b)</c>, [rows, units], or null where nobody needs it.</param>
internal readonly struct BiasAndActivation(Activation activation, int units, AlignedBuffer? biases, int offset, AlignedBuffer? slopes = null) : IEpilogue
{
    public void Apply(Span<float> values, int row, int column)
    {
        ReadOnlySpan<float> added = biases is null ? [] : biases.Span.Slice(offset + column, Math.Min(values.Length, units - column));
        if (slopes is not null)
        {
            activation.ApplyWithSlope(values, added, slopes.Span.Slice(row * units + column, values.Length));
        }
        else if (biases is not null)
        {
            activation.Apply(values, added);
        }
        else
        {
            activation.Apply(values);
        }
    }
}
