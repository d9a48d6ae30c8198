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

    public NormalizingTransformer Fit(IDataView input)
    {
        var schema = Check.Value(input, nameof(input)).Schema;
        DataViewSchema.Column[] sources = [.. _columns.Select(pair => NormalizingTransformer.CheckType(Check.Column(schema, pair.InputColumnName)))];
        var slots = sources.Select(s => Enumerable.Range(0, s.Type.ValueCount()).Select(_ => new SlotStatistics()).ToArray()).ToArray();
        using var cursor = input.GetRowCursor(sources);
        var readers = sources.Zip(slots, (s, mine) => Generic.Call<Action>(Reader<float>, s.Type.ItemOrSelf().RawType, cursor, s, mine)).ToArray();
        for (long rows = 0; rows < _maximumExampleCount && cursor.MoveNext(); rows++)
            Array.ForEach(readers, read => read());
        return new NormalizingTransformer(_columns, [.. slots.Select(column => column.Select(_rule).ToArray())]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(_columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            bool real = column.ItemType == NumberDataViewType.Single || column.ItemType == NumberDataViewType.Double;
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector || column.IsKey || !real)
                throw Check.WrongType("input", column.Name, NormalizingTransformer.Expected, column.GetTypeString());
            var annotations = column.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.SlotNames).Prepend(Annotate.NormalizedShape);
            return new SchemaShape.Column(pair.OutputColumnName, column.Kind, column.ItemType, false, new SchemaShape(annotations));
        }));

    private static Action Reader<TFloat>(DataViewRow row, DataViewSchema.Column column, SlotStatistics[] slots)
        where TFloat : struct, IFloatingPointIeee754<TFloat>
    {
        var get = Items.Vectors<TFloat>(row, column);
        VBuffer<TFloat> vector = default;
        return () =>
        {
            get(ref vector);
            Check.That(vector.Length == slots.Length, $"Column '{column.Name}' has a vector of {vector.Length} values, its type says {slots.Length}");
            for (int i = 0; i < slots.Length; i++)
                slots[i].Add(double.CreateChecked(vector.GetItemOrDefault(i)));
        };
    }

    /// <summary>What is counted of one slot; NaN is left out, and infinity out of mean and variance. A constant slot becomes 0.</summary>
    internal sealed class SlotStatistics
    {
        private double _min = double.PositiveInfinity;
        private double _max = double.NegativeInfinity;
        private double _mean;
        private double _squares;
        private long _count;

        /// <summary>To at most 1 in magnitude, or from 0 to 1 where zero may move.</summary>
        public (double Scale, double Offset) MinMax(bool fixZero)
            => !(_max > _min) ? (0, 0) : fixZero ? (1 / Math.Max(Math.Abs(_max), Math.Abs(_min)), 0) : (1 / (_max - _min), _min);

        /// <summary>To a mean square of 1, or to mean 0 and variance 1 where zero may move.</summary>
        public (double Scale, double Offset) MeanVariance(bool fixZero)
            => _squares == 0 ? (0, 0)
                : fixZero ? (1 / Math.Sqrt((_squares / _count) + (_mean * _mean)), 0)
                : (1 / Math.Sqrt(_squares / _count), _mean);

        public void Add(double value)
        {
            _min = value < _min ? value : _min;
            _max = value > _max ? value : _max;
            if (!double.IsFinite(value))
                return;
            double distance = value - _mean;
            _mean += distance / ++_count;
            _squares += distance * (value - _mean);
        }
    }
}

/// <summary>Scales and shifts each slot.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string Expected = "Single or Double, or a vector of them of known size";
    private static readonly VersionInfo _version = FirstVersion("NORMALZR", "StandInNormalizer");
    private readonly (double Scale, double Offset)[][] _slots;
    internal NormalizingTransformer(InputOutputColumnPair[] columns, (double Scale, double Offset)[][] slots) : base(columns) => _slots = slots;

    private NormalizingTransformer(ModelLoadContext ctx) : base(ctx, _version)
        => _slots = [.. Columns.Select(_ =>
            Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => (ctx.Reader.ReadDouble(), ctx.Reader.ReadDouble())).ToArray())];

    internal static DataViewSchema.Column CheckType(DataViewSchema.Column column)
    {
        var item = column.Type.ItemOrSelf();
        if (column.Type.ValueCount() == 0 || (item != NumberDataViewType.Single && item != NumberDataViewType.Double))
            throw Check.WrongType("input", column.Name, Expected, column.Type.ToString());
        return column;
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
        var slots = _slots[index];
        int given = CheckType(input).Type.ValueCount();
        Check.That(given == slots.Length, $"Column '{input.Name}' has {given} slots, the normalizer has seen {slots.Length}");
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddNormalized();
        builder.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new AddedColumn(
            new(name, input.Type, builder.ToAnnotations()), [input.Index],
            row => Generic.Call<Delegate>(Getter<float>, input.Type.ItemOrSelf().RawType, row, input, slots));
    }

    private static Delegate Getter<TFloat>(DataViewRow row, DataViewSchema.Column column, (double Scale, double Offset)[] slots)
        where TFloat : struct, IFloatingPointIeee754<TFloat>
    {
        TFloat[] scales = [.. slots.Select(s => TFloat.CreateSaturating(s.Scale))];
        TFloat[] offsets = [.. slots.Select(s => TFloat.CreateSaturating(s.Offset))];
        if (!column.Type.IsVector())
            return Items.Map<TFloat, TFloat>(row, column, value => (value - offsets[0]) * scales[0]);
        var get = row.GetGetter<VBuffer<TFloat>>(column);
        VBuffer<TFloat> source = default;
        var results = new TFloat[slots.Length];
        return (ValueGetter<VBuffer<TFloat>>)((ref VBuffer<TFloat> value) =>
        {
            get(ref source);
            source.CopyTo(results);
            for (int i = 0; i < results.Length; i++)
                results[i] = (results[i] - offsets[i]) * scales[i];
            int nonZero = results.Count(x => x != TFloat.Zero);
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
