namespace MlNetMlp;

/// <summary>What a loss makes of the difference <c>r = z - y</c> of one output from its target.</summary>
internal interface IDifferenceFormula
{
    double Loss(double difference);

    /// <summary>The derivative of <see cref="Loss"/>.</summary>
    float Slope(double difference);

    /// <summary>What the difference adds to the metric's sum.</summary>
    /// <param name="weight">Of the row.</param>
    /// <param name="difference">r.</param>
    /// <param name="unit">What a difference of 1 is worth in the units in which the targets were given.</param>
    double Metric(double weight, double difference, double unit);
}
