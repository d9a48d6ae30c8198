namespace MlNetMlp.Core.Tests;

/// <summary>Activations and their derivatives in double precision, straight from their definitions.</summary>
internal static class ReferenceActivation
{
    // The constants of the paper, to all digits of a double.
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    public static double Value(Activation activation, double z) => activation switch
    {
        IdentityActivation => z,
        ReluActivation => double.IsNaN(z) ? z : z > 0 ? z : 0,
        LeakyReluActivation leaky => z > 0 ? z : leaky.NegativeSlope * z,
        EluActivation elu => z > 0 ? z : elu.Alpha * Expm1(z),
        TanhActivation => Math.Tanh(z),
        SigmoidActivation => Sigmoid(z),
        GeluActivation or SiluActivation or MishActivation when double.IsNegativeInfinity(z) => 0,
        GeluActivation => z * Normal(z),
        SiluActivation => z * Sigmoid(z),
        MishActivation => z * Math.Tanh(Softplus(z)),
        SeluActivation => SeluScale * (z > 0 ? z : SeluAlpha * Expm1(z)),
        HardThresholdActivation => z > 0 ? 1 : 0,
        CustomActivation { Name: "softsign" } => z / (1 + Math.Abs(z)),
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
        GeluActivation or SiluActivation or MishActivation when double.IsInfinity(z) => z > 0 ? 1 : 0,
        GeluActivation => Normal(z) + z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI),
        SiluActivation => Sigmoid(z) + z * Sigmoid(z) * Sigmoid(-z),
        MishActivation => Math.Tanh(Softplus(z)) + z * Sigmoid(z) * (1 - Math.Pow(Math.Tanh(Softplus(z)), 2)),
        SeluActivation => SeluScale * (z > 0 ? 1 : SeluAlpha * Math.Exp(z)),
        HardThresholdActivation => 0,
        CustomActivation { Name: "softsign" } => Math.Pow(1 + Math.Abs(z), -2),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    /// <summary>The normal distribution by the series of erf near 0, by the continued fraction of erfc far out.</summary>
    private static double Normal(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2), tail;
        if (x < 3)
        {
            double term = x, sum = x;
            for (int n = 1; n < 200; n++)
            {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }

            tail = (1 - 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum) / 2;
        }
        else
        {
            double fraction = x;
            for (int n = 200; n > 0; n--)
            {
                fraction = x + n / 2.0 / fraction;
            }

            tail = Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction / 2;
        }

        return z > 0 ? 1 - tail : tail;
    }

    private static double Softplus(double z)
    {
        double e = Math.Exp(-Math.Abs(z));
        return Math.Max(z, 0) + (e < 1e-6 ? e - e * e / 2 : Math.Log(1 + e));
    }

    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>By the series where the difference would lose its digits.</summary>
    private static double Expm1(double z) => Math.Abs(z) < 1e-3 ? z * (1 + z / 2 * (1 + z / 3 * (1 + z / 4))) : Math.Exp(z) - 1;
}
