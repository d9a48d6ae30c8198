using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Batch renormalization: batch normalization that trains more nearly as it scores,
/// <c>y = gamma (r (z - mean) / deviation + d) + beta</c> with the mini-batch's mean and deviation, and corrections r and d that lead to
/// the moving averages with which it scores. For small mini-batches, and for mini-batches that differ from each other.
/// </summary>
/// <remarks>
/// <para>
/// <c>r = deviation / average deviation</c>, limited to [1 / R, R], and <c>d = (mean - average mean) / average deviation</c>, limited to
/// [-D, D]; a deviation is <c>sqrt(variance + epsilon)</c> with the biased variance. The gradient treats r and d as constants, and flows
/// through mean and deviation of the mini-batch. After <see cref="WarmupSteps"/> mini-batches of plain batch normalization (R = 1, D = 0)
/// the limits rise linearly to <see cref="MaximumScale"/> and <see cref="MaximumShift"/>. The averages and the number of mini-batches are
/// saved with the model, so a training run that is continued goes on where it was.
/// </para>
/// <para>
/// Scoring uses the moving averages and is folded into the weights. A mini-batch of a single row, which has no deviation, is normalized with
/// the moving averages and leaves them unchanged, as in <see cref="BatchNormalization"/>.
/// </para>
/// <para>
/// Sergey Ioffe, Batch Renormalization: Towards Reducing Minibatch Dependence in Batch-Normalized Models, 2017. Two things differ: the
/// averages begin as plain averages of the mini-batches so far, until <see cref="Momentum"/> weighs a new one more than that would, instead
/// of somewhere; and the default steps are a tenth of those of the paper, whose training runs took a hundred thousand steps.
/// </para>
/// </remarks>
public sealed record BatchRenormalization : Normalization
{
    /// <summary>Added to the variance before the root. Greater than 0; default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float Epsilon
    {
        get;
        init => field = Require.Positive(value, nameof(Epsilon));
    } = 1e-5f;

    /// <summary>The part m of the newest mini-batch in the moving averages. In (0, 1]; default 0.01, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside (0, 1].</exception>
    public float Momentum
    {
        get;
        init => field = Require.InRangeAbove(value, 0f, 1f, nameof(Momentum));
    } = 0.01f;

    /// <summary>R, the limit of the correction r, at the end of its ramp. At least 1, which means no correction; default 3, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or not finite.</exception>
    public float MaximumScale
    {
        get;
        init => field = Require.AtLeast(value, 1f, nameof(MaximumScale));
    } = 3;

    /// <summary>D, the limit of the correction d, at the end of its ramp. At least 0, which means no correction; default 5, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float MaximumShift
    {
        get;
        init => field = Require.NonNegative(value, nameof(MaximumShift));
    } = 5;

    /// <summary>The number of mini-batches before any correction. At least 0; default 500 (the paper: 5,000).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int WarmupSteps
    {
        get;
        init => field = Require.NonNegative(value, nameof(WarmupSteps));
    } = 500;

    /// <summary>The number of mini-batches, after the warm-up, in which the limit of r rises. At least 0; default 3,500 (the paper: 35,000).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ScaleRampSteps
    {
        get;
        init => field = Require.NonNegative(value, nameof(ScaleRampSteps));
    } = 3500;

    /// <summary>The number of mini-batches, after the warm-up, in which the limit of d rises. At least 0; default 2,000 (the paper: 20,000).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ShiftRampSteps
    {
        get;
        init => field = Require.NonNegative(value, nameof(ShiftRampSteps));
    } = 2000;

    internal override bool IsOverRows => true;

    internal override Normalization Learned => new BatchRenormalization { Epsilon = Epsilon };

    internal override bool HasExactGradient => false;

    internal override IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout) =>
        [new DenseLayer(settings.InFrontOfNormalization, layout), new BatchRenormalizationLayer(settings, this, layout)];

    /// <summary>R and D for mini-batch number <paramref name="step"/>, from 1.</summary>
    internal (float Scale, float Shift) LimitsAt(float step) =>
        (1 + (MaximumScale - 1) * Progress(step, ScaleRampSteps), MaximumShift * Progress(step, ShiftRampSteps));

    private float Progress(float step, int ramp) => step <= WarmupSteps ? 0 : ramp == 0 ? 1 : Math.Min((step - WarmupSteps) / ramp, 1);
}
