using System.Runtime.CompilerServices;
using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>The epilogue, memory and errors of products.</summary>
public sealed class MatMulCallTests
{
    public static TheoryData<string, int, int, int> Shapes
    {
        get
        {
            TheoryData<string, int, int, int> data = [];
            foreach (string kernel in Kernels.Names)
            {
                data.Add(kernel, 1, 1, 1);
                data.Add(kernel, 3, 5, 0);
                data.Add(kernel, 45, 1, 33);
                data.Add(kernel, 32, 64, 16);
                data.Add(kernel, 1, 300, 40);
                data.Add(kernel, 150, 333, 300);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_WithEpilogue_AppliesItOnceToEachFinishedElement(string kernel, int m, int n, int k)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        using ThreadTeam team = new(2);
        float[] left = TestData.Values(m * k, 1), right = TestData.Values(k * n, 2);
        float[] plain = new float[m * n], result = new float[m * n];
        Products.Run("NN", left, right, plain, m, n, k, team);
        float[] expected = [.. plain.Select((value, i) => Recorder.Mark(value, i / n, i % n))];

        int[] calls = new int[m * n];
        MatMul.Multiply(new(left, m, k), new ReadOnlyMatrixSpan(right, k, n), new(result, m, n), team, new Recorder(calls, n));
        Assert.All(calls, count => Assert.Equal(1, count));
        TestData.AssertSameBits(expected, result, "plain");

        Array.Clear(calls);
        MatMul.Multiply(new(left, m, k), new PackedMatrix(new(right, k, n)), new MatrixSpan(result, m, n), new Recorder(calls, n));
        Assert.All(calls, count => Assert.Equal(1, count));
        TestData.AssertSameBits(expected, result, "packed");
    }

    [Theory]
    [InlineData(32, 64, 16, 1)]
    [InlineData(1, 70, 16, 1)]
    [InlineData(200, 300, 130, 2)]
    [InlineData(260, 530, 520, 2)]
    public void Multiply_AfterTheFirstCall_AllocatesNothing(int m, int n, int k, int threads)
    {
        using ThreadTeam team = new(threads);
        float[] left = TestData.Values(m * k, 1), right = TestData.Values(k * n, 2), result = new float[m * n];
        PackedMatrix packed = new(new(right, k, n));
        for (int warm = 0; warm < 3; warm++)
        {
            All();
        }

        Assert.Equal(0, Allocations.Of(All));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void All()
        {
            foreach (string form in ReferenceProduct.Forms)
            {
                Products.Run(form, left, right, result, m, n, k, team);
            }

            Products.RunPacked(left, packed, result, m);
        }
    }

    [Theory]
    [InlineData("NN", "left is [2, 3], right is [4, 5], result is [2, 5]")]
    [InlineData("NT", "left is [2, 3], right is [5, 4], result is [2, 5]")]
    [InlineData("TN", "left is [3, 2], right is [4, 5], result is [2, 5]")]
    public void Multiply_InnerExtentsDiffer_NamesTheShapes(string form, string shapes)
    {
        using ThreadTeam team = new(1);
        ArgumentException exception = Assert.Throws<ArgumentException>(() =>
        {
            float[] left = new float[6], right = new float[20], result = new float[10];
            if (form == "NN")
            {
                MatMul.Multiply(new(left, 2, 3), new ReadOnlyMatrixSpan(right, 4, 5), new(result, 2, 5), team, default(NoEpilogue));
            }
            else if (form == "NT")
            {
                MatMul.MultiplyTransposed(new(left, 2, 3), new(right, 5, 4), new(result, 2, 5), team);
            }
            else
            {
                MatMul.TransposedMultiply(new(left, 3, 2), new(right, 4, 5), new(result, 2, 5), team);
            }
        });
        Assert.Contains(shapes, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(2, 4)]
    public void Multiply_ResultOfAnotherShape_Throws(int rows, int columns)
    {
        using ThreadTeam team = new(1);
        foreach (string form in ReferenceProduct.Forms)
        {
            Assert.Throws<ArgumentException>(() =>
            {
                MatrixSpan result = new(new float[rows * columns], rows, columns);
                float[] left = new float[6], right = new float[15];
                if (form == "NN")
                {
                    MatMul.Multiply(new(left, 2, 3), new ReadOnlyMatrixSpan(right, 3, 5), result, team, default(NoEpilogue));
                }
                else if (form == "NT")
                {
                    MatMul.MultiplyTransposed(new(left, 2, 3), new(right, 5, 3), result, team);
                }
                else
                {
                    MatMul.TransposedMultiply(new(left, 3, 2), new(right, 3, 5), result, team);
                }
            });
        }

        Assert.Throws<ArgumentException>(() =>
        {
            PackedMatrix right = new(new(new float[15], 3, 5));
            MatMul.Multiply(new(new float[6], 2, 3), right, new MatrixSpan(new float[rows * columns], rows, columns), default(NoEpilogue));
        });
    }

    [Fact]
    public void Multiply_ResultSharesMemoryWithAnOperand_Throws()
    {
        using ThreadTeam team = new(1);
        float[] shared = new float[12], other = new float[9];
        Assert.Throws<ArgumentException>(() => Products.Run("NN", shared.AsSpan(0, 9), other, shared.AsSpan(3), 3, 3, 3, team));
        Assert.Throws<ArgumentException>(() => Products.Run("NN", other, shared.AsSpan(0, 9), shared.AsSpan(3), 3, 3, 3, team));
        PackedMatrix packed = new(new(other, 3, 3));
        Assert.Throws<ArgumentException>(() => Products.RunPacked(shared.AsSpan(0, 9), packed, shared.AsSpan(3), 3));
    }

    /// <summary>Counts its calls for each element and leaves a mark that no second call and no wrong coordinate would leave.</summary>
    private readonly struct Recorder(int[] calls, int columns) : IEpilogue
    {
        public static float Mark(float value, int row, int column) => (value * 2) + row + (column / 1024f);

        public void Apply(Span<float> values, int row, int column)
        {
            for (int i = 0; i < values.Length; i++)
            {
                int place = (row * columns) + column + i;
                Interlocked.Increment(ref calls[place]);
                values[i] = Mark(values[i], place / columns, place % columns);
            }
        }
    }
}
