using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Makes k rows of every row, one for each member of a shared ensemble, each with scales R [k, features] of its own:
/// <c>Y[m rows + i, j] = X[i, j] R[m, f]</c> with the feature f that input j is a part of.
/// </summary>
/// <remarks>
/// Backward, with D = dL/dY: <c>dL/dR[m, f] = sum_j sum_i D[m rows + i, j] X[i, j]</c> over the inputs j of f,
/// <c>dL/dX[i, j] = sum_m D[m rows + i, j] R[m, f]</c>, in the order of the index. Scales do not decay. (Yury Gorishniy,
/// Akim Kotelnikov and Artem Babenko, TabM: Advancing Tabular Deep Learning with Parameter-Efficient Ensembling, 2025: the variant "mini"; Yeming Wen,
/// Dustin Tran and Jimmy Ba, BatchEnsemble: An Alternative Approach to Efficient Ensemble and Lifelong Learning, 2020.) Deviation: the columns that encode
/// one feature have one scale together, in training, too.
/// </remarks>
internal sealed class MemberScalesLayer : Layer
{
    private readonly Parameter _scales;
    private readonly int[]? _features;

    /// <summary>R and its gradient by inputs instead of features, [k, inputs]; empty where these are the same.</summary>
    private readonly AlignedBuffer _byInput;
    private readonly AlignedBuffer _gradientByInput;

    /// <param name="size">The number of inputs.</param>
    /// <param name="members">k.</param>
    /// <param name="features">[inputs]: the feature, from 0, that each input is a part of; null: each is one.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given; 0 for a layer that is not run and needs no memory.</param>
    /// <param name="layout">Receives the scales.</param>
    public MemberScalesLayer(int size, int members, int[]? features, int maximumRows, ParameterLayout layout)
        : base(size, size)
    {
        RowsPerRow = members;
        _features = features;
        _scales = layout.Add(DescribeScales(members, features is null ? size : features.Max() + 1));
        int inputs = features is null || maximumRows == 0 ? 0 : checked(members * size);
        (_byInput, _gradientByInput) = (new AlignedBuffer(inputs), new AlignedBuffer(inputs));
    }

    public override int RowsPerRow { get; }

    /// <summary>R, [members, features].</summary>
    public static Parameter DescribeScales(int members, int features) =>
        new($"{NetworkPart.Scales}.Weights", members, features) { Part = NetworkPart.Scales, Initializer = new MemberScaleInitializer() };

    public override unsafe void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        fixed (float* x = input.Values, y = output.Values, scales = ByInput(pass.Parameters, _byInput.Span))
        {
            new MemberProduct(MemberProduct.Kind.Output, input.Rows, InputSize, RowsPerRow) { Input = x, Scales = scales, Output = y }.Run(pass.Team);
        }
    }

    public override unsafe void Backward(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        Span<float> byFeature = pass.Parameters.Gradient(_scales), byInput = _features is null ? byFeature : _gradientByInput.Span;
        fixed (float* x = input.Values, gradient = outputGradient.Values, scaleGradient = byInput)
        {
            new MemberProduct(MemberProduct.Kind.ScaleGradient, input.Rows, InputSize, RowsPerRow) { Input = x, Scales = scaleGradient, Output = gradient }
                .Run(pass.Team);
        }

        SumByFeature(byInput, byFeature);
        if (inputGradient.Rows > 0)
        {
            fixed (float* gradient = outputGradient.Values, below = inputGradient.Values, scales = ByInput(pass.Parameters, _byInput.Span))
            {
                new MemberProduct(MemberProduct.Kind.InputGradient, input.Rows, InputSize, RowsPerRow) { Input = below, Scales = scales, Output = gradient }
                    .Run(pass.Team);
            }
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] scales = _features is null ? parameters.Value(_scales).ToArray() : ByInput(parameters.Value(_scales), RowsPerRow, _features);
        plan.Add(_ => new MemberScalesStep(scales, RowsPerRow));
    }

    /// <summary>R [k, inputs] of R [k, features].</summary>
    public static float[] ByInput(ReadOnlySpan<float> scales, int members, int[] features)
    {
        float[] byInput = new float[checked(members * features.Length)];
        Spread(scales, members, features, byInput);
        return byInput;
    }

    /// <summary>R [k, inputs]; in <paramref name="room"/> where it is not that of the features.</summary>
    private Span<float> ByInput(ParameterVector parameters, Span<float> room)
    {
        Span<float> scales = parameters.Value(_scales);
        if (_features is null)
        {
            return scales;
        }

        Spread(scales, RowsPerRow, _features, room);
        return room;
    }

    private static void Spread(ReadOnlySpan<float> scales, int members, int[] features, Span<float> byInput)
    {
        int columns = scales.Length / members;
        for (int m = 0; m < members; m++)
        {
            for (int j = 0; j < features.Length; j++)
            {
                byInput[m * features.Length + j] = scales[m * columns + features[j]];
            }
        }
    }

    private void SumByFeature(ReadOnlySpan<float> byInput, Span<float> byFeature)
    {
        if (_features is null)
        {
            return;
        }

        byFeature.Clear();
        for (int m = 0; m < RowsPerRow; m++)
        {
            for (int j = 0; j < InputSize; j++)
            {
                byFeature[m * _scales.Columns + _features[j]] += byInput[m * InputSize + j];
            }
        }
    }
}
