using System.Collections.Frozen;
using System.Reflection;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>The types of settings that are sent to other processes: the library's own, and no other.</summary>
internal static class SettingsTypes
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly FrozenDictionary<string, Type> _byName = new[] { typeof(MlpTrainingOptions), typeof(MlpTrainerOptions) }
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => !type.IsAbstract && !type.ContainsGenericParameters && (typeof(ISettings).IsAssignableFrom(type) || type == typeof(RowStorage)))
        .ToFrozenDictionary(type => type.FullName!, StringComparer.Ordinal);

    /// <summary>Whether values of a type are settings.</summary>
    public static bool Contains(Type type) => type.FullName is { } name && Find(name) == type;

    /// <summary>The type of a name; null: there is none.</summary>
    public static Type? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All fields, those of the types that it derives from among them, by the names of the properties that they belong to.</summary>
    public static SortedDictionary<string, FieldInfo> FieldsOf(Type type)
    {
        var fields = new SortedDictionary<string, FieldInfo>(StringComparer.Ordinal);
        for (Type? part = type; part is not null && part != typeof(object) && part != typeof(ValueType); part = part.BaseType)
        {
            foreach (FieldInfo field in part.GetFields(OwnFields).Where(IsSent))
            {
                fields.Add(NameOf(field), field);
            }
        }

        return fields;
    }

    /// <summary>What ends a training run, or watches it, is another thing in another process.</summary>
    private static bool IsSent(FieldInfo field) =>
        field.FieldType != typeof(CancellationToken) && field.FieldType != typeof(IProgress<EpochReport>);

    private static string NameOf(FieldInfo field)
    {
        string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name.TrimStart('_');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
