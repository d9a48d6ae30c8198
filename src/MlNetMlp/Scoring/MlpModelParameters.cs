namespace MlNetMlp;

/// <summary>A trained network together with what ML.NET knows about its outputs. Immutable; any number of threads may use one instance.</summary>
public sealed class MlpModelParameters
{
    internal MlpModelParameters(MlpTask task, MlpModel model, bool isVector, LabelNames? labelNames, MlpTrainingResult? training,
        MonteCarloDropout? monteCarloDropout)
    {
        Task = task;
        Network = model;
        IsVector = isVector;
        LabelNames = labelNames;
        Training = training;
        MonteCarloDropout = monteCarloDropout;
    }

    /// <summary>The network, or the ensemble of networks.</summary>
    public MlpModel Network { get; }

    /// <summary>
    /// The names of the outputs: of the classes, in the order of the key, or of the slots of a vector label. Empty if the label column had
    /// none.
    /// </summary>
    public IReadOnlyList<string> OutputNames => LabelNames?.Texts ?? [];

    /// <summary>
    /// How the training went, epoch by epoch, also after <c>mlContext.Model.Load</c>; null if the network was not trained here, or saved by an earlier release.
    /// </summary>
    public MlpTrainingResult? Training { get; }

    /// <summary>How the columns <c>ScoreMean</c> and <c>ScoreStandardDeviation</c> are computed; null if there are none.</summary>
    public MonteCarloDropout? MonteCarloDropout { get; }

    /// <summary>Writes the network as an ONNX file, with <see cref="OutputNames"/>. It needs the package MlNetMlp.Onnx.</summary>
    /// <remarks>
    /// The network alone, whose input is the feature column: what <c>SaveAsOnnx</c> of that package, which documents the file, writes for
    /// <see cref="Network"/>. A whole pipeline becomes a file with <c>mlContext.Model.ConvertToOnnx</c> of the package
    /// Microsoft.ML.OnnxConverter, without MlNetMlp.Onnx. <c>ScoreMean</c> and <c>ScoreStandardDeviation</c> have no counterpart there.
    /// </remarks>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The package MlNetMlp.Onnx is missing, or has another version than this one.</exception>
    /// <exception cref="NotSupportedException">The parameters do not fit into the 2 GiB that an ONNX file may have.</exception>
    public void SaveAsOnnx(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        OnnxPackage.Save(Network, stream, NamesOfOutputs);
    }

    /// <summary>Writes the network as an ONNX file; an existing file is replaced as a whole or not at all. It needs the package MlNetMlp.Onnx.</summary>
    /// <param name="path">The path of the file; its folder must exist.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or only white space.</exception>
    /// <exception cref="InvalidOperationException">The package MlNetMlp.Onnx is missing, or has another version than this one.</exception>
    /// <exception cref="NotSupportedException">The parameters do not fit into the 2 GiB that an ONNX file may have.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one stays.</exception>
    public void SaveAsOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        OnnxPackage.Save(Network, path, NamesOfOutputs);
    }

    /// <summary>
    /// The layers of the network with the number of their parameters, what is done to the features, and how it was trained: what <see cref="Effort"/> chose,
    /// the best epoch and its loss. All of it is also there after <c>mlContext.Model.Load</c>.
    /// </summary>
    public ModelSummary Summary() => Network.Summary() with { Training = TrainingNotes };

    /// <summary>How the network was trained, in sentences; empty if it was not trained here, or saved by an earlier release.</summary>
    internal IReadOnlyList<string> TrainingNotes { get; init; } = [];

    /// <summary>As many as there are outputs, or none.</summary>
    private IReadOnlyList<string> NamesOfOutputs => OutputNames.Count == Network.OutputCount ? OutputNames : [];

    internal MlpTask Task { get; }

    /// <summary>Whether <c>Score</c> is a vector, which a vector label of one slot makes it, too.</summary>
    internal bool IsVector { get; }

    internal LabelNames? LabelNames { get; }

    /// <summary>What it is for, the shape and the loss.</summary>
    public override string ToString() => $"{Task.Name}: {Network}";
}
