using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Eigenvectors against what defines them, in double precision.</summary>
public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(7, 7)]
    [InlineData(20, 11)]
    [InlineData(65, 65)]
    public void Decompose_Covariance_HasItsDirections(int size, int rank)
    {
        var random = new Random(size);
        double[][] factors = [.. Enumerable.Range(0, rank).Select(_ => Array.ConvertAll(new double[size], _ => random.NextDouble() - 0.4))];
        double[][] matrix = Matrix(size, (i, j) => factors.Sum(factor => factor[i] * factor[j]));

        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(matrix);

        Assert.Equal(values.OrderDescending(), values);
        double tolerance = 1e-12 * size * values[0];
        Assert.All(values[rank..], value => Assert.Equal(0, value, tolerance));
        for (int k = 0; k < size; k++)
        {
            Assert.True(vectors[k].MaxBy(Math.Abs) > 0);
            for (int i = 0; i < size; i++)
            {
                Assert.Equal(values[k] * vectors[k][i], matrix[i].Zip(vectors[k], (a, v) => a * v).Sum(), tolerance);
                Assert.Equal(i == k ? 1 : 0, vectors[i].Zip(vectors[k], (a, b) => a * b).Sum(), 1e-12 * size);
            }
        }
    }

    /// <summary>Any directions will do where all variances are the same.</summary>
    [Fact]
    public void Decompose_UnitMatrix_HasOnes() =>
        Assert.Equal([1, 1, 1], SymmetricEigen.Decompose(Matrix(3, (i, j) => i == j ? 1 : 0)).Values);

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.841344746068543, 1)]
    [InlineData(0.024997895148220, -1.96)]
    [InlineData(0.998650101968370, 3)]
    public void Quantile_OfTheNormalDistribution_IsThatOfTables(double share, double expected) =>
        Assert.Equal(expected, NormalDistribution.Quantile(share), 1e-9);

    private static double[][] Matrix(int size, Func<int, int, double> element) =>
        [.. Enumerable.Range(0, size).Select(i => (double[])[.. Enumerable.Range(0, size).Select(j => element(i, j))])];
}
