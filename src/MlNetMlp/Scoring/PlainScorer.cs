namespace MlNetMlp;

/// <summary>The scores of a model.</summary>
internal sealed class PlainScorer(MlpModel model) : IScorer
{
    public int Width => model.OutputCount;

    public long Work => model.Work;

    public bool TakesSparse => model.KeepsZeros;

    public void Score(SparseFeatures features, Span<float> values) => model.Predict(features, values);

    public void Score(ReadOnlySpan<float> features, Span<float> values, int rows) => model.Predict(features, values, rows);
}
