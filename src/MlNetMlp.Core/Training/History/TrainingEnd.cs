namespace MlNetMlp;

/// <summary>Why a training run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The loss had stopped falling; see <see cref="EarlyStopping"/>.</summary>
    StoppedEarly,

    /// <summary>It was cancelled, and the options ask for the best model so far.</summary>
    Cancelled,

    /// <summary>The optimizer has found a minimum and can make the loss no smaller; see <see cref="Lbfgs"/>.</summary>
    Converged,

    /// <summary>A callback wanted no further epoch; see <see cref="EpochDecision.StopsTraining"/>.</summary>
    StoppedByCallback,

    /// <summary>The time was over; the model is the best so far. See <see cref="MlpTrainingOptions.MaximumTrainingTime"/>.</summary>
    TimeExpired,
}
