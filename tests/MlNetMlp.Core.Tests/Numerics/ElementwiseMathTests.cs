using System.Runtime.CompilerServices;
using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class ElementwiseMathTests
{
    public static TheoryData<string> KernelNames => Kernels.Each;

    /// <summary>Against the sums and squares one by one: several rows, each with the same second operand.</summary>
    [Theory]
    [MemberData(nameof(KernelNames))]
    public void ApplyToSum_RowsOfEveryWidth_AddsTheSameToEach(string kernel)
    {
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        for (int columns = 1; columns <= 40; columns++)
        {
            for (int rows = 0; rows <= 5; rows++)
            {
                float[] x = Numbers(rows * columns, 1), y = Numbers(columns, 2), slopes = new float[x.Length];
                float[] sums = [.. x.Select((value, i) => value + y[i % columns])], expected = [.. sums.Select(sum => sum * sum)];
                float[] plain = [.. x], withSlope = [.. x];
                ElementwiseMath.ApplyToSum(default(Square), plain, y);
                TestData.AssertSameBits(expected, plain, $"{rows} rows of {columns}");
                ElementwiseMath.ApplyWithSlope(default(Square), withSlope, y, withSlope, slopes);
                TestData.AssertSameBits(expected, withSlope, $"{rows} rows of {columns}, with slopes");
                TestData.AssertSameBits([.. sums.Select(sum => sum + sum)], slopes, $"slopes of {rows} rows of {columns}");
            }
        }
    }

    [Fact]
    public void ApplyToSum_NoWholeRowsOrSharedMemory_Throws()
    {
        float[] x = new float[12];
        Assert.Throws<ArgumentException>(() => ElementwiseMath.ApplyToSum(default(Square), x, new float[5]));
        Assert.Throws<ArgumentException>(() => ElementwiseMath.ApplyToSum(default(Square), x, new float[13]));
        Assert.Throws<ArgumentException>(() => ElementwiseMath.ApplyToSum(default(Square), x, []));
        Assert.Throws<ArgumentException>(() => ElementwiseMath.ApplyToSum(default(Square), x, x.AsSpan(0, 4)));
        Assert.Throws<ArgumentException>(() => ElementwiseMath.ApplyWithSlope(default(Square), x, new float[5], x, new float[12]));
    }

    private static float[] Numbers(int count, int seed)
    {
        float[] numbers = new float[count];
        new SeededRandom(seed).FillNormal(numbers, 0, 1);
        return numbers;
    }

    private readonly struct Square : IElementwise, IElementwiseWithSlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Multiply(x, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, out TVector slope)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            slope = TLanes.Add(x, x);
            return TLanes.Multiply(x, x);
        }
    }
}
