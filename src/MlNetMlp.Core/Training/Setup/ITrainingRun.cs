namespace MlNetMlp;

/// <summary>The training of one network, epoch by epoch, wherever that takes place.</summary>
internal interface ITrainingRun : IDisposable
{
    /// <summary>The parameters; after an epoch, their average if the options ask for one.</summary>
    ParameterVector Parameters { get; }

    /// <summary>The rate, or length, of the last step.</summary>
    float LearningRate { get; }

    /// <summary>The norm of the last step's gradient.</summary>
    double GradientNorm { get; }

    /// <summary>The number of steps so far, over all epochs.</summary>
    long Steps { get; }

    /// <summary>How far the last epoch moved the weights, if a <see cref="StoppingRule"/> goes by that.</summary>
    double WeightChange { get; }

    /// <summary>See <see cref="EpochReport.RunningLoss"/>.</summary>
    double RunningLoss { get; }

    /// <summary>What penalties add to the loss: those on weights for the parameters as they are, those on activations as the last epoch met them.</summary>
    double Penalty { get; }

    /// <summary>True once the optimizer knows that another epoch would bring nothing.</summary>
    bool HasConverged { get; }

    /// <summary>What callbacks have decided so far.</summary>
    CallbackState Callbacks { get; set; }

    /// <summary>All that is carried from epoch to epoch, beside the number of steps. Written back into a new run, it continues this one bit for bit.</summary>
    IReadOnlyList<OptimizerState> State { get; }

    /// <summary>Tells the schedule of the monitored loss of the epoch that was run last; without it the next epoch's rate is another.</summary>
    void Observe(double monitoredLoss);

    /// <summary>Goes on after so many steps, with <see cref="State"/> written back.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="callbacks">What callbacks have decided.</param>
    void ContinueFrom(long steps, CallbackState callbacks);

    /// <summary>Runs epoch number <paramref name="epoch"/>, from 0; returns the mean loss and the metric, or null if it was cancelled on the way.</summary>
    /// <param name="epoch">The number of the epoch, from 0.</param>
    /// <param name="keepsUnfinished">
    /// Whether the parameters of a cancelled epoch will be of use: then they are completed by the statistics that scoring needs.
    /// </param>
    /// <exception cref="TrainingDivergedException">A loss or, at the end, a parameter is not finite.</exception>
    (double Loss, double Metric)? RunEpoch(int epoch, bool keepsUnfinished);

    /// <summary>
    /// What an epoch would be compared by if it left the parameters as they are: the loss over the validation rows or, without any, over the
    /// training rows in the mini-batches of epoch 0, with dropout and noise as there, and the penalties. Statistics of batch normalization may move.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, before anything was learned.</exception>
    (double Loss, double? Metric) EvaluateStart(CancellationToken cancellationToken);

    /// <summary>
    /// The mean loss and metric over the validation rows, with the network as it scores after epoch number <paramref name="epoch"/>, from 0; null if it
    /// was cancelled on the way.
    /// </summary>
    /// <exception cref="TrainingDivergedException">The loss is not finite, so no epoch could be preferred to another.</exception>
    (double Loss, double Metric)? Evaluate(IRowSource validation, int epoch);

    /// <summary>The model of the parameters as they are, which are those after epoch number <paramref name="epoch"/>, from 1.</summary>
    /// <exception cref="TrainingDivergedException">The parameters are finite, but not a weight into which several of them are folded for scoring.</exception>
    MlpModel ToModel(int epoch);
}
