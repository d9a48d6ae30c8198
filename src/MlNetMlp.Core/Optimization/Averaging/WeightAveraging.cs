using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Which average over the steps of the training becomes the model, instead of the weights as the last step leaves them. Immutable, compared by value.
/// </summary>
/// <remarks>
/// After every step <c>a += s (w - a)</c>, with the share s of the kind of average. The training itself goes on with the weights w; what is validated
/// after an epoch, stops the training, and is kept as the best epoch is the average a, for which the statistics of
/// <see cref="BatchNormalization"/> are collected in a pass over the training rows, whichever statistics it asks for. It costs the memory of the
/// parameters once more, and a pass over them in every step.
/// </remarks>
public abstract record WeightAveraging : ISettings
{
    private protected WeightAveraging()
    {
    }

    /// <summary>
    /// An average that forgets: <c>a = decay a + (1 - decay) w</c>, corrected for its start as <see cref="Adam"/> corrects its means, so that
    /// <c>s = (1 - decay) / (1 - decay^t)</c> in step t.
    /// </summary>
    /// <param name="decay">
    /// How much of the average is kept in a step, in [0, 1). Default 0.999: it looks back on about <c>1 / (1 - decay)</c> = 1,000 steps.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is outside [0, 1).</exception>
    /// <remarks>
    /// Antti Tarvainen and Harri Valpola, "Mean teachers are better role models", 2017; Daniel Morales-Brotons, Thijs Vogels and Hadrien Hendrikx,
    /// "Exponential Moving Average of Weights in Deep Learning: Dynamics and Benefits", 2024.
    /// </remarks>
    public static WeightAveraging Exponential(float decay = 0.999f) => new ExponentialAveraging(Require.InRangeBelow(decay, 0, 1, nameof(decay)));

    /// <summary>The plain mean over the last part of the training: from there on <c>s = 1 / n</c> in the n-th step; before, a is w.</summary>
    /// <param name="part">The part of the planned steps, in (0, 1]. Default 0.25.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="part"/> is outside (0, 1].</exception>
    /// <remarks>
    /// For rates that do not fall to 0, such as a constant one. A training that stops early may end before the mean begins. Boris Polyak and Anatoli
    /// Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; Pavel Izmailov et al., "Averaging Weights Leads to Wider Optima and
    /// Better Generalization", 2018.
    /// </remarks>
    public static WeightAveraging Polyak(float part = 0.25f) => new PolyakAveraging(Require.InRangeAbove(part, 0, 1, nameof(part)));

    /// <summary>Whether the average after so many steps is another one in a training of another length.</summary>
    internal virtual bool DependsOnNumberOfEpochs => false;

    /// <summary>The share that the weights after a step have of the average, in [0, 1]; 1 in the first step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="steps">The number of steps that are planned.</param>
    internal abstract float ShareOf(long step, long steps);

    /// <summary>The name, and what is not as it is by default, for example <c>ExponentialAveraging { Decay = 0.999 }</c>.</summary>
    public sealed override string ToString() => SettingsText.Of(this);
}
