namespace MlNetMlp.Core.Tests;

/// <summary>Activations and their derivatives in double precision, straight from their definitions.</summary>
internal static class ReferenceActivation
{
    public static double Value(Activation activation, double z) => activation switch
    {
        IdentityActivation => z,
        ReluActivation => double.IsNaN(z) ? z : z > 0 ? z : 0,
        LeakyReluActivation leaky => z > 0 ? z : leaky.NegativeSlope * z,
        EluActivation elu => z > 0 ? z : elu.Alpha * Expm1(z),
        TanhActivation => Math.Tanh(z),
        SigmoidActivation => Sigmoid(z),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    public static double Derivative(Activation activation, double z) => activation switch
    {
        IdentityActivation => 1,
        ReluActivation => z > 0 ? 1 : 0,
        LeakyReluActivation leaky => z > 0 ? 1 : leaky.NegativeSlope,
        EluActivation elu => z > 0 ? 1 : elu.Alpha * Math.Exp(z),
        TanhActivation => 1 - Math.Tanh(z) * Math.Tanh(z),
        SigmoidActivation => Sigmoid(z) * Sigmoid(-z),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>By the series where the difference would lose its digits.</summary>
    private static double Expm1(double z) => Math.Abs(z) < 1e-3 ? z * (1 + z / 2 * (1 + z / 3 * (1 + z / 4))) : Math.Exp(z) - 1;
}
