using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Values of every kernel, form and shape, against double precision, with operands that touch guard pages.</summary>
public sealed class MatMulTests
{
    // Rows beyond a tile of 8, columns beyond a panel of 32, depths beyond a square of 8: every remainder of every kernel.
    private const int MostRows = 10, MostColumns = 35, MostDepth = 10;

    public static TheoryData<string> Kernel => Kernels.Each;

    [Fact]
    public void Multiply_EverySmallShapeBetweenGuardPages_IsWithinTheErrorBound()
    {
        using ThreadTeam team = new(1);
        using GuardedMemory left = new(MostRows * MostDepth), right = new(MostDepth * MostColumns), result = new(MostRows * MostColumns);
        for (int m = 0; m <= MostRows; m++)
        {
            for (int n = 0; n <= MostColumns; n++)
            {
                for (int k = 0; k <= MostDepth; k++)
                {
                    for (int end = 0; end < 2; end++)
                    {
                        Check(m, n, k, left, right, result, end == 1, team);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(33, 100, 77)]
    [InlineData(65, 129, 300)]      // two stretches of terms
    [InlineData(1, 515, 600)]       // the row kernel with four, two and one panels, and stretches
    [InlineData(1, 227, 5)]
    [InlineData(7, 333, 1000)]
    [InlineData(130, 300, 1)]
    [InlineData(3000, 1, 5)]        // a column, computed as a row
    [InlineData(3001, 1, 300)]
    [InlineData(257, 515, 513)]     // packs the right operand
    [InlineData(517, 67, 263)]      // several blocks of rows
    [InlineData(40, 4, 0)]          // a few columns, whose rows fill the vectors: no terms, one stretch of them and several
    [InlineData(32, 8, 17)]
    [InlineData(75, 34, 1)]
    [InlineData(71, 101, 515)]
    public void Multiply_LargeOddShapeBetweenGuardPages_IsWithinTheErrorBound(int m, int n, int k)
    {
        using ThreadTeam team = new(2);
        using GuardedMemory left = new(m * k), right = new(k * n), result = new(m * n);
        Check(m, n, k, left, right, result, end: true, team);
    }

    [Theory]
    [MemberData(nameof(Kernel))]
    public void Multiply_OperandsWithNaN_SpreadsItToItsRowOnly(string kernel)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        using ThreadTeam team = new(1);
        float[] left = TestData.Values(9 * 5, 1), right = TestData.Values(5 * 37, 2), result = new float[9 * 37];
        left[(4 * 5) + 2] = float.NaN;
        Products.Run("NN", left, right, result, 9, 37, 5, team);
        for (int i = 0; i < result.Length; i++)
        {
            Assert.Equal(i / 37 == 4, float.IsNaN(result[i]));
        }
    }

    private static void Check(
        int m, int n, int k, GuardedMemory leftMemory, GuardedMemory rightMemory, GuardedMemory resultMemory, bool end, ThreadTeam team)
    {
        Span<float> left = leftMemory.At(end, m * k), right = rightMemory.At(end, k * n), result = resultMemory.At(end, m * n);
        Span<double> product = new double[m * n], magnitude = new double[m * n];
        TestData.Fill(left, m + (100 * k));
        TestData.Fill(right, n + (100 * k));
        foreach (string form in ReferenceProduct.Forms)
        {
            ReferenceProduct.InDouble(form, left, right, m, n, k, product, magnitude);
            foreach (string kernel in Kernels.Names)
            {
                using InstructionSet.Scope scope = Kernels.Force(kernel);
                result.Fill(float.NaN);
                Products.Run(form, left, right, result, m, n, k, team);
                AssertClose($"{kernel} {form} [{m}, {n}, {k}]", k, product, magnitude, result);
                if (form != "NN")
                {
                    continue;
                }

                result.Fill(float.NaN);
                Products.RunPacked(left, new PackedMatrix(new(right, k, n)), result, m);
                AssertClose($"{kernel} packed [{m}, {n}, {k}]", k, product, magnitude, result);
            }
        }
    }

    private static void AssertClose(
        string what, int k, ReadOnlySpan<double> product, ReadOnlySpan<double> magnitude, ReadOnlySpan<float> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            if (!(Math.Abs(product[i] - result[i]) <= ReferenceProduct.ChainErrorBound(k, magnitude[i])))
            {
                Assert.Fail($"{what}: element {i} is {result[i]:R}, not {product[i]:R}.");
            }
        }
    }
}
