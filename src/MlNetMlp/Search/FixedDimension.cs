using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>A change that all points have.</summary>
internal sealed class FixedDimension<TOptions> : Dimension<TOptions>
{
    private readonly SearchPoint<TOptions> _point;

    public FixedDimension(Func<TOptions, TOptions> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        _point = new([], apply);
    }

    public override IEnumerable<string> Names => [];

    public override SearchPoint<TOptions> Draw(SearchRandom random) => _point;

    public override SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random) => _point;

    public override BigInteger GridSize(int points) => 1;

    public override SearchPoint<TOptions> GridPoint(int index, int points) => _point;
}
