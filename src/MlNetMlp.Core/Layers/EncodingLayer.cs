using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the first layer sees of the features; see <see cref="FeatureEncoding"/>. It learns nothing by gradients.</summary>
internal sealed class EncodingLayer(FeatureEncoding encoding) : Layer(encoding.FeatureCount, encoding.OutputSize)
{
    /// <summary>So many rows are some microseconds of work.</summary>
    private const int RowsAtOnce = 16;

    public override bool Learns => false;

    public override unsafe void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        fixed (float* features = input.Values, columns = output.Values)
        {
            var body = new Rows(encoding, features, columns, input.Rows);
            pass.Team.Run((input.Rows + RowsAtOnce - 1) / RowsAtOnce, ref body);
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        for (int i = 0; i < inputGradient.Rows; i++)
        {
            encoding.Differentiate(input.Row(i), output.Row(i), outputGradient.Row(i), inputGradient.Row(i));
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.Add(_ => new EncodingStep(encoding));

    /// <summary>Encoding a block on several threads, some rows each.</summary>
    private readonly unsafe struct Rows(FeatureEncoding encoding, float* features, float* columns, int count) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            for (int i = tile * RowsAtOnce; i < Math.Min(count, (tile + 1) * RowsAtOnce); i++)
            {
                encoding.Encode(
                    new ReadOnlySpan<float>(features + (nint)i * encoding.FeatureCount, encoding.FeatureCount),
                    new Span<float>(columns + (nint)i * encoding.OutputSize, encoding.OutputSize));
            }
        }
    }
}
