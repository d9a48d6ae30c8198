using System.Numerics;
using System.Runtime.InteropServices;

namespace MlNetMlp;

/// <summary>The derivative of an activation, <c>f'(z)</c>, as a function of its result <c>a = f(z)</c>.</summary>
internal interface IDerivative
{
    Vector<float> At(Vector<float> output);
}

/// <summary>Drives an <see cref="IDerivative"/> over spans; the type parameter lets the compiler inline it into the loop.</summary>
internal static class Derivative
{
    public static void Multiply<TDerivative>(TDerivative derivative, ReadOnlySpan<float> output, Span<float> gradient)
        where TDerivative : struct, IDerivative
    {
        ReadOnlySpan<Vector<float>> outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        Span<Vector<float>> gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (int i = 0; i < outputs.Length; i++)
        {
            gradients[i] *= derivative.At(outputs[i]);
        }

        int done = outputs.Length * Vector<float>.Count;
        if (done == output.Length)
        {
            return;
        }

        // The rest travels through one padded vector, so that it is computed exactly as the others are.
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        output[done..].CopyTo(padded);
        Vector<float> factors = derivative.At(new Vector<float>(padded));
        for (int i = done; i < gradient.Length; i++)
        {
            gradient[i] *= factors[i - done];
        }
    }
}
