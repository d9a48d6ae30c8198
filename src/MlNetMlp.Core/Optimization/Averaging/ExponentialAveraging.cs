namespace MlNetMlp;

/// <summary>See <see cref="WeightAveraging.Exponential"/>.</summary>
internal sealed record ExponentialAveraging(float Decay) : WeightAveraging
{
    // In double: in single precision 1 - decay^t would have three good digits in the first step.
    internal override float ShareOf(long step, long steps) => (float)((1 - (double)Decay) / (1 - Math.Pow(Decay, step)));
}
