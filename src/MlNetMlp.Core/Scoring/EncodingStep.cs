using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the first layer sees of the features; see <see cref="FeatureEncoding"/>.</summary>
internal sealed class EncodingStep(FeatureEncoding encoding) : ScoringStep(encoding.FeatureCount, encoding.OutputSize)
{
    public FeatureEncoding Encoding => encoding;

    public override IReadOnlyList<float[]> Numbers =>
    [
        Array.ConvertAll(encoding.Sources.ToArray(), source => (float)source), encoding.LowerEnds.ToArray(), encoding.InverseWidths.ToArray(),
        Array.ConvertAll(encoding.Missing.ToArray(), feature => (float)feature),
    ];

    public override double LargestOutput(double input) => Math.Max(1, input);

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            encoding.Encode(input.Row(i), output.Row(i));
        }
    }
}
