using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// An <see cref="EncodingLayer"/>, a <see cref="PeriodicLayer"/> where numbers are embedded, a <see cref="MemberScalesLayer"/> where there are members, and a
/// <see cref="DenseLayer"/> in one, which compute the same
/// (but for roundings) without ever writing the encoded columns: <c>Y[m rows + i] = f(sum over j of R[m, j] v_j(x_ij) + b)</c> with the vector
/// <c>v_j(x)</c> = the sum of the weights W [columns, units] of the columns of feature j, each times its value.
/// </summary>
/// <remarks>
/// Most bins of a number are 0 or 1: with the sums of the weights of all bins below each, which are formed once in a pass, a vector takes three rows of
/// weights. An embedded number has a vector of its own in each row, see <see cref="EmbeddedVectors"/>. Backward, with D = dL/dY * f'(Y): the gradient of a
/// vector is <c>sum_m R[m, j] D[m rows + i]</c>, that of R[m, j] its product with D[m rows + i], summed over the rows; the gradients of full bins are
/// collected where they end and summed up from the highest bin down.
/// </remarks>
internal sealed unsafe class EncodedDenseLayer : Layer
{
    /// <summary>So many rows are some microseconds of work.</summary>
    private const int RowsAtOnce = 8;

    private readonly FeatureEncoding _encoding;
    private readonly EmbeddedVectors? _embedded;
    private readonly Parameter? _scales;
    private readonly Parameter _weights;
    private readonly Parameter? _biases;
    private readonly LayerActivation _activation;
    private readonly int _stride;
    private readonly EncodedEntry[] _entries;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly AlignedBuffer _table;
    private readonly AlignedBuffer _tableGradient;
    private readonly AlignedBuffer _scaleSums;
    private readonly int _learnedInputs;
    private readonly AlignedBuffer _learnedGradient;
    private AlignedBuffer[] _vectors = [];

    /// <param name="encoding">What is seen of the features.</param>
    /// <param name="numbers">Those of them that are embedded, and have no bins; null: none.</param>
    /// <param name="members">k.</param>
    /// <param name="learnedInputs">How many of the last features are learned by the layer below, and have no bins.</param>
    /// <param name="settings">The dense layer; its <see cref="LayerSettings.MaximumRows"/> are those of all members.</param>
    /// <param name="layout">Receives the parameters, as the layers would add them.</param>
    public EncodedDenseLayer(
        FeatureEncoding encoding, PeriodicNumbers? numbers, int members, int learnedInputs, LayerSettings settings, ParameterLayout layout)
        : base(encoding.FeatureCount, settings.Sums)
    {
        (_encoding, RowsPerRow) = (encoding, members);
        _embedded = numbers is null ? null : new EmbeddedVectors(encoding, numbers, settings.Sums, settings.MaximumRows / members, layout);
        _activation = new LayerActivation(settings.Activation, settings.MaximumRows, OutputSize);
        _scales = members > 1 ? layout.Add(MemberScalesLayer.DescribeScales(members, InputSize)) : null;
        _weights = layout.Add(DenseLayer.DescribeWeights(settings));
        _biases = settings.HasBias ? layout.Add(DenseLayer.DescribeBiases(settings)) : null;
        _stride = EncodedProduct.Stride(OutputSize);

        int rows = settings.MaximumRows / members, table = rows > 0 ? checked((encoding.TableRows + (numbers?.Count ?? 0) * rows) * _stride) : 0;
        _entries = new EncodedEntry[checked(rows * InputSize)];
        (_starts, _counts) = (new int[rows + 1], new int[rows]);
        (_table, _tableGradient) = (new AlignedBuffer(table), new AlignedBuffer(table));
        _learnedInputs = learnedInputs;
        _learnedGradient = new AlignedBuffer(checked(settings.MaximumRows * learnedInputs));
        _scaleSums = new AlignedBuffer(rows > 0 && members > 1 ? checked(Tiles * members * InputSize * EncodedProduct.Lanes) : 0);
    }

    public override int RowsPerRow { get; }

    private int Tiles => (OutputSize + EncodedProduct.TileColumns - 1) / EncodedProduct.TileColumns;

    private int Bins => _encoding.Sources.Length;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        if (!pass.KeepsParameters)
        {
            _encoding.FillTable(pass.Parameters.Value(_weights), OutputSize, _table.Span, _stride);
        }

        _embedded?.Forward(pass, input, WeightsOf(pass.Parameters.Value(_weights)), VectorsOf(_table, input.Rows));
        Enter(input, pass.Team);
        if (_vectors.Length < pass.Team.Threads)
        {
            _vectors = [.. Enumerable.Range(0, pass.Team.Threads).Select(_ => new AlignedBuffer(checked(InputSize * _stride)))];
        }

        fixed (EncodedEntry* entries = _entries)
        fixed (float* sums = output.Values, scales = Scales(pass.Parameters))
        {
            var body = new SumRows(this, pass.Parameters, entries, scales, sums, input.Rows);
            pass.Team.Run((input.Rows + RowsAtOnce - 1) / RowsAtOnce, ref body);
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        ParameterVector parameters = pass.Parameters;
        SumGradient.Compute(_activation, output, outputGradient, _biases is null ? [] : parameters.Gradient(_biases), pass.Team);
        _tableGradient.Span.Clear();
        _scaleSums.Span.Clear();
        fixed (EncodedEntry* entries = _entries)
        fixed (int* starts = _starts)
        fixed (float* gradient = outputGradient.Values, scales = Scales(parameters))
        {
            var work = new EncodedGradient
            {
                Entries = entries,
                Starts = starts,
                Table = _table.Pointer,
                TableGradient = _tableGradient.Pointer,
                Stride = _stride,
                Scales = scales,
                Features = InputSize,
                SumGradient = gradient,
                Columns = OutputSize,
                Members = RowsPerRow,
                MemberStride = (nint)input.Rows * OutputSize,
            };
            var body = new DifferentiateColumns(this, work, input.Rows);
            pass.Team.Run(Tiles, ref body);
        }

        WriteWeightGradient(parameters.Gradient(_weights));
        _embedded?.Backward(
            pass, WeightsOf(parameters.Value(_weights)), VectorsOf(_tableGradient, input.Rows), WeightsOf(parameters.Gradient(_weights)));
        if (_scales is not null)
        {
            WriteScaleGradient(parameters.Gradient(_scales));
        }

        if (inputGradient.Rows > 0 && pass.LeavesFeaturesOut)
        {
            WriteLearnedGradient(pass, input, outputGradient, inputGradient);
            return;
        }

        for (int i = 0; i < inputGradient.Rows; i++)
        {
            WriteInputGradient(parameters, input.Row(i), i, outputGradient, inputGradient.Row(i));
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        if (!_encoding.IsPlain)
        {
            plan.Add(_ => new EncodingStep(_encoding));
        }

        _embedded?.Waves.AppendTo(plan, _encoding.OutputSize, parameters);
        if (_scales is not null)
        {
            int[] encoded = _encoding.Features(), features = _embedded is null ? encoded : _embedded.Waves.Numbers.Features(encoded);
            float[] scales = MemberScalesLayer.ByInput(parameters.Value(_scales), RowsPerRow, features);
            plan.Add(_ => new MemberScalesStep(scales, RowsPerRow));
        }

        plan.AddAffine(new ReadOnlyMatrixSpan(parameters.Value(_weights), _weights.Rows, OutputSize), _biases is null ? [] : parameters.Value(_biases));
        plan.SetActivation(_activation.Function);
    }

    private Span<float> Scales(ParameterVector parameters) => _scales is null ? [] : parameters.Value(_scales);

    /// <summary>The weights of the outputs of embedded numbers, which come last.</summary>
    private Span<float> WeightsOf(Span<float> weights) => weights[(_encoding.OutputSize * OutputSize)..];

    /// <summary>The vectors of embedded numbers, or their gradient, [numbers rows, units], which come last.</summary>
    private Span<float> VectorsOf(AlignedBuffer table, int rows) => table.Span.Slice(_encoding.TableRows * _stride, _embedded!.Count * rows * _stride);

    private Span<float> TableRow(AlignedBuffer table, int row) => table.Span.Slice(row * _stride, OutputSize);

    /// <summary>Finds the entries of all rows, and where those of each begin.</summary>
    private void Enter(ReadOnlyMatrixSpan input, ThreadTeam team)
    {
        fixed (float* features = input.Values)
        {
            var body = new EnterRows(this, features, input.Rows);
            team.Run((input.Rows + RowsAtOnce - 1) / RowsAtOnce, ref body);
        }

        // Each row has its entries at a place of its own; only now it is known how many there are.
        int start = 0;
        for (int i = 0; i < input.Rows; i++)
        {
            Array.Copy(_entries, i * InputSize, _entries, start, _counts[i]);
            _starts[i] = start;
            start += _counts[i];
        }

        _starts[input.Rows] = start;
    }

    private void WriteWeightGradient(Span<float> gradient)
    {
        for (int bin = Bins - 1; bin >= 0; bin--)
        {
            // A row that fills a bin fills those below it.
            Span<float> full = TableRow(_tableGradient, _encoding.OutputSize + bin), own = TableRow(_tableGradient, InputSize + bin);
            if (bin + 1 < Bins && _encoding.Sources[bin] == _encoding.Sources[bin + 1])
            {
                TensorPrimitives.Add(full, TableRow(_tableGradient, _encoding.OutputSize + bin + 1), full);
            }

            TensorPrimitives.Add(own, full, own);
        }

        for (int j = 0; j < _encoding.OutputSize; j++)
        {
            TableRow(_tableGradient, j).CopyTo(gradient.Slice(j * OutputSize, OutputSize));
        }
    }

    private void WriteScaleGradient(Span<float> gradient)
    {
        ReadOnlySpan<float> sums = _scaleSums.Span;
        for (int i = 0; i < gradient.Length; i++)
        {
            double sum = 0;
            for (int tile = 0; tile < Tiles; tile++)
            {
                sum += OrderedSum.Of(sums.Slice((tile * gradient.Length + i) * EncodedProduct.Lanes, EncodedProduct.Lanes));
            }

            gradient[i] = (float)sum;
        }
    }

    /// <summary>The gradient of the last features, which are columns themselves; that of the others stays whatever it was.</summary>
    private void WriteLearnedGradient(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan sumGradient, MatrixSpan inputGradient)
    {
        int first = InputSize - _learnedInputs;
        MatrixSpan products = _learnedGradient.AsMatrix(sumGradient.Rows, _learnedInputs);
        var weights = new ReadOnlyMatrixSpan(pass.Parameters.Value(_weights), _weights.Rows, OutputSize);
        MatMul.MultiplyTransposed(sumGradient, weights.Slice(first, _learnedInputs), products, pass.Team);
        Span<float> scales = Scales(pass.Parameters);
        for (int i = 0; i < input.Rows; i++)
        {
            Span<float> gradient = inputGradient.Row(i)[first..];
            gradient.Clear();
            for (int m = 0; m < RowsPerRow; m++)
            {
                ReadOnlySpan<float> product = products.Row(m * input.Rows + i);
                if (scales.IsEmpty)
                {
                    TensorPrimitives.Add(gradient, product, gradient);
                }
                else
                {
                    TensorPrimitives.MultiplyAdd(product, scales.Slice(m * InputSize + first, _learnedInputs), gradient, gradient);
                }
            }

            _encoding.DifferentiateClipping(input.Row(i)[first..], gradient);
        }
    }

    /// <summary>Not fast: only what looks at single rows asks for it.</summary>
    private void WriteInputGradient(ParameterVector parameters, ReadOnlySpan<float> features, int row, MatrixSpan sumGradient, Span<float> gradient)
    {
        int rows = sumGradient.Rows / RowsPerRow;
        float[] columns = new float[_encoding.OutputSize], columnGradient = new float[columns.Length];
        ReadOnlySpan<float> weights = parameters.Value(_weights);
        int[] sources = _encoding.Features();
        for (int m = 0; m < RowsPerRow; m++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                float scale = _scales is null ? 1 : parameters.Value(_scales)[m * InputSize + sources[j]];
                columnGradient[j] += scale * (float)OrderedSum.OfProducts(weights.Slice(j * OutputSize, OutputSize), sumGradient.Row(m * rows + row));
            }
        }

        _embedded?.AddInputGradient(row, rows, columnGradient);
        _encoding.Encode(features, columns);
        _encoding.Differentiate(features, columns, columnGradient, gradient);
    }

    /// <summary>Entries of some rows.</summary>
    private readonly struct EnterRows(EncodedDenseLayer layer, float* features, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int size = layer.InputSize;
            for (int i = tile * RowsAtOnce; i < Math.Min(rows, (tile + 1) * RowsAtOnce); i++)
            {
                layer._counts[i] = layer._encoding.Enter(
                    new ReadOnlySpan<float>(features + (nint)i * size, size), layer._entries.AsSpan(i * size, size),
                    layer._embedded is null ? [] : layer._embedded.FirstVectors, i);
            }
        }
    }

    /// <summary>Sums and activations of some rows, for all members.</summary>
    private readonly struct SumRows(
        EncodedDenseLayer layer, ParameterVector parameters, EncodedEntry* entries, float* scales, float* sums, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            float* vectors = layer._vectors[worker].Pointer;
            int units = layer.OutputSize;
            var epilogue = new BiasAndActivation(
                layer._activation.Function, units, layer._biases is null ? null : parameters.Values, layer._biases?.Offset ?? 0, layer._activation.Slopes);
            for (int i = tile * RowsAtOnce; i < Math.Min(rows, (tile + 1) * RowsAtOnce); i++)
            {
                EncodedEntry* own = entries + layer._starts[i];
                int count = layer._starts[i + 1] - layer._starts[i];
                EncodedProduct.Embed(own, count, layer._table.Pointer, layer._stride, vectors);
                for (int m = 0; m < layer.RowsPerRow; m++)
                {
                    int row = m * rows + i;
                    float* result = sums + (nint)row * units;
                    EncodedProduct.Sum(
                        own, count, vectors, layer._stride, scales is null ? null : scales + (nint)m * layer.InputSize, result, units);
                    epilogue.Apply(new Span<float>(result, units), row, 0);
                }
            }
        }
    }

    /// <summary>Gradients of some columns, from all rows.</summary>
    private readonly struct DifferentiateColumns(EncodedDenseLayer layer, EncodedGradient work, int rows) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int first = tile * EncodedProduct.TileColumns;
            float* scaleSums = layer._scales is null ? null
                : layer._scaleSums.Pointer + (nint)tile * layer.RowsPerRow * layer.InputSize * EncodedProduct.Lanes;
            EncodedProduct.Backward(work, rows, first, Math.Min(EncodedProduct.TileColumns, layer.OutputSize - first), scaleSums);
        }
    }
}
