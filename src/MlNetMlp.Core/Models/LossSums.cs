namespace MlNetMlp;

/// <summary>What rows come to.</summary>
/// <param name="Loss">The sum of their losses.</param>
/// <param name="Metric">What <see cref="MlNetMlp.Loss.MetricSum"/> says.</param>
/// <param name="MetricWeight">The sum of the weights that are meant by it.</param>
internal readonly record struct LossSums(double Loss, double Metric, double MetricWeight)
{
    public static LossSums operator +(LossSums left, LossSums right) =>
        new(left.Loss + right.Loss, left.Metric + right.Metric, left.MetricWeight + right.MetricWeight);
}
