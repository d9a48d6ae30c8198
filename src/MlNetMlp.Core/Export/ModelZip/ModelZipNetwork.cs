namespace MlNetMlp.Interop;

/// <summary>A network in a model.zip. Immutable.</summary>
public sealed class ModelZipNetwork
{
    internal ModelZipNetwork(string location, ModelZipEntry entry, MlpModel model)
    {
        Location = location;
        Task = entry.Task;
        FeatureColumnName = entry.FeatureColumnName;
        FeatureDimensions = entry.FeatureDimensions;
        OutputNames = entry.OutputNames?.ToTexts() ?? [];
        Model = model;
        MonteCarloDropout = entry.MonteCarloDropout;
        Training = entry.History;
    }

    /// <summary>The folder inside of the archive, such as <c>TransformerChain/Transform_002</c> for the third transform of a pipeline.</summary>
    public string Location { get; }

    /// <summary>What the network was trained for.</summary>
    public ModelZipTask Task { get; }

    /// <summary>The column that the features came from.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The dimensions of that column; their product is <see cref="MlpModel.FeatureCount"/>.</summary>
    public IReadOnlyList<int> FeatureDimensions { get; }

    /// <summary>
    /// The names of the scores: of the classes, in the order of the key, or of the slots of a vector label. Empty if the label column had
    /// none.
    /// </summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>The network, or the ensemble of networks, with the standardization of its features.</summary>
    public MlpModel Model { get; }

    /// <summary>How the pipeline estimates uncertainty; null if it does not.</summary>
    public MonteCarloDropout? MonteCarloDropout { get; }

    /// <summary>How the training went, epoch by epoch; null if the network was not trained here, or saved by an earlier release.</summary>
    public MlpTrainingResult? Training { get; }

    /// <summary>The network and where it lies.</summary>
    public override string ToString() => $"{Task} {Model} at '{Location}', features from '{FeatureColumnName}'";
}
