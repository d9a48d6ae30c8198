using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A penalty that makes the units of a hidden layer active for few rows: <c>weight sum_j KL(rho || rho_j)</c> over the units, where rho is the target rate
/// and rho_j the mean activation of unit j over a mini-batch. For <see cref="Activation.Sigmoid"/> and <see cref="Activation.Tanh"/>.
/// </summary>
/// <remarks>
/// <c>KL(rho || rho_j) = rho log(rho / rho_j) + (1 - rho) log((1 - rho) / (1 - rho_j))</c>. An activation a of tanh counts as <c>(a + 1) / 2</c>, so that -1
/// is a silent unit. Rows count by their weights. Small mini-batches know the rates badly. Andrew Ng, "Sparse Autoencoder", lecture notes of CS294A,
/// Stanford, 2011; Geoffrey Hinton, "A Practical Guide to Training Restricted Boltzmann Machines", 2010.
/// </remarks>
public sealed record ActivationSparsity : ISettings
{
    /// <summary>rho, the rate that every unit should have, in [0.001, 0.999]. Default 0.05.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0.001, 0.999].</exception>
    public float Target
    {
        get;
        init => field = Require.InRange(value, 0.001f, 0.999f, nameof(Target));
    } = 0.05f;

    /// <summary>The strength of the penalty, a number of at least 0 or a schedule. Default 1.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule Weight
    {
        get;
        init => field = Require.NotNull(value, nameof(Weight));
    } = 1;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
