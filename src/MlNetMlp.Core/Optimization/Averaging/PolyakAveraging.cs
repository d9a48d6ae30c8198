namespace MlNetMlp;

/// <summary>See <see cref="WeightAveraging.Polyak"/>.</summary>
internal sealed record PolyakAveraging(float Part) : WeightAveraging
{
    internal override bool DependsOnNumberOfEpochs => true;

    internal override float ShareOf(long step, long steps)
    {
        long before = steps - Math.Max(1, (long)Math.Round(Part * (double)steps));
        return step <= before ? 1 : 1f / (step - before);
    }
}
