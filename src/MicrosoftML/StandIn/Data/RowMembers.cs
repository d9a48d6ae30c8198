using System.Linq.Expressions;

namespace Microsoft.ML.StandIn;

/// <summary>The members of a row class as columns: reads an object's members as values, and sets them from values.</summary>
internal sealed class RowMembers<TRow> where TRow : class
{
    private readonly (SchemaDefinition.Column Column, MemberInfo Member)[] _members;

    public RowMembers(SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        _members = [.. (definition ?? SchemaDefinition.Create(typeof(TRow), direction)).Select(c => (c, Find(c)))];
        var builder = new DataViewSchema.Builder();
        foreach (var (column, _) in _members)
            builder.AddColumn(column.ColumnName ?? column.MemberName, column.ColumnType, column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column; it reads the object that <paramref name="current"/> gives at that time.</summary>
    public Delegate MakeGetter(int column, Func<TRow> current)
    {
        var member = _members[column].Member;
        var type = SchemaDefinition.MemberType(member);
        var item = SchemaDefinition.ItemType(type, out bool isVector);
        if (type == typeof(string))
            return TextGetter(Reader<string>(member), current);
        if (type == typeof(string[]))
            return TextsGetter(Reader<string[]>(member), current);
        return type.IsArray ? Generic.Call<Delegate>(ArrayGetter<int>, item, member, current)
            : Generic.Call<Delegate>(ValueGetter<int>, type, member, current);
    }

    /// <summary>What copies a row's values into an object's members; columns that are missing are an error, or skipped.</summary>
    public Action<TRow> MakeSetter(DataViewRow row, bool ignoreMissingColumns)
    {
        Action<TRow>[] setters = [.. Bind(row.Schema, ignoreMissingColumns).Select(b => MakeSetter(row, b.Column, b.Member))];
        return target =>
        {
            foreach (var set in setters)
                set(target);
        };
    }

    /// <summary>The columns that the members are set from, checked against the members' types.</summary>
    public IReadOnlyList<(DataViewSchema.Column Column, MemberInfo Member)> Bind(DataViewSchema schema, bool ignoreMissingColumns)
    {
        var bound = new List<(DataViewSchema.Column, MemberInfo)>();
        foreach (var (definition, member) in _members)
        {
            string name = definition.ColumnName ?? definition.MemberName;
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw Check.MissingColumn("output", name, "schema");
            }

            var type = SchemaDefinition.MemberType(member);
            var item = SchemaDefinition.ItemType(type, out bool isVector);
            var raw = item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
            Check.That(
                column.Type.IsVector() == isVector && column.Type.ItemOrSelf().RawType == raw,
                $"Column '{name}' of type {column.Type} cannot be read into member '{member.Name}' of type {type}");
            bound.Add((column, member));
        }

        return bound;
    }

    private static MemberInfo Find(SchemaDefinition.Column column)
    {
        var member = (MemberInfo)typeof(TRow).GetField(column.MemberName) ?? typeof(TRow).GetProperty(column.MemberName);
        Check.Param(member is not null, nameof(column), $"{typeof(TRow)} has no public member '{column.MemberName}'");
        var item = SchemaDefinition.ItemType(SchemaDefinition.MemberType(member), out bool isVector);
        Check.Param(
            isVector == column.ColumnType.IsVector()
                && TypeMap.PrimitiveOrNull(item)?.RawType == column.ColumnType.ItemOrSelf().RawType,
            nameof(column),
            $"Column '{column.ColumnName}' of type {column.ColumnType} cannot be held by member '{member.Name}' of type {item}");
        return member;
    }

    private static Func<TRow, TMember> Reader<TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, member), row).Compile();
    }

    private static Action<TRow, TMember> Writer<TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        return Expression.Lambda<Action<TRow, TMember>>(
            Expression.Assign(Expression.MakeMemberAccess(row, member), value), row, value).Compile();
    }

    private static ValueGetter<ReadOnlyMemory<char>> TextGetter(Func<TRow, string> read, Func<TRow> current)
        => (ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextsGetter(Func<TRow, string[]> read, Func<TRow> current)
        => (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] texts = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        };

    private static Delegate ArrayGetter<TItem>(MemberInfo member, Func<TRow> current)
    {
        var read = Reader<TItem[]>(member);
        return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
        {
            var items = read(current()) ?? [];
            VBuffer<TItem>.Copy(items, 0, ref value, items.Length);
        });
    }

    private static Delegate ValueGetter<TValue>(MemberInfo member, Func<TRow> current)
    {
        var read = Reader<TValue>(member);
        return (ValueGetter<TValue>)((ref TValue value) => Generic.Copy(read(current()), ref value));
    }

    private static Action<TRow> MakeSetter(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var type = SchemaDefinition.MemberType(member);
        if (type == typeof(string))
            return TextSetter(row, column, member);
        if (type == typeof(string[]))
            return TextsSetter(row, column, member);
        return type.IsArray ? Generic.Call<Action<TRow>>(ArraySetter<int>, type.GetElementType(), row, column, member)
            : Generic.Call<Action<TRow>>(ValueSetter<int>, type, row, column, member);
    }

    private static Action<TRow> TextSetter(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        var write = Writer<string>(member);
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> TextsSetter(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var write = Writer<string[]>(member);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            get(ref value);
            write(target, [.. value.DenseValues().Select(text => text.ToString())]);
        };
    }

    private static Action<TRow> ArraySetter<TItem>(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<VBuffer<TItem>>(column);
        var read = Reader<TItem[]>(member);
        var write = Writer<TItem[]>(member);
        VBuffer<TItem> value = default;
        return target =>
        {
            get(ref value);
            var items = read(target);
            if (items?.Length != value.Length)
                items = new TItem[value.Length];
            value.CopyTo(items);
            write(target, items);
        };
    }

    private static Action<TRow> ValueSetter<TValue>(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<TValue>(column);
        var read = Reader<TValue>(member);
        var write = Writer<TValue>(member);
        return target =>
        {
            // A vector's storage belongs to the object that it was set into, and is taken from there to be used again.
            var value = read(target);
            get(ref value);
            write(target, value);
        };
    }
}
