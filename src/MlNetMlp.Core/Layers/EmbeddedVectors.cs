using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What embedded numbers add to the sums of the first layer, as an <see cref="EncodedDenseLayer"/> wants it: for each number n and row i the vector
/// <c>V[n, i, c] = sum_d Y[n, d, i] W[n, d, c]</c> of its outputs Y [numbers, width, rows] and their weights W [numbers, width, units], once for all members.
/// </summary>
/// <remarks>Backward: <c>dL/dW[n] = Y[n] dL/dV[n]</c>, <c>dL/dY[n] = W[n] dL/dV[n]^T</c>.</remarks>
internal sealed unsafe class EmbeddedVectors
{
    private readonly FeatureEncoding _encoding;
    private readonly int _units;
    private readonly AlignedBuffer _numbers;
    private readonly AlignedBuffer _numberGradient;
    private readonly AlignedBuffer _outputs;
    private readonly AlignedBuffer _outputGradient;
    private readonly int[] _firstVectors;
    private int _rows = -1;

    /// <param name="encoding">What is seen of the features themselves.</param>
    /// <param name="numbers">Which of them are embedded.</param>
    /// <param name="units">The number of sums.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    /// <param name="layout">Receives the parameters of the embedding.</param>
    public EmbeddedVectors(FeatureEncoding encoding, PeriodicNumbers numbers, int units, int maximumRows, ParameterLayout layout)
    {
        (_encoding, _units, Waves) = (encoding, units, new PeriodicWaves(numbers, layout));
        int length = checked(numbers.Count * maximumRows);
        (_numbers, _numberGradient) = (new AlignedBuffer(length), new AlignedBuffer(length));
        (_outputs, _outputGradient) = (new AlignedBuffer(checked(length * Waves.Width)), new AlignedBuffer(checked(length * Waves.Width)));
        _firstVectors = new int[encoding.FeatureCount];
    }

    public PeriodicWaves Waves { get; }

    /// <summary>The number of embedded numbers.</summary>
    public int Count => Waves.Numbers.Count;

    /// <summary>[features]: where the vector of each embedded number is in the table for the first row; -1 for other features.</summary>
    public ReadOnlySpan<int> FirstVectors => _firstVectors;

    /// <summary>Computes the vectors.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">[rows, features].</param>
    /// <param name="weights">W.</param>
    /// <param name="vectors">V.</param>
    public void Forward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlySpan<float> weights, Span<float> vectors)
    {
        Place(input.Rows);
        fixed (float* features = input.Values)
        {
            var body = new EmbedNumbers(this, pass.Parameters, pass.Team, features, input.Rows);
            pass.Team.Run(Count, ref body);
        }

        for (int n = 0; n < Count; n++)
        {
            MatMul.TransposedMultiply(Of(_outputs, n, Waves.Width), WeightsOf(weights, n), VectorsOf(vectors, n), pass.Team);
        }
    }

    /// <summary>Writes the gradients of the parameters of the embedding and of the weights; to be called after <see cref="Forward"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="weights">W.</param>
    /// <param name="vectorGradient">dL/dV.</param>
    /// <param name="weightGradient">dL/dW.</param>
    public void Backward(in Pass pass, ReadOnlySpan<float> weights, Span<float> vectorGradient, Span<float> weightGradient)
    {
        int size = Waves.Width * _units;
        for (int n = 0; n < Count; n++)
        {
            MatrixSpan own = VectorsOf(vectorGradient, n);
            var ownWeights = new MatrixSpan(weightGradient.Slice(n * size, size), Waves.Width, _units);
            MatMul.Multiply(Of(_outputs, n, Waves.Width), own, ownWeights, pass.Team, default(NoEpilogue));
            MatMul.MultiplyTransposed(WeightsOf(weights, n), own, Of(_outputGradient, n, Waves.Width), pass.Team);
        }

        var body = new DifferentiateNumbers(this, pass.Parameters, pass.Team, _rows);
        pass.Team.Run(Count, ref body);
    }

    /// <summary>Adds the gradient of the numbers of one row to that of the columns of the encoding.</summary>
    public void AddInputGradient(int row, int rows, Span<float> columnGradient)
    {
        for (int n = 0; n < Count; n++)
        {
            columnGradient[Waves.Numbers.Numbers[n]] += _numberGradient.Span[n * rows + row];
        }
    }

    private MatrixSpan Of(AlignedBuffer buffer, int number, int rowsOfNumber) =>
        new(buffer.Span.Slice(number * rowsOfNumber * _rows, rowsOfNumber * _rows), rowsOfNumber, _rows);

    private ReadOnlyMatrixSpan WeightsOf(ReadOnlySpan<float> weights, int number) =>
        new(weights.Slice(number * Waves.Width * _units, Waves.Width * _units), Waves.Width, _units);

    private MatrixSpan VectorsOf(Span<float> vectors, int number) => new(vectors.Slice(number * _rows * _units, _rows * _units), _rows, _units);

    private void Place(int rows)
    {
        if (rows == _rows)
        {
            return;
        }

        _rows = rows;
        Array.Fill(_firstVectors, -1);
        for (int n = 0; n < Count; n++)
        {
            _firstVectors[Waves.Numbers.Numbers[n]] = _encoding.TableRows + n * rows;
        }
    }

    private readonly struct EmbedNumbers(EmbeddedVectors owner, ParameterVector parameters, ThreadTeam team, float* features, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int length = PeriodicWaves.ScratchPerRow * rows, count = owner._encoding.FeatureCount;
            Span<float> numbers = owner.Of(owner._numbers, tile, 1).Values;
            float* source = features + owner.Waves.Numbers.Numbers[tile];
            for (int i = 0; i < rows; i++, source += count)
            {
                numbers[i] = owner._encoding.Number(*source);
            }

            owner.Waves.Embed(
                parameters, tile, numbers, owner.Of(owner._outputs, tile, owner.Waves.Width).Values, new Span<float>(team.Scratch(worker, length), length));
        }
    }

    private readonly struct DifferentiateNumbers(EmbeddedVectors owner, ParameterVector parameters, ThreadTeam team, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int length = PeriodicWaves.ScratchPerRow * rows, width = owner.Waves.Width;
            owner.Waves.Differentiate(
                parameters, tile, owner.Of(owner._numbers, tile, 1).Values, owner.Of(owner._outputs, tile, width).Values,
                owner.Of(owner._outputGradient, tile, width).Values, owner.Of(owner._numberGradient, tile, 1).Values,
                new Span<float>(team.Scratch(worker, length), length));
        }
    }
}
