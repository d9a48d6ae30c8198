namespace MlNetMlp.Diagnostics;

/// <summary>What a finding of a diagnosis is about.</summary>
public enum DiagnosisCheck
{
    /// <summary>Whether the labels differ.</summary>
    Labels,

    /// <summary>Whether some classes are rare.</summary>
    ClassBalance,

    /// <summary>Features that are the same in all rows.</summary>
    ConstantFeatures,

    /// <summary>Features of extreme scale.</summary>
    FeatureScale,

    /// <summary>Targets of extreme scale.</summary>
    TargetScale,

    /// <summary>Features that are missing in many rows.</summary>
    MissingValues,

    /// <summary>Rows that occur several times.</summary>
    DuplicateRows,

    /// <summary>The loss of the untrained network.</summary>
    InitialLoss,

    /// <summary>What the penalties add to the loss.</summary>
    Penalty,

    /// <summary>Whether a handful of rows can be memorized.</summary>
    SmallSet,

    /// <summary>Whether the loss falls.</summary>
    Progress,

    /// <summary>The size of the steps.</summary>
    LearningRate,

    /// <summary>The rows of a mini-batch, where a layer is normalized over them.</summary>
    MiniBatch,

    /// <summary>How much of the gradient reaches the first layer.</summary>
    GradientFlow,

    /// <summary>Rectified units that are zero for all rows.</summary>
    DeadUnits,

    /// <summary>Sigmoid and tanh units at their limits.</summary>
    SaturatedUnits,

    /// <summary>The gap between training and validation.</summary>
    Generalization,
}
