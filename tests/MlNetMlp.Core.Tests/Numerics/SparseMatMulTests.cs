using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Products of sparse rows against the dense product of the same rows, whose own tests say what is right.</summary>
public sealed class SparseMatMulTests
{
    private const int Features = 37;

    public static TheoryData<string> Each => Kernels.Each;

    [Theory]
    [MemberData(nameof(Each))]
    public void Multiply_AnyNumberOfColumns_HasTheBitsOfTheDenseProduct(string kernel)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        using ThreadTeam team = new(2);
        using GuardedMemory right = new(Features * 150), result = new(6 * 150);
        (float[] dense, SparseFeatures sparse) = Rows(6);
        for (int columns = 1; columns <= 150; columns++)
        {
            foreach (bool end in new[] { false, true })
            {
                Span<float> weights = right.At(end, Features * columns), sums = result.At(end, 6 * columns);
                TestData.Values(weights.Length, columns).CopyTo(weights);
                sums.Fill(float.NaN);
                SparseMatMul.Multiply(sparse.Matrix, new(weights, Features, columns), new(sums, 6, columns), team, default(NoEpilogue));
                float[] expected = new float[6 * columns];
                MatMul.Multiply(new(dense, 6, Features), new ReadOnlyMatrixSpan(weights, Features, columns), new(expected, 6, columns), team,
                    default(NoEpilogue));
                TestData.AssertSameBits(expected, sums, $"{columns} columns");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Multiply_PackedMatrix_HasTheSameBits(string kernel)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        using ThreadTeam team = new(1);
        (float[] dense, SparseFeatures sparse) = Rows(3);
        foreach (int columns in new[] { 1, 3, 7, 16, 33, 64, 100 })
        {
            float[] weights = TestData.Values(Features * columns, 5), expected = new float[3 * columns], sums = new float[columns];
            MatMul.Multiply(new(dense, 3, Features), new ReadOnlyMatrixSpan(weights, Features, columns), new(expected, 3, columns), team, default(NoEpilogue));
            var packed = new PackedMatrix(new(weights, Features, columns));
            for (int i = 0; i < 3; i++)
            {
                SparseMatMul.Multiply(sparse.Indices(i), sparse.Values(i), packed, sums, default(NoEpilogue));
                TestData.AssertSameBits(expected.AsSpan(i * columns, columns), sums, $"{columns} columns, row {i}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MultiplyInto_Transpose_IsTheDenseGradientAndTouchesNothingElse(int threads)
    {
        const int rows = 300, columns = 50;
        using ThreadTeam team = new(threads);
        (float[] dense, SparseFeatures sparse) = Rows(rows, features: 900, density: 0.02f);
        float[] right = TestData.Values(rows * columns, 3), expected = new float[900 * columns], result = new float[900 * columns];
        MatMul.TransposedMultiply(new(dense, rows, 900), new(right, rows, columns), new(expected, 900, columns), team);
        var active = new ActiveFeatures(900);
        active.Read(new SparseFeatures(900) { }.Matrix);
        active.Read(sparse.Matrix);
        result.AsSpan().Fill(-1);
        SparseMatMul.MultiplyInto(active.Matrix, new(right, rows, columns), active.Features, new(result, 900, columns), team);
        bool[] isActive = [.. Enumerable.Range(0, 900).Select(j => Enumerable.Range(0, rows).Any(i => dense[i * 900 + j] != 0))];
        Assert.Equal(isActive.Count(one => one), active.Count);
        Assert.InRange(active.Count, 1, 899);
        for (int j = 0; j < 900; j++)
        {
            TestData.AssertSameBits(
                isActive[j] ? expected.AsSpan(j * columns, columns) : [.. Enumerable.Repeat(-1f, columns)], result.AsSpan(j * columns, columns),
                    $"feature {j}");
        }
    }

    [Fact]
    public void Multiply_WrongShapes_AreRefused()
    {
        using ThreadTeam team = new(1);
        SparseFeatures sparse = Rows(2).Sparse;
        Assert.Throws<ArgumentException>(() => SparseMatMul.Multiply(sparse.Matrix, new(new float[36], 36, 1), new(new float[2], 2, 1), team,
            default(NoEpilogue)));
        Assert.Throws<ArgumentException>(() => SparseMatMul.Multiply(sparse.Matrix, new(new float[37], 37, 1), new(new float[3], 3, 1), team,
            default(NoEpilogue)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseMatMul.MultiplyInto(sparse.Matrix, new(new float[37], 37, 1), [0, 5],
            new(new float[5], 5, 1), team));
        Assert.Throws<ArgumentException>(() => SparseMatMul.MultiplyInto(sparse.Matrix, new(new float[37], 37, 1), [0], new(new float[5], 5, 1), team));
    }

    /// <summary>The second row is empty.</summary>
    private static (float[] Dense, SparseFeatures Sparse) Rows(int count, int features = Features, float density = 0.3f)
    {
        var sparse = new SparseFeatures(features);
        float[] dense = TestData.Values(count * features, 7);
        for (int i = 0; i < count; i++)
        {
            Span<float> row = dense.AsSpan(i * features, features);
            for (int j = 0; j < features; j++)
            {
                row[j] = i != 1 && new SeededRandom(9).At(i).Single(j) < density ? row[j] : 0;
            }

            sparse.Add(row);
        }

        return (dense, sparse);
    }
}
