namespace MlNetMlp.Tests.Training;

/// <inheritdoc/>
public sealed class PlrEncodingTests() : FeatureEncodingTests(NumericEmbedding.Plr(6, 4, 0.5f));
