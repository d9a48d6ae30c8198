using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlNetMlp.Search;

/// <summary>Reads settings that <see cref="SettingsWriter"/> has written.</summary>
/// <remarks>They are made by their constructors and setters, which refuse what is invalid.</remarks>
internal sealed class SettingsReader(BoundedReader reader)
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int DeepestNesting = 32;

    private int _depth;

    /// <param name="what">What the value is, for messages.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or a value is of another type or refused.</exception>
    public T Read<T>(string what) => (T)Read(typeof(T), what)!;

    private object? Read(Type type, string what)
    {
        if (++_depth > DeepestNesting)
        {
            throw reader.Damaged($"the {what} is nested too deeply.");
        }

        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        object? value = (SettingsTag)reader.Byte() switch
        {
            SettingsTag.None => null,
            SettingsTag.Boolean => reader.Boolean(),
            SettingsTag.Int32 => reader.Int32(),
            SettingsTag.Int64 => reader.Int64(),
            SettingsTag.Single => reader.Single(),
            SettingsTag.Double => reader.Double(),
            SettingsTag.Time => new TimeSpan(reader.Int64()),
            SettingsTag.Text => reader.Text(what),
            SettingsTag.Named when bare.IsEnum => Enum.ToObject(bare, reader.Int64()),
            SettingsTag.List => ReadList(bare, what),
            SettingsTag.Tuple => ReadTuple(bare, what),
            SettingsTag.Settings => ReadSettings(bare, what),
            _ => throw reader.Damaged($"the {what} is of no kind that there is."),
        };
        _depth--;
        return value is null ? type.IsValueType && type == bare ? throw Mistyped(what) : null
            : bare.IsInstanceOfType(value) ? value : throw Mistyped(what);
    }

    private object ReadList(Type type, string what)
    {
        Type item = type == typeof(ImmutableHashSet<string>) ? typeof(string)
            : type.IsArray ? type.GetElementType()!
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
            : throw Mistyped(what);
        var items = Array.CreateInstance(item, reader.Count(1, what));
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(Read(item, what), i);
        }

        return type == typeof(ImmutableHashSet<string>) ? ImmutableHashSet.Create((string[])items) : items;
    }

    private object ReadTuple(Type type, string what)
    {
        Type[] parts = type.IsGenericType && typeof(ITuple).IsAssignableFrom(type) && type.IsValueType ? type.GetGenericArguments() : throw Mistyped(what);
        return reader.Count(1, what) == parts.Length
            ? Activator.CreateInstance(type, [.. parts.Select(part => Read(part, what))])!
            : throw Mistyped(what);
    }

    private object ReadSettings(Type expected, string what)
    {
        string name = reader.Text("name of a type");
        Type type = SettingsTypes.Find(name) is { } found && expected.IsAssignableFrom(found)
            ? found
            : throw reader.Damaged($"the {what} is {name}, which is no {expected.Name}.");
        SortedDictionary<string, FieldInfo> fields = SettingsTypes.FieldsOf(type);
        if (reader.Count(1, "parts") != fields.Count)
        {
            throw reader.Damaged($"the {what} has other parts than {name} has here.");
        }

        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < fields.Count; i++)
        {
            string part = reader.Text("name of a part");
            object? value = Read(fields.TryGetValue(part, out FieldInfo? field) ? field.FieldType : throw Mistyped(part), part);
            if (!values.TryAdd(part, value))
            {
                throw reader.Damaged($"the {what} has the part {part} twice.");
            }
        }

        try
        {
            return Create(type, fields, values);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException refused)
        {
            throw reader.Damaged(refused.Message);
        }
    }

    private static object Create(Type type, SortedDictionary<string, FieldInfo> fields, Dictionary<string, object?> values)
    {
        ConstructorInfo? constructor = type.GetConstructors(Own)
            .Where(candidate => candidate.GetParameters().All(parameter =>
                values.ContainsKey(parameter.Name!) && fields.Single(field => Same(field.Key, parameter.Name!)).Value.FieldType == parameter.ParameterType))
            .MaxBy(candidate => candidate.GetParameters().Length);
        ParameterInfo[] parameters = constructor?.GetParameters() ?? [];
        object settings = constructor?.Invoke([.. parameters.Select(parameter => values[parameter.Name!])]) ?? RuntimeHelpers.GetUninitializedObject(type);

        // Setting an option marks it as set; what was marked at the sender comes last and stands.
        foreach ((string name, FieldInfo field) in fields.OrderBy(field => field.Key == nameof(MlpTrainingOptions.Given)))
        {
            if (parameters.Any(parameter => Same(parameter.Name!, name)))
            {
                continue;
            }

            if (field.DeclaringType!.GetProperty(name, Own) is { CanWrite: true } property)
            {
                property.SetValue(settings, values[name]);
            }
            else
            {
                field.SetValue(settings, values[name]);
            }
        }

        return settings;
    }

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private InvalidDataException Mistyped(string what) => reader.Damaged($"the {what} has a value of another type.");
}
