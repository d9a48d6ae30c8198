namespace MlNetMlp.Core.Tests;

/// <summary>A function of few variables with its gradient, in double: what the optimizer tests descend.</summary>
internal sealed record Objective(double[] Start, double[] Minimum, Func<double[], double> Value, Func<double[], double[]> Gradient)
{
    /// <summary><c>(2 x^2 + 2 x y + 3 y^2) / 2 - x - 4 y</c>; gradient <c>(2 x + y - 1, x + 3 y - 4)</c>, zero at (-0.2, 1.4).</summary>
    public static Objective Quadratic { get; } = new(
        [1, -1],
        [-0.2, 1.4],
        w => (((2 * w[0] * w[0]) + (2 * w[0] * w[1]) + (3 * w[1] * w[1])) / 2) - w[0] - (4 * w[1]),
        w => [(2 * w[0]) + w[1] - 1, w[0] + (3 * w[1]) - 4]);

    /// <summary>E. M. L. Beale, 1958: <c>(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2</c>, zero at (3, 0.5).</summary>
    public static Objective Beale { get; } = new([1, 1], [3, 0.5], BealeValue, BealeGradient);

    /// <summary>
    /// A valley a thousand times as curved across (along (1, 2)) as lengthwise (along (2, -1)), with the minimum at (1, -0.5), a long
    /// way down its floor from the start.
    /// </summary>
    public static Objective LongValley { get; } = new([-1, 0.5], [1, -0.5], ValleyValue, ValleyGradient);

    private static double BealeValue(double[] w)
    {
        double sum = 0;
        for (int power = 1; power <= 3; power++)
        {
            sum += Math.Pow(BealeTerm(w, power), 2);
        }

        return sum;
    }

    private static double[] BealeGradient(double[] w)
    {
        double[] gradient = [0, 0];
        for (int power = 1; power <= 3; power++)
        {
            gradient[0] += 2 * BealeTerm(w, power) * (Math.Pow(w[1], power) - 1);
            gradient[1] += 2 * BealeTerm(w, power) * power * w[0] * Math.Pow(w[1], power - 1);
        }

        return gradient;
    }

    private static double BealeTerm(double[] w, int power) => new[] { 1.5, 2.25, 2.625 }[power - 1] - w[0] + (w[0] * Math.Pow(w[1], power));

    private static (double Across, double Along) ValleyAxes(double[] w) =>
        (((w[0] - 1) + (2 * (w[1] + 0.5))) / Math.Sqrt(5), ((2 * (w[0] - 1)) - (w[1] + 0.5)) / Math.Sqrt(5));

    private static double ValleyValue(double[] w)
    {
        (double across, double along) = ValleyAxes(w);
        return ((1000 * across * across) + (along * along)) / 2;
    }

    private static double[] ValleyGradient(double[] w)
    {
        (double across, double along) = ValleyAxes(w);
        return [((1000 * across) + (2 * along)) / Math.Sqrt(5), ((2 * 1000 * across) - along) / Math.Sqrt(5)];
    }
}
