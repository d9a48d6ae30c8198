using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>How a product is computed leaves no trace in its bits.</summary>
public sealed class MatMulBitsTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 32, 64, 16 },
        { 13, 37, 29 },
        { 45, 1, 300 },
        { 67, 131, 300 },
        { 301, 97, 33 },
        { 5, 700, 520 },
        { 1, 1100, 700 },
        { 257, 515, 513 },

        // A few columns beside whole tiles, or alone.
        { 203, 100, 530 },
        { 150, 3, 270 },

        // Lines as long as a page: both operands are copied.
        { 139, 1031, 270 },
        { 1029, 150, 130 },
        { 270, 1042, 9 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_AnyKernelAndNumberOfThreads_HasTheBitsOfTheScalarChain(int m, int n, int k)
    {
        float[] left = TestData.Values(m * k, 1), right = TestData.Values(k * n, 2);
        float[] result = new float[m * n], expected = new float[m * n];
        foreach (string form in ReferenceProduct.Forms)
        {
            if (Kernels.AreFused)
            {
                ReferenceProduct.Chains(form, left, right, m, n, k, expected);
            }
            else
            {
                Run(Kernels.Names[0], 1, expected);
            }

            foreach (string kernel in Kernels.Names)
            {
                foreach (int threads in (int[])[1, 2, 3, 16])
                {
                    Run(kernel, threads, result);
                    TestData.AssertSameBits(expected, result, $"{kernel} {form} on {threads} threads");
                }
            }

            void Run(string kernel, int threads, float[] target)
            {
                using InstructionSet.Scope scope = Kernels.Force(kernel);
                using ThreadTeam team = new(threads);
                Array.Fill(target, float.NaN);
                Products.Run(form, left, right, target, m, n, k, team);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_RowAlonePackedOrPlain_HasTheBitsOfTheBlock(int m, int n, int k)
    {
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            CheckRows(m, n, k);
        }
    }

    private static void CheckRows(int m, int n, int k)
    {
        using ThreadTeam team = new(1);
        float[] left = TestData.Values(m * k, 1), right = TestData.Values(k * n, 2);
        float[] block = new float[m * n], packedBlock = new float[m * n], row = new float[n];
        PackedMatrix packed = new(new(right, k, n));

        Products.Run("NN", left, right, block, m, n, k, team);
        Products.RunPacked(left, packed, packedBlock, m);
        TestData.AssertSameBits(block, packedBlock, "packed block");

        for (int i = 0; i < m; i += Math.Max(1, m / 11))
        {
            ReadOnlySpan<float> leftRow = left.AsSpan(i * k, k);
            Products.RunPacked(leftRow, packed, row, 1);
            TestData.AssertSameBits(block.AsSpan(i * n, n), row, $"packed, row {i} alone");
            Products.Run("NN", leftRow, right, row, 1, n, k, team);
            TestData.AssertSameBits(block.AsSpan(i * n, n), row, $"plain, row {i} alone");
        }
    }

    [Fact]
    public void Multiply_PackedMatrixUsedByManyThreadsAtOnce_GivesEachTheSameBits()
    {
        const int m = 40, n = 70, k = 300;
        float[] left = TestData.Values(m * k, 1), right = TestData.Values(k * n, 2), expected = new float[m * n];
        PackedMatrix packed = new(new(right, k, n));
        Products.RunPacked(left, packed, expected, m);
        Parallel.For(0, 64, _ =>
        {
            float[] result = new float[m * n];
            Products.RunPacked(left, packed, result, m);
            TestData.AssertSameBits(expected, result, "concurrent");
        });
    }
}
