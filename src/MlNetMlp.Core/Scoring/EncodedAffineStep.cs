using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// An <see cref="EncodingStep"/>, a <see cref="MemberScalesStep"/> where there are members, and an <see cref="AffineStep"/> in one, without the encoded
/// columns, as the <see cref="EncodedDenseLayer"/> is in training: <c>Y[m rows + i] = f(sum over j of R[m, j] v_j(x_ij) + b)</c>.
/// </summary>
/// <remarks>
/// The sums of the weights of all bins below each are formed once, when the plan is made. What the three steps compute differs by roundings, what the layer
/// computes does not. A thread keeps room for one row's entries and their vectors.
/// </remarks>
internal sealed class EncodedAffineStep : ScoringStep
{
    [ThreadStatic]
    private static EncodedEntry[]? _entries;

    [ThreadStatic]
    private static AlignedBuffer? _vectors;

    private readonly FeatureEncoding _encoding;
    private readonly float[]? _scales;
    private readonly AlignedBuffer _table;
    private readonly AlignedBuffer _biases;
    private readonly Activation _activation;
    private readonly int _stride;
    private readonly double _largestSum;

    private EncodedAffineStep(
        FeatureEncoding encoding, float[]? scales, int members, AlignedBuffer table, int stride, AlignedBuffer biases, Activation activation)
        : base(encoding.FeatureCount, biases.Length)
    {
        (_encoding, _scales, RowsPerRow, _table, _stride, _biases, _activation) = (encoding, scales, members, table, stride, biases, activation);

        // Of inputs up to 1, without the biases.
        double largestScale = scales is null ? 1 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(scales));
        _largestSum = largestScale * encoding.OutputSize * Math.Abs(TensorPrimitives.MaxMagnitude<float>(table.Span));
    }

    public override int RowsPerRow { get; }

    /// <summary>The step for these three, or null if it would not have a finite score where they have one.</summary>
    /// <param name="encoding">What is seen of the features.</param>
    /// <param name="scales">The scales of the columns for each member; null: there are no members.</param>
    /// <param name="weights">W [columns, units], row after row.</param>
    /// <param name="biases">b [units]; kept.</param>
    /// <param name="activation">f.</param>
    public static EncodedAffineStep? Create(
        FeatureEncoding encoding, MemberScalesStep? scales, ReadOnlySpan<float> weights, AlignedBuffer biases, Activation activation)
    {
        int stride = EncodedProduct.Stride(biases.Length);
        var table = new AlignedBuffer(checked(encoding.TableRows * stride));
        encoding.FillTable(weights, biases.Length, table.Span, stride);
        return RowOps.AllFinite(table.Span)
            ? new(encoding, scales is null ? null : ByFeature(scales, encoding), scales?.RowsPerRow ?? 1, table, stride, biases, activation)
            : null;
    }

    public override double LargestOutput(double input) =>
        _activation.LargestOutput(Math.Max(1, input) * _largestSum + Math.Abs(TensorPrimitives.MaxMagnitude<float>(_biases.Span)));

    public override unsafe void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        int size = InputSize, units = OutputSize;
        EncodedEntry[] ownEntries = _entries is { } kept && kept.Length >= size ? kept : _entries = new EncodedEntry[size];
        AlignedBuffer vectors = _vectors is { } room && room.Length >= (long)size * _stride ? room : _vectors = new AlignedBuffer(checked(size * _stride));
        fixed (EncodedEntry* entries = ownEntries)
        fixed (float* sums = output.Values, scales = _scales)
        {
            for (int i = 0; i < input.Rows; i++)
            {
                int count = _encoding.Enter(input.Row(i), ownEntries);
                EncodedProduct.Embed(entries, count, _table.Pointer, _stride, vectors.Pointer);
                for (int m = 0; m < RowsPerRow; m++)
                {
                    float* own = scales is null ? null : scales + (nint)m * size, result = sums + ((nint)m * input.Rows + i) * units;
                    EncodedProduct.Sum(entries, count, vectors.Pointer, _stride, own, result, units);
                }
            }
        }

        new BiasAndActivation(_activation, units, _biases, 0).Apply(output.Values, 0, 0);
        GC.KeepAlive(vectors);
        GC.KeepAlive(this);
    }

    /// <summary>[members, features]: the columns of a feature, of which its own comes first, have one scale.</summary>
    private static float[] ByFeature(MemberScalesStep scales, FeatureEncoding encoding)
    {
        float[] byColumn = scales.Numbers[0], byFeature = new float[scales.RowsPerRow * encoding.FeatureCount];
        for (int m = 0; m < scales.RowsPerRow; m++)
        {
            byColumn.AsSpan(m * encoding.OutputSize, encoding.FeatureCount).CopyTo(byFeature.AsSpan(m * encoding.FeatureCount));
        }

        return byFeature;
    }
}
