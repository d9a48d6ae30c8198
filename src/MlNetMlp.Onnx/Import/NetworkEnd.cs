namespace MlNetMlp.Onnx;

/// <summary>What makes scores of the outputs of the networks, as a file has it.</summary>
internal enum NetworkEnd
{
    /// <summary>Nothing, or the mean of several networks.</summary>
    Values,

    /// <summary>The softmax, or the mean of those of several networks.</summary>
    Softmax,

    /// <summary>The logarithm of the softmax of one network.</summary>
    LogSoftmax,

    /// <summary>The sigmoid, or the mean of those of several networks.</summary>
    Sigmoid,

    /// <summary>The log-odds of the mean probability of several networks.</summary>
    MeanLogOdds,
}
