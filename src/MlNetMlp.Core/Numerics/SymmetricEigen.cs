using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix without negative eigenvalues, such as a covariance, in double precision.</summary>
/// <remarks>
/// The rows of <c>A V</c> are turned two by two until all are at right angles, and V with them (one-sided Jacobi rotations: Hestenes, Inversion of Matrices by
/// Biorthogonalization and Related Results, 1958). Each round takes about <c>6 n^3</c> operations; ten are enough for most matrices. Every sum has one
/// order.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MostRounds = 60;

    /// <summary>The cosine of an angle that is as good as a right one.</summary>
    private const double Right = 1e-14;

    /// <summary>Finds them.</summary>
    /// <param name="matrix">n rows of n numbers.</param>
    /// <param name="cancellationToken">Looked at in every round.</param>
    /// <returns>The eigenvalues, descending, and for each an eigenvector of length 1, whose largest element is positive.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (double[] Values, double[][] Vectors) Decompose(double[][] matrix, CancellationToken cancellationToken = default)
    {
        double[][] images = [.. matrix.Select(row => (double[])row.Clone())], vectors = Unit(matrix.Length);
        double[] room = new double[matrix.Length];
        bool hasTurned = true;
        for (int round = 0; hasTurned && round < MostRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hasTurned = false;
            for (int p = 0; p < images.Length; p++)
            {
                for (int q = p + 1; q < images.Length; q++)
                {
                    hasTurned |= TurnPair(images, vectors, p, q, room);
                }
            }
        }

        double[] values = [.. images.Select((image, i) => Math.Max(0, Dot(image, vectors[i])))];
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
        foreach (double[] vector in vectors)
        {
            if (vector.MaxBy(Math.Abs) < 0)
            {
                TensorPrimitives.Negate(vector, vector);
            }
        }

        return ([.. order.Select(i => values[i])], [.. order.Select(i => vectors[i])]);
    }

    /// <summary>Turns rows p and q until they are at right angles; false if they are.</summary>
    private static bool TurnPair(double[][] images, double[][] vectors, int p, int q, double[] room)
    {
        double first = Dot(images[p], images[p]), second = Dot(images[q], images[q]), product = Dot(images[p], images[q]);
        if (!(Math.Abs(product) > Right * Math.Sqrt(first * second)))
        {
            return false;
        }

        double cotangent = (second - first) / (2 * product);
        double tangent = (cotangent < 0 ? -1 : 1) / (Math.Abs(cotangent) + Math.Sqrt(1 + cotangent * cotangent));
        double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = cosine * tangent;
        Turn(images[p], images[q], cosine, sine, room);
        Turn(vectors[p], vectors[q], cosine, sine, room);
        return true;
    }

    private static void Turn(double[] x, double[] y, double cosine, double sine, double[] room)
    {
        TensorPrimitives.Multiply(x, sine, room);
        TensorPrimitives.Multiply(x, cosine, x);
        TensorPrimitives.MultiplyAdd(y, -sine, x, x);
        TensorPrimitives.MultiplyAdd(y, cosine, room, y);
    }

    private static double Dot(double[] left, double[] right)
    {
        int width = Vector512<double>.Count, i = 0;
        Vector512<double> sums = Vector512<double>.Zero;
        for (; i <= left.Length - width; i += width)
        {
            sums += Vector512.Create(left, i) * Vector512.Create(right, i);
        }

        double sum = Vector512.Sum(sums);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double[][] Unit(int size) =>
        [.. Enumerable.Range(0, size).Select(i => (double[])[.. Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0)])];
}
