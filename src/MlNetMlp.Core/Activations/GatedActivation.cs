using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary><c>f(z) = z g(z)</c> with a gate g between 0 and 1 that is nearly closed far below 0 and nearly open far above.</summary>
internal abstract record GatedActivation : Activation
{
    /// <summary>The number of values that one step works on: they stay in the first cache level and on the stack.</summary>
    private const int Chunk = 256;

    /// <summary>Far below, f is 0; the product of an infinite z and that 0 would be NaN.</summary>
    private protected const float Bound = 1e4f;

    internal sealed override Initializer DefaultInitializer => Initializer.He;

    internal sealed override bool NeedsInput => true;

    internal sealed override void Apply(Span<float> values)
    {
        Span<float> gates = stackalloc float[Math.Min(values.Length, Chunk)];
        while (!values.IsEmpty)
        {
            Span<float> z = values[..Math.Min(values.Length, Chunk)], gate = gates[..z.Length];
            Gate(z, gate);
            TensorPrimitives.Max(z, -Bound, z);
            TensorPrimitives.Multiply(z, gate, z);
            values = values[z.Length..];
        }
    }

    internal sealed override void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient)
    {
        Span<float> buffer = stackalloc float[2 * Math.Min(known.Length, Chunk)];
        for (int done = 0; done < known.Length; done += Chunk)
        {
            ReadOnlySpan<float> z = known[done..Math.Min(known.Length, done + Chunk)];
            MultiplyByDerivative(z, gradient.Slice(done, z.Length), buffer[..z.Length], buffer.Slice(z.Length, z.Length));
        }
    }

    /// <summary>Computes g(z), as many values.</summary>
    private protected abstract void Gate(ReadOnlySpan<float> z, Span<float> gate);

    /// <summary>Multiplies the gradient by <c>f'(z) = g(z) + z g'(z)</c>.</summary>
    /// <param name="z">Not more than fit into the first cache level.</param>
    /// <param name="gradient">As many.</param>
    /// <param name="first">Room for as many values.</param>
    /// <param name="second">Room for as many values.</param>
    private protected abstract void MultiplyByDerivative(ReadOnlySpan<float> z, Span<float> gradient, Span<float> first, Span<float> second);
}
