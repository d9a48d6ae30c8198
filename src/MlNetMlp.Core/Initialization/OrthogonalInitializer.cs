using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Initializer.Orthogonal"/>.</summary>
/// <remarks>
/// The shorter side of the matrix counts the vectors, the longer one their elements. Gram-Schmidt on normal vectors gives the Q of their
/// QR decomposition whose R has a positive diagonal, which makes all rotations equally likely: Francesco Mezzadri, "How to Generate
/// Random Matrices from the Classical Compact Groups", 2007.
/// </remarks>
internal sealed record OrthogonalInitializer(float Gain) : Initializer
{
    /// <summary>A vector of which less is left was as good as in the span of those before it, and is drawn again.</summary>
    private const double SmallestRest = 1e-6;

    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random)
    {
        bool ofUnits = fanOut <= fanIn;
        (int count, int length) = ofUnits ? (fanOut, fanIn) : (fanIn, fanOut);
        double[][] vectors = OrthonormalVectors(count, length, random);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < length; j++)
            {
                weights[ofUnits ? (j * fanOut) + i : (i * fanOut) + j] = (float)(Gain * vectors[i][j]);
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Orthogonal({Gain})");

    private static double[][] OrthonormalVectors(int count, int length, SeededRandom random)
    {
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            SeededRandom own = random.At(i);
            double[] vector = new double[length];
            double norm = 0;
            for (int attempt = 0; norm < SmallestRest; attempt++)
            {
                SeededRandom numbers = own.At(attempt);
                for (int j = 0; j < length; j++)
                {
                    vector[j] = numbers.Normal(j);
                }

                // The second round takes away what rounding left of the first.
                RemoveComponents(vector, vectors.AsSpan(0, i));
                RemoveComponents(vector, vectors.AsSpan(0, i));
                norm = Math.Sqrt(Dot(vector, vector));
            }

            for (int j = 0; j < length; j++)
            {
                vector[j] /= norm;
            }

            vectors[i] = vector;
        }

        return vectors;
    }

    private static void RemoveComponents(double[] vector, ReadOnlySpan<double[]> directions)
    {
        foreach (double[] direction in directions)
        {
            double component = Dot(vector, direction);
            for (int j = 0; j < vector.Length; j++)
            {
                vector[j] -= component * direction[j];
            }
        }
    }

    // Four sums, because each addition of one sum would wait for the one before; in an order that no processor changes.
    private static double Dot(double[] first, double[] second)
    {
        double a = 0, b = 0, c = 0, d = 0;
        int j = 0;
        for (; j <= first.Length - 4; j += 4)
        {
            a += first[j] * second[j];
            b += first[j + 1] * second[j + 1];
            c += first[j + 2] * second[j + 2];
            d += first[j + 3] * second[j + 3];
        }

        for (; j < first.Length; j++)
        {
            a += first[j] * second[j];
        }

        return a + b + (c + d);
    }
}
