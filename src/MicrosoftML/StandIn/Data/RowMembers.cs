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
        if (type.IsArray)
            return Generic.Call<Delegate>(ArrayGetter<int, int>, [type.GetElementType(), Raw(type.GetElementType())], member, current);
        return Schema[column].Type is KeyDataViewType key
            ? Generic.Call<Delegate>(KeyGetter<byte>, type, member, current, key.Count)
            : Generic.Call<Delegate>(Getter<int, int>, [type, Raw(type)], member, current);
    }

    /// <summary>The columns that the members are set from, checked against the members' types; a missing one is an error, or skipped.</summary>
    public List<(DataViewSchema.Column Column, MemberInfo Member)> Bind(DataViewSchema schema, bool ignoreMissingColumns)
    {
        var bound = new List<(DataViewSchema.Column, MemberInfo)>();
        foreach (var (definition, member) in _members)
        {
            string name = definition.ColumnName ?? definition.MemberName;
            if (schema.GetColumnOrNull(name) is { } column)
            {
                var item = SchemaDefinition.ItemType(SchemaDefinition.MemberType(member), out bool isVector);
                Check.That(
                    column.Type.IsVector() == isVector && column.Type.ItemOrSelf().RawType == Raw(item),
                    $"Column '{name}' of type {column.Type} cannot be read into member '{member.Name}' of {item}");
                bound.Add((column, member));
            }
            else if (!ignoreMissingColumns)
            {
                throw Check.MissingColumn("output", name, "schema");
            }
        }

        return bound;
    }

    /// <summary>What copies a row's values into an object's members.</summary>
    public Action<TRow> MakeSetter(DataViewRow row, bool ignoreMissingColumns)
    {
        var setters = Bind(row.Schema, ignoreMissingColumns).ConvertAll(bound =>
        {
            var type = SchemaDefinition.MemberType(bound.Member);
            return type.IsArray
                ? Generic.Call<Action<TRow>>(ArraySetter<int, int>, [Raw(type.GetElementType()), type.GetElementType()], row, bound.Column, bound.Member)
                : Generic.Call<Action<TRow>>(Setter<int, int>, [Raw(type), type], row, bound.Column, bound.Member);
        });
        return target => setters.ForEach(set => set(target));
    }

    private static Type Raw(Type type) => type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type;

    private static MemberInfo Find(SchemaDefinition.Column column)
    {
        var member = (MemberInfo)typeof(TRow).GetField(column.MemberName) ?? typeof(TRow).GetProperty(column.MemberName);
        Check.Param(member is not null, nameof(column), $"{typeof(TRow)} has no public member '{column.MemberName}'");
        var item = SchemaDefinition.ItemType(SchemaDefinition.MemberType(member), out bool isVector);
        Check.Param(
            isVector == column.ColumnType.IsVector() && Raw(item) == column.ColumnType.ItemOrSelf().RawType, nameof(column),
            $"Column '{column.ColumnName}' of type {column.ColumnType} cannot be held by member '{member.Name}' of {item}");
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

    /// <summary>Between a member's type and a column's: they differ for texts only.</summary>
    private static Func<TFrom, TTo> Converter<TFrom, TTo>()
        => (Func<TFrom, TTo>)(typeof(TFrom) == typeof(TTo) ? (Func<TFrom, TFrom>)(x => x)
            : typeof(TFrom) == typeof(string) ? (Func<string, ReadOnlyMemory<char>>)(x => x.AsMemory())
            : (Delegate)(Func<ReadOnlyMemory<char>, string>)(x => x.ToString()));

    private static Delegate Getter<TMember, TValue>(MemberInfo member, Func<TRow> current)
    {
        var read = Reader<TMember>(member);
        var convert = Converter<TMember, TValue>();
        return (ValueGetter<TValue>)((ref TValue value) => Generic.Copy(convert(read(current())), ref value));
    }

    /// <summary>As in ML.NET, an object holds a key as a number from 0, and a number that is too large is the missing key.</summary>
    private static Delegate KeyGetter<TKey>(MemberInfo member, Func<TRow> current, ulong count)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        var read = Reader<TKey>(member);
        return (ValueGetter<TKey>)((ref TKey key) => key = read(current()) is var x && ulong.CreateChecked(x) < count ? x + TKey.One : default);
    }

    private static Delegate ArrayGetter<TItem, TValue>(MemberInfo member, Func<TRow> current)
    {
        var read = Reader<TItem[]>(member);
        var convert = Converter<TItem, TValue>();
        return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> value) =>
        {
            var items = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref value, items.Length);
            for (int i = 0; i < items.Length; i++)
                editor.Values[i] = convert(items[i]);
            value = editor.Commit();
        });
    }

    private static Action<TRow> Setter<TValue, TMember>(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<TValue>(column);
        var convert = Converter<TValue, TMember>();
        var back = Converter<TMember, TValue>();
        var read = Reader<TMember>(member);
        var write = Writer<TMember>(member);
        return target =>
        {
            // A vector's storage belongs to the object that it was set into, and is taken from there to be used again.
            var value = back(read(target));
            get(ref value);
            write(target, convert(value));
        };
    }

    private static Action<TRow> ArraySetter<TValue, TItem>(DataViewRow row, DataViewSchema.Column column, MemberInfo member)
    {
        var get = row.GetGetter<VBuffer<TValue>>(column);
        var convert = Converter<TValue, TItem>();
        var read = Reader<TItem[]>(member);
        var write = Writer<TItem[]>(member);
        VBuffer<TValue> value = default;
        return target =>
        {
            get(ref value);
            var items = read(target) is { } old && old.Length == value.Length ? old : new TItem[value.Length];
            for (int i = 0; i < items.Length; i++)
                items[i] = convert(value.GetItemOrDefault(i));
            write(target, items);
        };
    }
}
