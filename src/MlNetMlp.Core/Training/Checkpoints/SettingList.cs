using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Takes immutable settings apart into names and values, such as <c>HiddenLayers[0].Dropout</c> and <c>0.5</c>.</summary>
/// <remarks>
/// It looks at fields, not at what a record prints of itself: a setting that is added later is a part of every list without further work, the
/// private ones are not missed, and the culture does not matter. Objects that are no <see cref="ISettings"/>, as those of a user, are only named.
/// </remarks>
internal static class SettingList
{
    /// <summary>Adds <paramref name="value"/> and all that it consists of.</summary>
    /// <param name="list">Name and value of every setting.</param>
    /// <param name="name">The name of the value; empty for one whose parts are to be named alone.</param>
    /// <param name="value">The value.</param>
    /// <param name="without">The names of parts to leave out.</param>
    public static void Add(SortedDictionary<string, string> list, string name, object? value, params ReadOnlySpan<string> without)
    {
        switch (value)
        {
            case null:
                list.Add(name, "none");
                break;
            case string text:
                list.Add(name, text);
                break;
            case Delegate method:
                list.Add(name, $"{method.Method.DeclaringType?.FullName}.{method.Method.Name}");
                break;
            case IConvertible or IFormattable:
                // Numbers in their shortest form that reads back as the same bits.
                list.Add(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case IEnumerable items:
                AddItems(list, name, items);
                break;
            case ITuple tuple:
                AddItems(list, name, tuple);
                break;
            case ISettings settings:
                AddParts(list, name, settings, without);
                break;
            default:
                list.Add(name, value.GetType().Name);
                break;
        }
    }

    private static void AddItems(SortedDictionary<string, string> list, string name, IEnumerable items)
    {
        int count = 0;
        foreach (object? item in items)
        {
            Add(list, $"{name}[{count++}]", item);
        }

        list.Add($"{name}.Count", count.ToString(CultureInfo.InvariantCulture));
    }

    private static void AddItems(SortedDictionary<string, string> list, string name, ITuple tuple)
    {
        list.Add(name, tuple.GetType().Name);
        for (int i = 0; i < tuple.Length; i++)
        {
            Add(list, $"{name}.Item{i + 1}", tuple[i]);
        }
    }

    private static void AddParts(SortedDictionary<string, string> list, string name, ISettings settings, ReadOnlySpan<string> without)
    {
        if (name.Length > 0)
        {
            list.Add(name, settings.GetType().Name);
        }

        foreach ((string own, object? value) in SettingsText.PartsOf(settings))
        {
            if (!without.Contains(own))
            {
                Add(list, name.Length > 0 ? $"{name}.{own}" : own, value);
            }
        }
    }
}
