using System.Collections;
using System.Globalization;
using System.Reflection;

namespace MlNetMlp.Numerics;

/// <summary>Settings in one line, in the invariant culture: their name, and those parts that are not as they are by default.</summary>
/// <remarks>For example <c>Adam</c>, or <c>Adam { Beta1 = 0.8 }</c>. Of a type that has no defaults, all parts are there that are not zero or none.</remarks>
internal static class SettingsText
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <param name="settings">The settings.</param>
    /// <param name="name">Their name; null: that of their type.</param>
    public static string Of(ISettings settings, string? name = null)
    {
        ISettings? usual = UsualOf(settings);
        Dictionary<string, object?>? defaults = usual is null ? null
            : PartsOf(usual).ToDictionary(part => part.Name, part => part.Value, StringComparer.Ordinal);
        string[] parts = [.. PartsOf(settings)
            .Where(part => defaults is null ? !IsNothing(part.Value) : !Equals(part.Value, defaults[part.Name]))
            .Select(part => $"{part.Name} = {Text(part.Value)}")];
        return With(name ?? settings.GetType().Name, parts);
    }

    /// <summary>A name and what belongs to it.</summary>
    public static string With(string name, params ReadOnlySpan<string> parts) =>
        parts.IsEmpty ? name : $"{name} {{ {string.Join(", ", parts)} }}";

    /// <summary>Names and values of all fields, those of the type itself before those of the types that it derives from.</summary>
    public static IEnumerable<(string Name, object? Value)> PartsOf(ISettings settings)
    {
        for (Type? part = settings.GetType(); part is not null && part != typeof(object); part = part.BaseType)
        {
            foreach (FieldInfo field in part.GetFields(OwnFields))
            {
                yield return (NameOf(field), field.GetValue(settings));
            }
        }
    }

    /// <summary>A value as it is written in other texts.</summary>
    public static string Text(object? value) => value switch
    {
        null => "none",
        string text => $"'{text}'",
        bool isSo => isSo ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ISettings settings => settings.ToString()!,
        Delegate => "a function",
        IEnumerable items when !SaysSomething(items) => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ => SaysSomething(value) ? value.ToString()! : value.GetType().Name.Split('`')[0],
    };

    /// <summary>Whether an object has a text of its own, which is more than the full name of its type.</summary>
    private static bool SaysSomething(object value) => value.ToString() is { } text && text != value.GetType().ToString();

    private static ISettings? UsualOf(ISettings settings) =>
        settings.GetType().GetConstructor(Type.EmptyTypes) is { } constructor ? (ISettings)constructor.Invoke(null) : null;

    private static bool IsNothing(object? value) => value switch
    {
        null or false or 0 or 0f or 0.0 => true,
        Enum named => Convert.ToInt64(named, CultureInfo.InvariantCulture) == 0,
        _ => false,
    };

    /// <summary>The name of the property that a field belongs to: <c>_dropout</c> and <c>&lt;Dropout&gt;k__BackingField</c> are Dropout.</summary>
    private static string NameOf(FieldInfo field)
    {
        string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name.TrimStart('_');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
