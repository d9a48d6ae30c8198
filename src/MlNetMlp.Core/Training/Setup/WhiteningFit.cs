using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Finds the linear map that makes standardized features uncorrelated; see <see cref="FeatureScaling.WhitenPca"/>.</summary>
internal static class WhiteningFit
{
    private const int RowsAtOnce = 256;

    /// <summary>Reads the sample and finds the map.</summary>
    /// <param name="rows">The training rows; those without weight do not count.</param>
    /// <param name="scaling">Which map.</param>
    /// <param name="standardizer">What is done to the features before.</param>
    /// <param name="cancellationToken">Looked at before every reading, and now and then.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Whitening Of(IRowSource rows, FeatureScaling scaling, FeatureStandardizer standardizer, CancellationToken cancellationToken)
    {
        (double[] variances, double[][] directions) = SymmetricEigen.Decompose(Covariance(rows, standardizer, cancellationToken), cancellationToken);
        int features = directions.Length, components = scaling.Components ?? features, columns = scaling.TurnsBack ? features : components;
        double[] factors = [.. variances.Select(variance => 1 / Math.Sqrt(variance + scaling.Epsilon))];
        float[] matrix = new float[checked(features * columns)];
        for (int i = 0; i < features; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i * columns + j] = (float)(scaling.TurnsBack
                    ? Enumerable.Range(0, features).Sum(k => directions[k][i] * factors[k] * directions[k][j])
                    : directions[j][i] * factors[j]);
            }
        }

        return new(features, matrix);
    }

    /// <summary>The mean of the products of any two features over the sample.</summary>
    private static double[][] Covariance(IRowSource rows, FeatureStandardizer standardizer, CancellationToken cancellationToken)
    {
        int features = rows.FeatureCount;
        int[] numbers = FeatureSample.NumbersOf(rows, features);
        double[][] sums = [.. Enumerable.Range(0, features).Select(_ => new double[features])];
        double weight = 0;
        RowBatch batch = new(rows), prepared = new(rows);
        using var team = new ThreadTeam(1);
        var products = new AlignedBuffer(checked(features * features));
        for (int first = 0; first < numbers.Length; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            rows.GatherAll(numbers.AsSpan(first, Math.Min(RowsAtOnce, numbers.Length - first)), batch);
            prepared.Begin(batch.Count);
            standardizer.Apply(batch, prepared, 0);
            for (int i = 0; i < batch.Count; i++)
            {
                weight += batch.Weights[i];
                TensorPrimitives.Multiply(prepared.FeaturesOf(i), MathF.Sqrt(batch.Weights[i]), prepared.FeaturesOf(i));
            }

            MatMul.TransposedMultiply(prepared.FeatureMatrix, prepared.FeatureMatrix, products.AsMatrix(features, features), team);
            for (int i = 0; i < features; i++)
            {
                for (int j = 0; j < features; j++)
                {
                    sums[i][j] += products.Span[i * features + j];
                }
            }
        }

        return [.. sums.Select(row => Array.ConvertAll(row, sum => sum / weight))];
    }
}
