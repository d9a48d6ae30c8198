namespace MlNetMlp.Tests.Training;

/// <inheritdoc/>
public sealed class PiecewiseLinearEncodingTests() : FeatureEncodingTests(NumericEmbedding.PiecewiseLinear(8));
