using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Waves against the cosine and sine of the runtime in double precision.</summary>
public sealed class WaveTests
{
    /// <summary>Several turns in fine steps, all orders of magnitude, quarters of turns and their neighbours.</summary>
    private static float[] Turns =>
    [
        .. Enumerable.Range(-20_000, 40_001).Select(i => i * 1.3e-4f),
        .. Enumerable.Range(-140, 340).SelectMany(i => (float[])[MathF.ScaleB(1.37f, i / 2), -MathF.ScaleB(1.91f, i / 2)]),
        .. Enumerable.Range(-12, 25).SelectMany(i => (float[])[i / 4f, MathF.BitIncrement(i / 4f), MathF.BitDecrement(i / 4f)]),
    ];

    [Fact]
    public void Wave_Turns_IsTheCosineAndItsDerivative()
    {
        float[] turns = Turns;
        (float[] waves, float[] slopes) = Run(new Wave(1, 0), turns);
        for (int i = 0; i < turns.Length; i++)
        {
            double angle = 2 * Math.PI * (turns[i] - Math.Round((double)turns[i]));
            Assert.Equal(Math.Cos(angle), waves[i], 1.8e-7);
            Assert.Equal(-2 * Math.PI * Math.Sin(angle), slopes[i], 1.5e-6);
        }
    }

    [Fact]
    public void Wave_FrequencyAndPhase_IsOfTheirTurns()
    {
        float[] x = [.. Turns.Where(turn => Math.Abs(turn) < 1e6)], turns = [.. x.Select(value => MathF.FusedMultiplyAdd(value, 0.7f, -0.25f))];
        Assert.Equal(Bits.Of(Run(new Wave(1, 0), turns).Waves), Bits.Of(Run(new Wave(0.7f, -0.25f), x).Waves));
        Assert.Equal(Bits.Of(Run(new Wave(1, 0), turns).Slopes), Bits.Of(Run(new Wave(0.7f, -0.25f), x).Slopes));
    }

    [Fact]
    public void Wave_EveryKernelAndLength_GivesTheSameBits()
    {
        float[] turns = Turns;
        (float[] waves, float[] slopes) = Run(new Wave(1.5f, 0.2f), turns);
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            (float[] otherWaves, float[] otherSlopes) = Run(new Wave(1.5f, 0.2f), turns);
            Assert.Equal(Bits.Of(waves), Bits.Of(otherWaves));
            Assert.Equal(Bits.Of(slopes), Bits.Of(otherSlopes));
            for (int length = 0; length < 70; length++)
            {
                Assert.Equal(Bits.Of(waves.AsSpan(0, length)), Bits.Of(Run(new Wave(1.5f, 0.2f), turns[..length]).Waves));
            }
        }
    }

    private static (float[] Waves, float[] Slopes) Run(Wave wave, float[] x)
    {
        float[] waves = new float[x.Length], slopes = new float[x.Length];
        ElementwiseMath.ApplyWithSlope(wave, x, [], waves, slopes);
        return (waves, slopes);
    }
}
