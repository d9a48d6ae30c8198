using System.Numerics;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(NormalizingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Normalizer", "StandInNormalizer")]

namespace Microsoft.ML.Transforms;

/// <summary>Learns for each slot a scale and an offset: value = (value - offset) * scale.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;
    private readonly long _maximumExampleCount;
    private readonly Func<SlotStatistics, (double Scale, double Offset)> _rule;

    internal NormalizingEstimator(
        InputOutputColumnPair[] columns, long maximumExampleCount, Func<SlotStatistics, (double Scale, double Offset)> rule)
    {
        Check.Param(maximumExampleCount > 1, nameof(maximumExampleCount), "There must be more than one example");
        _columns = columns;
        _maximumExampleCount = maximumExampleCount;
        _rule = rule;
    }

    /// <summary>To at most 1 in magnitude, or from 0 to 1 where zero may move; a constant slot becomes 0.</summary>
    internal static (double Scale, double Offset) MinMax(SlotStatistics slot, bool fixZero)
        => !(slot.Max > slot.Min) ? (0, 0)
            : fixZero ? (1 / Math.Max(Math.Abs(slot.Max), Math.Abs(slot.Min)), 0)
            : (1 / (slot.Max - slot.Min), slot.Min);

    /// <summary>To a mean square of 1, or to mean 0 and variance 1 where zero may move; a constant slot becomes 0.</summary>
    internal static (double Scale, double Offset) MeanVariance(SlotStatistics slot, bool fixZero)
        => slot.Variance == 0 ? (0, 0)
            : fixZero ? (1 / Math.Sqrt(slot.Variance + (slot.Mean * slot.Mean)), 0)
            : (1 / Math.Sqrt(slot.Variance), slot.Mean);

    public NormalizingTransformer Fit(IDataView input)
    {
        DataViewSchema.Column[] sources = [.. _columns.Select(pair => Check.Column(Check.Value(input, nameof(input)).Schema, pair.InputColumnName))];
        using var cursor = input.GetRowCursor(sources);
        var readers = sources.Select(source => Reader(cursor, source)).ToArray();
        var slots = sources.Select(s => Enumerable.Range(0, s.Type.ValueCount()).Select(_ => new SlotStatistics()).ToArray()).ToArray();
        for (long rows = 0; rows < _maximumExampleCount && cursor.MoveNext(); rows++)
        {
            for (int c = 0; c < readers.Length; c++)
                readers[c](slots[c]);
        }

        return new NormalizingTransformer(_columns, [.. slots.Select(column => column.Select(_rule).ToArray())]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(_columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector || column.IsKey
                || (column.ItemType != NumberDataViewType.Single && column.ItemType != NumberDataViewType.Double))
            {
                throw Check.WrongType("input", column.Name, NormalizingTransformer.Expected, column.GetTypeString());
            }

            var annotations = column.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.SlotNames).Prepend(Annotate.NormalizedShape);
            return new SchemaShape.Column(pair.OutputColumnName, column.Kind, column.ItemType, false, new SchemaShape(annotations));
        }));

    private static Action<SlotStatistics[]> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        NormalizingTransformer.CheckType(column);
        return Generic.Call<Action<SlotStatistics[]>>(Reader<float>, column.Type.ItemOrSelf().RawType, row, column);
    }

    private static Action<SlotStatistics[]> Reader<TFloat>(DataViewRow row, DataViewSchema.Column column)
        where TFloat : struct, IFloatingPointIeee754<TFloat>
    {
        if (!column.Type.IsVector())
        {
            var get = row.GetGetter<TFloat>(column);
            TFloat value = default;
            return slots =>
            {
                get(ref value);
                slots[0].Add(double.CreateChecked(value));
            };
        }

        var getVector = row.GetGetter<VBuffer<TFloat>>(column);
        VBuffer<TFloat> vector = default;
        return slots =>
        {
            getVector(ref vector);
            Check.That(vector.Length == slots.Length, $"Column '{column.Name}' has a vector of {vector.Length} values, its type says {slots.Length}");
            vector.CopyToDense(ref vector);
            for (int i = 0; i < slots.Length; i++)
                slots[i].Add(double.CreateChecked(vector.GetValues()[i]));
        };
    }

    /// <summary>What is counted of one slot; NaN is left out, and infinity out of mean and variance.</summary>
    internal sealed class SlotStatistics
    {
        private long _count;
        private double _squares;
        public double Min { get; private set; } = double.PositiveInfinity;
        public double Max { get; private set; } = double.NegativeInfinity;
        public double Mean { get; private set; }
        public double Variance => _count > 0 ? _squares / _count : 0;

        public void Add(double value)
        {
            if (value < Min)
                Min = value;
            if (value > Max)
                Max = value;
            if (!double.IsFinite(value))
                return;
            double distance = value - Mean;
            Mean += distance / ++_count;
            _squares += distance * (value - Mean);
        }
    }
}

/// <summary>Scales and shifts each slot.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string Expected = "Single or Double, or a vector of them of known size";
    private static readonly VersionInfo _version = FirstVersion("NORMALZR", "StandInNormalizer");
    private readonly (double Scale, double Offset)[][] _slots;

    internal NormalizingTransformer(InputOutputColumnPair[] columns, (double Scale, double Offset)[][] slots) : base(columns)
        => _slots = slots;

    private NormalizingTransformer(ModelLoadContext ctx) : base(ctx, _version)
    {
        _slots = new (double, double)[Columns.Length][];
        for (int c = 0; c < _slots.Length; c++)
        {
            _slots[c] = new (double, double)[ctx.Reader.ReadInt32()];
            for (int i = 0; i < _slots[c].Length; i++)
                _slots[c][i] = (ctx.Reader.ReadDouble(), ctx.Reader.ReadDouble());
        }
    }

    internal static void CheckType(DataViewSchema.Column column)
    {
        var item = column.Type.ItemOrSelf();
        if (column.Type.ValueCount() == 0 || (item != NumberDataViewType.Single && item != NumberDataViewType.Double))
            throw Check.WrongType("input", column.Name, Expected, column.Type.ToString());
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        SaveColumns(ctx, _version);
        foreach (var slots in _slots)
        {
            ctx.Writer.Write(slots.Length);
            foreach (var (scale, offset) in slots)
            {
                ctx.Writer.Write(scale);
                ctx.Writer.Write(offset);
            }
        }
    }

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
    {
        CheckType(input);
        Check.That(
            input.Type.ValueCount() == _slots[index].Length,
            $"Column '{input.Name}' has {input.Type.ValueCount()} slots, the normalizer has seen {_slots[index].Length}");
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddNormalized();
        builder.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new AddedColumn(
            new(name, input.Type, builder.ToAnnotations()), [input.Index],
            row => Generic.Call<Delegate>(Getter<float>, input.Type.ItemOrSelf().RawType, row, input, _slots[index]));
    }

    private static Delegate Getter<TFloat>(DataViewRow row, DataViewSchema.Column column, (double Scale, double Offset)[] slots)
        where TFloat : struct, IFloatingPointIeee754<TFloat>
    {
        TFloat[] scales = [.. slots.Select(s => TFloat.CreateSaturating(s.Scale))];
        TFloat[] offsets = [.. slots.Select(s => TFloat.CreateSaturating(s.Offset))];
        if (!column.Type.IsVector())
        {
            var get = row.GetGetter<TFloat>(column);
            return (ValueGetter<TFloat>)((ref TFloat value) =>
            {
                get(ref value);
                value = (value - offsets[0]) * scales[0];
            });
        }

        var getVector = row.GetGetter<VBuffer<TFloat>>(column);
        VBuffer<TFloat> source = default;
        var results = new TFloat[slots.Length];
        return (ValueGetter<VBuffer<TFloat>>)((ref VBuffer<TFloat> value) =>
        {
            getVector(ref source);
            source.CopyTo(results);
            int nonZero = 0;
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = (results[i] - offsets[i]) * scales[i];
                nonZero += results[i] != TFloat.Zero ? 1 : 0;
            }

            // Sparse where fewer than half of the results are not zero, as in ML.NET.
            bool sparse = nonZero == 0 || nonZero < results.Length / 2;
            var editor = VBufferEditor.Create(ref value, results.Length, sparse ? nonZero : results.Length);
            if (!sparse)
                results.CopyTo(editor.Values);
            for (int i = 0, next = 0; sparse && i < results.Length; i++)
            {
                if (results[i] == TFloat.Zero)
                    continue;
                editor.Values[next] = results[i];
                editor.Indices[next++] = i;
            }

            value = editor.Commit();
        });
    }
}
