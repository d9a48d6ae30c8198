using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>Which rates <see cref="LearningRateFinder"/> tries. Immutable; an invalid value is refused where it is set.</summary>
public sealed record LearningRateFinderOptions : ISettings
{
    /// <summary>The first rate, greater than 0 and less than <see cref="To"/>. Default 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float From
    {
        get;
        init => field = Require.Positive(value, nameof(From));
    } = 1e-6f;

    /// <summary>The last rate. Default 10; a training that diverges ends before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float To
    {
        get;
        init => field = Require.Positive(value, nameof(To));
    } = 10;

    /// <summary>The number of rates, and of mini-batches, at least 20. Default 200.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 20.</exception>
    public int Steps
    {
        get;
        init => field = Require.AtLeast(value, 20, nameof(Steps));
    } = 200;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
