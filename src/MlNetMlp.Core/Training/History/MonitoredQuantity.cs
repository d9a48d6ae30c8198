namespace MlNetMlp;

/// <summary>What epochs are compared by.</summary>
public enum MonitoredQuantity
{
    /// <summary>The loss of the validation rows, or of the training rows, penalties included, where there are none.</summary>
    Loss,

    /// <summary>
    /// The metric of the validation rows: <see cref="Networks.MlpTrainingOptions.Metric"/> or, without one, that which the loss names in
    /// <see cref="MlNetMlp.Loss.MetricName"/>, the accuracy, the higher the better, or an error, the lower the better.
    /// </summary>
    Metric,
}
