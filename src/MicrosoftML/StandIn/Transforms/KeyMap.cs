namespace Microsoft.ML.StandIn;

/// <summary>The values of a key column: value number i is key i + 1.</summary>
internal abstract class KeyMap(PrimitiveDataViewType itemType)
{
    public PrimitiveDataViewType ItemType => itemType;
    public abstract int Count { get; }
    public static KeyMap Create(PrimitiveDataViewType itemType) => Generic.Call<KeyMap>(Create<int>, itemType.RawType, itemType);

    /// <summary>What adds the current row's values, up to a number of keys.</summary>
    public abstract Action MakeTrainer(DataViewRow row, DataViewSchema.Column column, int maximum);
    public abstract void Sort();
    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);
    public abstract void Save(BinaryWriter writer);

    public static KeyMap Load(BinaryReader reader)
    {
        var map = Create((PrimitiveDataViewType)reader.ReadType());
        map.ReadValues(reader);
        return map;
    }

    protected abstract void ReadValues(BinaryReader reader);
    private static KeyMap<TValue> Create<TValue>(PrimitiveDataViewType itemType) => new(itemType);
}

/// <summary>The values of one type, in order; missing values (empty text, NaN) have no key.</summary>
internal sealed class KeyMap<TValue>(PrimitiveDataViewType itemType) : KeyMap(itemType)
{
    private readonly Dictionary<TValue, uint> _keys = new(TextComparer.OrNull as IEqualityComparer<TValue>);
    private readonly List<TValue> _values = [];
    public override int Count => _values.Count;

    public static bool IsMissing(TValue value)
        => value switch
        {
            ReadOnlyMemory<char> x => x.IsEmpty,
            float x => float.IsNaN(x),
            double x => double.IsNaN(x),
            _ => false,
        };

    public override Action MakeTrainer(DataViewRow row, DataViewSchema.Column column, int maximum)
    {
        var get = Items.Vectors<TValue>(row, column);
        VBuffer<TValue> values = default;
        return () =>
        {
            get(ref values);
            foreach (var value in values.DenseValues().Where(v => !IsMissing(v) && Key(v) == 0 && _values.Count < maximum))
                Add(value);
        };
    }

    public override void Sort()
    {
        var sorted = _values.ToList();
        sorted.Sort(TextComparer.OrNull as IComparer<TValue>);
        _values.Clear();
        _keys.Clear();
        sorted.ForEach(Add);
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column) => Items.Map<TValue, uint>(row, column, Key);

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (asText && ItemType is not TextDataViewType)
        {
            var texts = _values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v}").AsMemory());
            builder.AddVector(AnnotationUtils.Kinds.KeyValues, TextDataViewType.Instance, [.. texts]);
        }
        else
        {
            builder.AddVector(AnnotationUtils.Kinds.KeyValues, ItemType, [.. _values]);
        }
    }

    public override void Save(BinaryWriter writer)
    {
        writer.WriteType(ItemType);
        writer.Write(Count);
        _values.ForEach(writer.WriteValue);
    }

    protected override void ReadValues(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
            Add(reader.ReadValue<TValue>());
    }

    private uint Key(TValue value) => value is not null && _keys.TryGetValue(value, out uint key) ? key : 0;

    private void Add(TValue value)
    {
        // A text may be a piece of a buffer that is used again.
        if (value is ReadOnlyMemory<char> text)
            value = (TValue)(object)text.ToString().AsMemory();
        _values.Add(value);
        _keys.Add(value, (uint)_values.Count);
    }

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public static readonly object OrNull = typeof(TValue) == typeof(ReadOnlyMemory<char>) ? new TextComparer() : null;
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);
        public int GetHashCode(ReadOnlyMemory<char> obj) => string.GetHashCode(obj.Span);
        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
