using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Makes k rows of every row, one for each member of a shared ensemble, each with scales R [k, inputs] of its own: <c>Y[m rows + i, j] = X[i, j] R[m, j]</c>.
/// </summary>
/// <remarks>
/// Backward, with D = dL/dY: <c>dL/dR[m, j] = sum_i D[m rows + i, j] X[i, j]</c>, <c>dL/dX[i, j] = sum_m D[m rows + i, j] R[m, j]</c>, both in the order of
/// the index. Scales do not decay. (Yury Gorishniy, Akim Kotelnikov and Artem Babenko, TabM: Advancing Tabular Deep Learning with Parameter-Efficient
/// Ensembling, 2025: the variant "mini"; Yeming Wen, Dustin Tran and Jimmy Ba, BatchEnsemble: An Alternative Approach to Efficient Ensemble and Lifelong
/// Learning, 2020.)
/// </remarks>
internal sealed class MemberScalesLayer : Layer
{
    private readonly Parameter _scales;

    /// <param name="size">The number of inputs.</param>
    /// <param name="members">k.</param>
    /// <param name="features">[inputs]: the feature, from 0, that each input is a part of; null: each is one.</param>
    /// <param name="layout">Receives the scales.</param>
    public MemberScalesLayer(int size, int members, int[]? features, ParameterLayout layout)
        : base(size, size)
    {
        NetworkPart part = NetworkPart.Scales;
        RowsPerRow = members;
        _scales = layout.Add(new($"{part}.Weights", members, size) { Part = part, Initializer = new MemberScaleInitializer(features) });
    }

    public override int RowsPerRow { get; }

    public override unsafe void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        fixed (float* x = input.Values, y = output.Values, scales = pass.Parameters.Value(_scales))
        {
            new MemberProduct(MemberProduct.Kind.Output, input.Rows, InputSize, RowsPerRow) { Input = x, Scales = scales, Output = y }.Run(pass.Team);
        }
    }

    public override unsafe void Backward(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        fixed (float* x = input.Values, gradient = outputGradient.Values, scaleGradient = pass.Parameters.Gradient(_scales))
        {
            new MemberProduct(MemberProduct.Kind.ScaleGradient, input.Rows, InputSize, RowsPerRow) { Input = x, Scales = scaleGradient, Output = gradient }
                .Run(pass.Team);
        }

        if (inputGradient.Rows > 0)
        {
            fixed (float* gradient = outputGradient.Values, below = inputGradient.Values, scales = pass.Parameters.Value(_scales))
            {
                new MemberProduct(MemberProduct.Kind.InputGradient, input.Rows, InputSize, RowsPerRow) { Input = below, Scales = scales, Output = gradient }
                    .Run(pass.Team);
            }
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] scales = parameters.Value(_scales).ToArray();
        plan.Add(_ => new MemberScalesStep(scales, RowsPerRow));
    }
}
