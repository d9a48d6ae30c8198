using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What <see cref="Momentum"/> and <see cref="Nesterov"/> share: the share of the velocity that is kept in a step, <c>gamma</c>, which may grow
/// in the first epochs.
/// </summary>
/// <remarks>
/// With a ramp, <c>gamma</c> moves in a straight line from <see cref="RampFrom"/> to <see cref="Coefficient"/> while <see cref="RampEpochs"/>
/// pass, and changes with every mini-batch: early velocities come from weights that know nothing yet. Geoffrey Hinton, Nitish Srivastava, Alex
/// Krizhevsky, Ilya Sutskever and Ruslan Salakhutdinov, "Improving neural networks by preventing co-adaptation of feature detectors", 2012:
/// from 0.5 to 0.99.
/// </remarks>
public abstract record MomentumOptimizer : MiniBatchOptimizer
{
    private protected MomentumOptimizer()
    {
    }

    /// <summary><c>gamma</c>, the share of the velocity that is kept, in [0, 1); with a ramp, that at its end. Default 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Coefficient { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Coefficient)); } = 0.9f;

    /// <summary>Where the ramp of <c>gamma</c> begins, in [0, 1). Default 0.5. Unused where <see cref="RampEpochs"/> is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float RampFrom { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(RampFrom)); } = 0.5f;

    /// <summary>The epochs that the ramp of <c>gamma</c> takes, at least 0; fractions are allowed. Default 0: no ramp.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double RampEpochs { get; init => field = Require.NonNegative(value, nameof(RampEpochs)); }

    /// <summary><c>gamma</c> after so many epochs.</summary>
    internal float CoefficientAt(double epoch) =>
        epoch < RampEpochs ? (float)(RampFrom + (((double)Coefficient - RampFrom) * (epoch / RampEpochs))) : Coefficient;
}
