namespace MlNetMlp.Onnx;

/// <summary>One network or several, as a graph has them.</summary>
/// <param name="End">What makes scores of their outputs.</param>
/// <param name="EndNodes">The operators of the end, one for each network; empty where there are none.</param>
/// <param name="Members">The parts of each network, without the end.</param>
/// <param name="Limits">What the scores are kept within; null: nothing.</param>
/// <param name="SuggestedLoss">The name of the loss that the file was written with; null: it does not say.</param>
internal sealed record ImportedNetworks(
    NetworkEnd End, IReadOnlyList<ImportedNode> EndNodes, IReadOnlyList<IReadOnlyList<Part>> Members, (ImportedNode Node, float[] Lower, float[] Upper)? Limits,
    string? SuggestedLoss);
