namespace MlNetMlp.Tests.Training;

/// <inheritdoc/>
public sealed class PbldEncodingTests() : FeatureEncodingTests(NumericEmbedding.Pbld(8, 3, 0.5f));
