using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The epilogue of a dense layer: <c>f(z + b)</c>, while the piece of the product is still in cache.</summary>
/// <param name="biases">The buffer that holds the biases, or null where there are none.</param>
/// <param name="offset">Where in the buffer they begin.</param>
/// <param name="activation">f.</param>
/// <param name="sums">Receives the weighted sums z + b, [rows, units], or null where nobody needs them.</param>
/// <param name="units">The number of columns of the sums.</param>
internal readonly struct BiasAndActivation(AlignedBuffer? biases, int offset, Activation activation, AlignedBuffer? sums = null, int units = 0) : IEpilogue
{
    public void Apply(Span<float> values, int row, int column)
    {
        if (biases is not null)
        {
            ReadOnlySpan<float> added = biases.Span.Slice(offset + column, values.Length);
            if (sums is null)
            {
                activation.Apply(values, added);
                return;
            }

            TensorPrimitives.Add(values, added, values);
        }

        if (sums is not null)
        {
            values.CopyTo(sums.Span.Slice(row * units + column, values.Length));
        }

        activation.Apply(values);
    }
}
