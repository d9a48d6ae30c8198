using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Every unit sees every input: <c>Y = f(X W + b)</c> with X [rows, inputs], W [inputs, outputs], b [1, outputs].</summary>
/// <remarks>
/// Backward, with D = dL/dY * f'(Y): <c>dL/dW = X^T D</c>, <c>dL/db</c> = the column sums of D, <c>dL/dX = D W^T</c>.
/// Weights are stored [inputs, outputs], so that one input's weights are contiguous: a single row is scored, and sparse rows
/// are learned, by adding up rows of W.
/// </remarks>
internal class DenseLayer : Layer
{
    private readonly Parameter? _biases;
    private readonly LayerActivation _activation;
    private readonly DropConnect? _dropConnect;

    /// <param name="settings">Sizes, activation, and how the parameters begin.</param>
    /// <param name="layout">Receives the layer's parameters.</param>
    public DenseLayer(LayerSettings settings, ParameterLayout layout)
        : base(settings.Inputs, settings.Sums)
    {
        _activation = new LayerActivation(settings.Activation, settings.MaximumRows, OutputSize);
        WeightParameter = layout.Add(DescribeWeights(settings));
        _biases = settings.HasBias ? layout.Add(DescribeBiases(settings)) : null;
        _dropConnect = settings.DropConnect > 0 ? new(settings.Part, settings.DropConnect, settings.MaximumRows > 0 ? WeightParameter.Length : 0) : null;
    }

    /// <summary>v or W, [inputs, outputs].</summary>
    protected Parameter WeightParameter { get; }

    public override Parameter? SparseWeights => WeightParameter;

    /// <summary>W, [inputs, outputs].</summary>
    public static Parameter DescribeWeights(LayerSettings settings) =>
        new($"{settings.Part}.Weights", settings.Inputs, settings.Sums) { Part = settings.Part, Decays = true, Initializer = settings.Initializer };

    /// <summary>b, [1, outputs].</summary>
    public static Parameter DescribeBiases(LayerSettings settings) =>
        new($"{settings.Part}.Biases", 1, settings.Sums) { Part = settings.Part, IsBias = true, InitialValue = settings.InitialBias };

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        ParameterVector parameters = pass.Parameters;
        if (pass.Mode == PassMode.Training)
        {
            _dropConnect?.Draw(pass, Weights(parameters).Values);
        }

        MatMul.Multiply(input, KeptWeights(pass), output, pass.Team, Epilogue(parameters));
    }

    /// <summary>The same for sparse rows; not with DropConnect.</summary>
    public override void ForwardSparse(in Pass pass, SparseSpan input, MatrixSpan output) =>
        SparseMatMul.Multiply(input, Weights(pass.Parameters), output, pass.Team, Epilogue(pass.Parameters));

    public sealed override void Backward(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        BackwardParameters(pass, input, output, outputGradient, inputGradient);
        if (inputGradient.Rows > 0)
        {
            BackwardInput(pass, outputGradient, inputGradient);
        }
    }

    public override void BackwardParameters(
        in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        SumGradient.Compute(_activation, output, outputGradient, _biases is null ? [] : parameters.Gradient(_biases), pass.Team);
        MatMul.TransposedMultiply(input, outputGradient, WeightGradient(parameters), pass.Team);
        if (pass.Mode == PassMode.Training)
        {
            _dropConnect?.MaskGradient(WeightGradient(parameters).Values);
        }
    }

    public override void BackwardInput(in Pass pass, MatrixSpan outputGradient, MatrixSpan inputGradient) =>
        MatMul.MultiplyTransposed(outputGradient, KeptWeights(pass), inputGradient, pass.Team);

    /// <summary>The same for sparse rows: of the gradients of the weights, only those of active features are written.</summary>
    public override void BackwardSparse(
        in Pass pass, SparseSpan input, ReadOnlySpan<int> features, ReadOnlyMatrixSpan output, MatrixSpan outputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        SumGradient.Compute(_activation, output, outputGradient, _biases is null ? [] : parameters.Gradient(_biases), pass.Team);
        SparseMatMul.MultiplyInto(input, outputGradient, features, WeightGradient(parameters), pass.Team);
    }

    public override void DifferentiateLastInputs(in Pass pass, ReadOnlyMatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        int columns = inputGradient.Columns;
        MatMul.MultiplyTransposed(outputGradient, Weights(pass.Parameters).Slice(InputSize - columns, columns), inputGradient, pass.Team);
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        AppendWeightsTo(plan, parameters);
        plan.SetActivation(_activation.Function);
    }

    /// <summary>Adds <c>X W + b</c>.</summary>
    protected virtual void AppendWeightsTo(ScoringPlan plan, ParameterVector parameters) => plan.AddAffine(Weights(parameters), Biases(parameters));

    /// <summary>W of the current pass, before single weights are dropped.</summary>
    protected virtual ReadOnlyMatrixSpan Weights(ParameterVector parameters) => new(parameters.Value(WeightParameter), InputSize, OutputSize);

    /// <summary>Where the gradient of W goes.</summary>
    protected virtual MatrixSpan WeightGradient(ParameterVector parameters) => new(parameters.Gradient(WeightParameter), InputSize, OutputSize);

    /// <summary>b, or empty where there are none.</summary>
    protected Span<float> Biases(ParameterVector parameters) => _biases is null ? [] : parameters.Value(_biases);

    private BiasAndActivation Epilogue(ParameterVector parameters) =>
        new(_activation.Function, OutputSize, _biases is null ? null : parameters.Values, _biases?.Offset ?? 0, _activation.Slopes);

    /// <summary>The weights of a pass: those that were kept, or all.</summary>
    private ReadOnlyMatrixSpan KeptWeights(in Pass pass) => _dropConnect is not null && pass.Mode == PassMode.Training
        ? new(_dropConnect.Kept, InputSize, OutputSize)
        : Weights(pass.Parameters);
}
