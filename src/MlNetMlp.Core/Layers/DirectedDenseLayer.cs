using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A dense layer whose weights are <c>w = g v / length(v)</c>, unit by unit, with <c>length(v) = sqrt(v v + epsilon)</c>: weight normalization,
/// and with g = 1 for all units one half of cosine normalization. A direction of length 0 makes weights of 0.
/// </summary>
/// <remarks>
/// Backward, with dL/dw of the dense layer: <c>dL/dg = v dL/dw / length(v)</c> and
/// <c>dL/dv = g / length(v) (dL/dw - v (v dL/dw) / length(v)^2)</c>, which is at right angles to v but for epsilon.
/// </remarks>
internal sealed unsafe class DirectedDenseLayer : DenseLayer
{
    private readonly float _epsilon;
    private readonly Parameter? _gain;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _gradient;
    private readonly double[] _scratch;
    private readonly double[] _inverseLength;
    private readonly float[] _factor;
    private readonly float[] _along;

    /// <param name="settings">As for a dense layer; the starting weights are the directions v, and g begins at their lengths.</param>
    /// <param name="hasGain">Whether g is learned, instead of being 1.</param>
    /// <param name="epsilon">At least 0; 0 where g is learned.</param>
    /// <param name="layout">Receives the layer's parameters; the weights v are named as those of a dense layer.</param>
    public DirectedDenseLayer(LayerSettings settings, bool hasGain, float epsilon, ParameterLayout layout)
        : base(settings, layout)
    {
        _epsilon = epsilon;
        _gain = hasGain ? layout.Add(new($"{settings.Part}.Gain", 1, OutputSize) { Part = settings.Part, LengthsOf = WeightParameter }) : null;
        int size = settings.MaximumRows == 0 ? 0 : WeightParameter.Length;
        _weights = new AlignedBuffer(size);
        _gradient = new AlignedBuffer(size);
        _scratch = new double[2 * OutputSize];
        _inverseLength = new double[OutputSize];
        _factor = new float[OutputSize];
        _along = new float[OutputSize];
    }

    /// <summary>Null: the lengths are those of whole columns.</summary>
    public override Parameter? SparseWeights => null;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        Measure(pass.Parameters);
        fixed (float* directions = pass.Parameters.Value(WeightParameter), factor = _factor)
        {
            MatrixMath.Run(new ScaleColumns(directions, factor, _weights.Pointer), InputSize, OutputSize);
        }

        base.Forward(pass, input, output);
    }

    public override void BackwardParameters(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        base.BackwardParameters(pass, input, output, outputGradient, inputGradient);

        ParameterVector parameters = pass.Parameters;
        Span<float> along = _along;
        along.Clear();
        fixed (float* directions = parameters.Value(WeightParameter), result = parameters.Gradient(WeightParameter), factor = _factor, lines = _along)
        {
            float* dense = _gradient.Pointer;
            MatrixMath.AddColumnSums(new MatrixMath.Products(directions, dense), OutputSize, InputSize, along);
            TakeAlong(parameters, along);
            MatrixMath.Run(new Differentiate(directions, lines, dense, factor, result), InputSize, OutputSize);
        }
    }

    protected override ReadOnlyMatrixSpan Weights(ParameterVector parameters) => _weights.AsMatrix(InputSize, OutputSize);

    protected override MatrixSpan WeightGradient(ParameterVector parameters) => _gradient.AsMatrix(InputSize, OutputSize);

    protected override void AppendWeightsTo(ScoringPlan plan, ParameterVector parameters)
    {
        Measure(parameters);
        Span<float> biases = new float[OutputSize];
        Biases(parameters).CopyTo(biases);
        plan.AddAffine(Directions(parameters), []);
        plan.ScaleOutputs(_factor, biases);
    }

    /// <summary>Computes the lengths of the directions, which stay in the scratch memory, and from them the factors of v in w.</summary>
    private void Measure(ParameterVector parameters)
    {
        Span<double> lengths = ColumnScaling.Norms(Directions(parameters), _scratch);
        for (int j = 0; j < OutputSize; j++)
        {
            lengths[j] = Math.Sqrt(lengths[j] * lengths[j] + _epsilon);
            _inverseLength[j] = lengths[j] > 0 ? 1 / lengths[j] : 0;
            _factor[j] = (float)((_gain is null ? 1 : parameters.Value(_gain)[j]) * _inverseLength[j]);
        }
    }

    /// <summary>From <c>v dL/dw</c> come the gradient of g and the multiple of v that is in the gradient of v, the latter in the same place.</summary>
    private void TakeAlong(ParameterVector parameters, Span<float> along)
    {
        for (int j = 0; j < OutputSize; j++)
        {
            double component = along[j] * _inverseLength[j];
            if (_gain is not null)
            {
                parameters.Gradient(_gain)[j] = (float)component;
            }

            along[j] = (float)(-component * _inverseLength[j]);
        }
    }

    private MatrixSpan Directions(ParameterVector parameters) => new(parameters.Value(WeightParameter), InputSize, OutputSize);

    private readonly struct ScaleColumns(float* matrix, float* factors, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> =>
            access.Store(result + at, TLanes.Multiply(access.Load(matrix + at), access.Load(factors + column)));
    }

    private readonly struct Differentiate(float* directions, float* along, float* dense, float* factors, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector rest = TLanes.Add(TLanes.Multiply(access.Load(directions + at), access.Load(along + column)), access.Load(dense + at));
            access.Store(result + at, TLanes.Multiply(rest, access.Load(factors + column)));
        }
    }
}
