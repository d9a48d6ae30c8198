using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class SumGradientTests
{
    public static TheoryData<int, int, int, bool> Shapes => new() { { 3, 5, 1, true }, { 200, 70, 2, true }, { 70, 700, 1, true },
        { 70, 700, 3, true }, { 70, 700, 2, false }, { 130, 200, 4, true }, { 20, 1000, 16, true } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Compute_AnyShapeAndThreads_IsDerivativeThenSumsInTheOrderOfTheRows(int rows, int units, int threads, bool hasBias)
    {
        foreach (Activation function in (Activation[])[Activation.Relu, Activation.Tanh, Activation.Gelu])
        {
            float[] z = TestData.Values(rows * units, 1), output = [.. z], gradient = TestData.Values(rows * units, 2), expected = [.. gradient];
            var activation = new LayerActivation(function, rows, units);
            activation.Apply(output);
            float[] again = [.. z], slopes = new float[z.Length];
            if (function.KeepsSlope)
            {
                function.ApplyWithSlope(again, [], slopes);
            }

            function.MultiplyByDerivative(function.KeepsSlope ? slopes : output, expected);
            float[] sums = new float[hasBias ? units : 0], expectedSums = new float[sums.Length];
            sums.AsSpan().Fill(9);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < sums.Length; j++)
                {
                    expectedSums[j] += expected[i * units + j];
                }
            }

            using var team = new ThreadTeam(threads);
            SumGradient.Compute(activation, new ReadOnlyMatrixSpan(output, rows, units), new MatrixSpan(gradient, rows, units), sums, team);
            TestData.AssertSameBits(expected, gradient, function + ", gradient");
            TestData.AssertSameBits(expectedSums, sums, function + ", biases");
        }
    }
}
