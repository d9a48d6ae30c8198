using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A <see cref="PeriodicEmbedding"/> of some inputs beside all of them, row by row; see <see cref="PeriodicLayer"/>.</summary>
/// <param name="inputs">The number of inputs.</param>
/// <param name="numbers">Which of them are embedded.</param>
/// <param name="frequencies">[numbers waves], in turns.</param>
/// <param name="phases">[numbers waves], in turns.</param>
/// <param name="weights">[numbers waves, width].</param>
/// <param name="biases">[numbers, width].</param>
internal sealed class PeriodicStep(int inputs, PeriodicNumbers numbers, float[] frequencies, float[] phases, float[] weights, float[] biases)
    : ScoringStep(inputs, inputs + numbers.OutputSize)
{
    public PeriodicNumbers Embedded => numbers;

    public float[] Frequencies => frequencies;

    public float[] Phases => phases;

    /// <summary>V.</summary>
    public float[] Weights => weights;

    /// <summary>c.</summary>
    public float[] Biases => biases;

    public override IReadOnlyList<float[]> Numbers =>
        [Array.ConvertAll(numbers.Numbers.ToArray(), number => (float)number), frequencies, phases, weights, biases];

    /// <summary>No wave is larger than 1.</summary>
    public override double LargestOutput(double input)
    {
        double turns = input * frequencies.Max(frequency => Math.Abs((double)frequency)) + phases.Max(phase => Math.Abs((double)phase));
        double sum = weights.Max(weight => Math.Abs((double)weight)) * numbers.Embedding.Waves + biases.Max(bias => Math.Abs((double)bias));
        return turns <= float.MaxValue / 2 ? Math.Max(input, sum) : double.PositiveInfinity;
    }

    [SkipLocalsInit]
    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        const int MostOnStack = 2048;
        int waves = numbers.Embedding.Waves;
        Span<float> wave = stackalloc float[MostOnStack];
        wave = wave[..waves];
        for (int i = 0; i < input.Rows; i++)
        {
            ReadOnlySpan<float> x = input.Row(i);
            x.CopyTo(output.Row(i));
            for (int n = 0; n < numbers.Count; n++)
            {
                wave.Fill(x[numbers.Numbers[n]]);
                ElementwiseMath.Apply(default(Turning), wave, frequencies.AsSpan(n * waves, waves), phases.AsSpan(n * waves, waves), wave);
                Mix(n, wave, output.Row(i).Slice(InputSize + n * numbers.Embedding.Width, numbers.Embedding.Width));
            }
        }
    }

    private void Mix(int number, ReadOnlySpan<float> wave, Span<float> sums)
    {
        biases.AsSpan(number * sums.Length, sums.Length).CopyTo(sums);
        for (int f = 0; f < wave.Length; f++)
        {
            ReadOnlySpan<float> row = weights.AsSpan((number * wave.Length + f) * sums.Length, sums.Length);
            for (int d = 0; d < sums.Length; d++)
            {
                sums[d] = MathF.FusedMultiplyAdd(wave[f], row[d], sums[d]);
            }
        }

        for (int d = 0; d < sums.Length && numbers.Embedding.Rectifies; d++)
        {
            sums[d] = MathF.Max(sums[d], 0);
        }
    }

    /// <summary><c>cos(2 pi (w x + b))</c>.</summary>
    private readonly struct Turning : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector frequency, TVector phase)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector t = TLanes.MultiplyAdd(x, frequency, phase);
            return Wave.Cosine<TLanes, TVector>(TLanes.Subtract(t, TLanes.Round(t)));
        }
    }
}
