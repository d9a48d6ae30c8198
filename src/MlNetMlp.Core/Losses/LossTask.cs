namespace MlNetMlp;

/// <summary>What a loss is for.</summary>
internal enum LossTask
{
    /// <summary>To tell two classes apart, by one output.</summary>
    Binary,

    /// <summary>To tell several classes apart, by an output for each.</summary>
    Multiclass,

    /// <summary>To predict values.</summary>
    Regression,
}
