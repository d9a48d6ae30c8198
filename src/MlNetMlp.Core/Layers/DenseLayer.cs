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
    private readonly Initializer _initializer;
    /// <param name="name">Prefix of the names of the parameters.</param>
    /// <param name="inputSize">The number of inputs, at least 1.</param>
    /// <param name="outputSize">The number of units, at least 1.</param>
    /// <param name="activation">f.</param>
    /// <param name="initializer">The starting weights.</param>
    /// <param name="hasBias">False where a normalization that follows would cancel the bias.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="layout">Receives the layer's parameters.</param>
    public DenseLayer(
        string name, int inputSize, int outputSize, Activation activation, Initializer initializer, bool hasBias, int maximumRows, ParameterLayout layout)
        : base(inputSize, outputSize)
    {
        _activation = new LayerActivation(activation, maximumRows, outputSize);
        _initializer = initializer;
        WeightParameter = layout.Add(name + ".Weights", inputSize, outputSize, decays: true);
        _biases = hasBias ? layout.Add(name + ".Biases", 1, outputSize, decays: false) : null;
    }

    /// <summary>The value that all biases begin with. Default 0.</summary>
    public float InitialBias { get; init; }

    /// <summary>What training does to single weights. Default null: nothing.</summary>
    public DropConnect? DropConnect { get; init; }

    /// <summary>The parameter of the weights, [inputs, outputs].</summary>
    public Parameter WeightParameter { get; }

    public override void Initialize(ParameterVector parameters, SeededRandom random)
    {
        _initializer.Fill(parameters.Value(WeightParameter), InputSize, OutputSize, random);
        Biases(parameters).Fill(InitialBias);
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        ParameterVector parameters = pass.Parameters;
        if (pass.Mode == PassMode.Training)
        {
            DropConnect?.Draw(pass.Random, Weights(parameters).Values);
        }

        MatMul.Multiply(input, KeptWeights(pass), output, pass.Team, Epilogue(parameters));
    }

    /// <summary>The same for sparse rows; not for layers with <see cref="DropConnect"/>.</summary>
    public void Forward(in Pass pass, SparseSpan input, MatrixSpan output) =>
        SparseMatMul.Multiply(input, Weights(pass.Parameters), output, pass.Team, Epilogue(pass.Parameters));

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        SumGradient.Compute(_activation, output, outputGradient, _biases is null ? [] : parameters.Gradient(_biases), pass.Team);
        MatMul.TransposedMultiply(input, outputGradient, WeightGradient(parameters), pass.Team);
        if (pass.Mode == PassMode.Training)
        {
            DropConnect?.MaskGradient(WeightGradient(parameters).Values);
        }

        if (inputGradient.Rows > 0)
        {
            MatMul.MultiplyTransposed(outputGradient, KeptWeights(pass), inputGradient, pass.Team);
        }
    }

    /// <summary>The same for sparse rows: of the gradients of the weights, only those of active features are written.</summary>
    public void Backward(in Pass pass, ActiveFeatures input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        SumGradient.Compute(_activation, output, outputGradient, _biases is null ? [] : parameters.Gradient(_biases), pass.Team);
        SparseMatMul.MultiplyInto(input.Matrix, outputGradient, input.Features, WeightGradient(parameters), pass.Team);
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
        new(_biases is null ? null : parameters.Values, _biases?.Offset ?? 0, _activation.Function, _activation.Sums, OutputSize);

    /// <summary>The weights of a pass: those that were kept, or all.</summary>
    private ReadOnlyMatrixSpan KeptWeights(in Pass pass) => DropConnect is not null && pass.Mode == PassMode.Training
        ? new(DropConnect.Kept, InputSize, OutputSize)
        : Weights(pass.Parameters);
}
