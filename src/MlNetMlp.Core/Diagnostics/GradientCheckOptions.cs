using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>How much <see cref="GradientCheck"/> looks at and what it lets pass. Immutable; an invalid value is refused where it is set.</summary>
public sealed record GradientCheckOptions : ISettings
{
    /// <summary>The number of rows of the mini-batch, drawn from all rows by the seed; at least 1, default 32. Fewer if there are fewer.</summary>
    /// <remarks>Batch normalization needs at least three: two rows always normalize to -1 and 1, and one row is not normalized by itself.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Rows
    {
        get;
        init => field = Require.Positive(value, nameof(Rows));
    } = 32;

    /// <summary>The number of elements of each parameter that are checked, drawn by the seed; at least 1, default 50. All of them if there are fewer.</summary>
    /// <remarks>Each costs from 4 to 20 forward passes over the rows.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int ElementsPerParameter
    {
        get;
        init => field = Require.Positive(value, nameof(ElementsPerParameter));
    } = 50;

    /// <summary>
    /// The largest relative error of a correct gradient, in [0.001, 1). Default 0.01: the differences of losses that are computed in single precision
    /// are accurate to about a thousandth, and a wrong formula is wrong in the first digit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0.001, 1).</exception>
    public double Tolerance
    {
        get;
        init => field = Require.InRangeBelow(value, 0.001, 1, nameof(Tolerance));
    } = 0.01;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
