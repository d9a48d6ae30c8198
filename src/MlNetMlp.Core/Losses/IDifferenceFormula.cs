namespace MlNetMlp;

/// <summary>What a loss makes of the difference <c>r = z - y</c> of one output from its target.</summary>
internal interface IDifferenceFormula
{
    double Loss(double difference);

    /// <summary>The derivative of <see cref="Loss"/>.</summary>
    float Slope(double difference);
}
