namespace Microsoft.ML.StandIn;

/// <summary>How a text file is written.</summary>
internal sealed record TextFormat(char Separator, bool HasHeader, bool AllowQuoting, bool TrimWhitespace, bool AllowSparse);

/// <summary>A text file as a data view. It is read from the start by each cursor; its rows are not counted and not shuffled.</summary>
internal sealed class TextView : View
{
    private readonly string _path;
    private readonly TextFormat _format;
    private readonly IReadOnlyList<(int First, int Last)>[] _sources;

    public TextView(string path, Type rowType, TextFormat format)
    {
        _path = path;
        _format = format;
        var members = SchemaDefinition.Members(rowType, SchemaDefinition.Direction.Read).ToArray();
        Check.Param(members.Length > 0, nameof(rowType), $"{rowType} has no public field or property to load");
        var builder = new DataViewSchema.Builder();
        _sources = new IReadOnlyList<(int, int)>[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            _sources[i] = members[i].GetCustomAttribute<LoadColumnAttribute>()?.Sources ?? throw new InvalidOperationException(
                $"Member '{members[i].Name}' of {rowType} says with no {nameof(LoadColumnAttribute)} where it is loaded from");
            builder.AddColumn(members[i].GetCustomAttribute<ColumnNameAttribute>()?.Name ?? members[i].Name, ColumnType(members[i], _sources[i]));
        }

        Schema = builder.ToSchema();
    }

    public override DataViewSchema Schema { get; }

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, Active(Schema, columnsNeeded));

    /// <summary>A member that is loaded from one field is a value, and a vector otherwise.</summary>
    private static DataViewType ColumnType(MemberInfo member, IReadOnlyList<(int First, int Last)> sources)
    {
        var raw = SchemaDefinition.ItemType(SchemaDefinition.MemberType(member), out _);
        var item = TypeMap.PrimitiveOrNull(raw)
            ?? throw new InvalidOperationException($"Member '{member.Name}' has the type {raw}, which cannot be loaded from text");
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            item = new KeyDataViewType(raw, key.Count);
        int size = sources.Sum(s => s.Last - s.First + 1);
        return size == 1 ? item : new VectorDataViewType(item, size);
    }

    private sealed class Cursor : RootCursor
    {
        private readonly TextFormat _format;
        private readonly StreamReader _reader;
        private readonly TextFields _fields;
        private readonly Reader[] _readers;
        private long _line;
        private bool _started;

        public Cursor(TextView view, bool[] active) : base(view.Schema, active)
        {
            _format = view._format;
            _reader = new StreamReader(view._path);
            _fields = new TextFields(_format.Separator, _format.AllowQuoting, _format.AllowSparse);
            _readers = [.. view.Schema.Select(c => active[c.Index]
                ? Generic.Call<Reader>(Reader.Create<int>, c.Type.ItemOrSelf().RawType, c, view._sources[c.Index])
                : null)];
        }

        protected override bool Move()
        {
            string line = NextLine();
            if (!_started)
            {
                _started = true;
                // Lines with # stand only before the first line; that one is the header, if there is one.
                while (line is not null && line.StartsWith('#'))
                    line = NextLine();
                if (_format.HasHeader && line is not null)
                    line = NextLine();
            }

            if (line is null)
                return false;
            _fields.Split(_format.TrimWhitespace ? line.TrimEnd() : line);
            foreach (var reader in _readers)
                reader?.Read(_fields.Fields, _line);
            return true;
        }

        protected override Delegate MakeGetter(int column) => _readers[column].MakeGetter(CheckOnRow);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _reader.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>The next line that is neither empty nor a comment.</summary>
        private string NextLine()
        {
            string line;
            do
            {
                line = _reader.ReadLine();
                _line++;
            }
            while (line is not null && (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)));
            return line;
        }
    }

    /// <summary>Takes one column's values out of a line's fields.</summary>
    private abstract class Reader
    {
        public static Reader<TValue> Create<TValue>(DataViewSchema.Column column, IReadOnlyList<(int First, int Last)> sources)
            => new(column, sources);

        public abstract void Read(IReadOnlyList<(int Index, ReadOnlyMemory<char> Text)> fields, long line);
        public abstract Delegate MakeGetter(Action check);
    }

    private sealed class Reader<TValue> : Reader
    {
        private readonly DataViewSchema.Column _column;
        private readonly ParseText<TValue> _parse;
        private readonly Dictionary<int, int> _slots = [];
        private readonly SortedList<int, TValue> _values = [];

        public Reader(DataViewSchema.Column column, IReadOnlyList<(int First, int Last)> sources)
        {
            _column = column;
            _parse = TextParsing.For<TValue>((PrimitiveDataViewType)column.Type.ItemOrSelf());
            foreach (int source in sources.SelectMany(s => Enumerable.Range(s.First, s.Last - s.First + 1)))
                _slots.TryAdd(source, _slots.Count);
        }

        public override void Read(IReadOnlyList<(int Index, ReadOnlyMemory<char> Text)> fields, long line)
        {
            _values.Clear();
            foreach (var (index, text) in fields)
            {
                if (!_slots.TryGetValue(index, out int slot))
                    continue;
                Check.Decode(_parse(text, out var value), $"Line {line}: '{text}' is no value of column '{_column.Name}'");
                _values[slot] = value;
            }
        }

        public override Delegate MakeGetter(Action check)
        {
            if (!_column.Type.IsVector())
            {
                return (ValueGetter<TValue>)((ref TValue value) =>
                {
                    check();
                    value = _values.GetValueOrDefault(0);
                });
            }

            int size = _column.Type.ValueCount();
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> value) =>
            {
                check();
                // Sparse while at most half of the fields are there, as in ML.NET.
                bool sparse = _values.Count <= size / 2;
                var editor = VBufferEditor.Create(ref value, size, sparse ? _values.Count : size);
                editor.Values.Clear();
                for (int i = 0; i < _values.Count; i++)
                {
                    int slot = _values.GetKeyAtIndex(i);
                    editor.Values[sparse ? i : slot] = _values.GetValueAtIndex(i);
                    if (sparse)
                        editor.Indices[i] = slot;
                }

                value = editor.Commit();
            });
        }
    }
}
