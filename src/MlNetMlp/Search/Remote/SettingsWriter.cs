using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>Writes settings with all that they consist of, so that <see cref="SettingsReader"/> makes equal ones in another process.</summary>
/// <remarks>The same settings give the same bytes in every process. Functions, and objects of the user's own, are refused.</remarks>
internal sealed class SettingsWriter(BinaryWriter writer)
{
    /// <param name="name">What the value is, for messages; empty for settings whose parts are to be named alone.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="NotSupportedException">A part belongs to this program; the message names it.</exception>
    public void Write(string name, object? value)
    {
        switch (value)
        {
            case null:
                Tag(SettingsTag.None);
                break;
            case bool isSo:
                Tag(SettingsTag.Boolean);
                writer.Write(isSo);
                break;
            case int number:
                Tag(SettingsTag.Int32);
                writer.Write(number);
                break;
            case long number:
                Tag(SettingsTag.Int64);
                writer.Write(number);
                break;
            case float number:
                Tag(SettingsTag.Single);
                writer.Write(number);
                break;
            case double number:
                Tag(SettingsTag.Double);
                writer.Write(number);
                break;
            case TimeSpan time:
                Tag(SettingsTag.Time);
                writer.Write(time.Ticks);
                break;
            case string text:
                Tag(SettingsTag.Text);
                Envelope.Write(writer, text);
                break;
            case Enum named:
                Tag(SettingsTag.Named);
                writer.Write(Convert.ToInt64(named, CultureInfo.InvariantCulture));
                break;
            case RowStorage { Folder: { } folder }:
                throw Refused($"{name}.{nameof(RowStorage.Folder)}", folder);
            case ImmutableHashSet<string> names:
                // In an order that is the same in every process.
                WriteList(name, [.. names.Order(StringComparer.Ordinal)]);
                break;
            case ITuple tuple:
                Tag(SettingsTag.Tuple);
                WriteItems(name, [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])]);
                break;
            case not null when SettingsTypes.Contains(value.GetType()):
                WriteSettings(name, value);
                break;
            case IList items:
                WriteList(name, [.. items.Cast<object?>()]);
                break;
            default:
                throw Refused(name, value);
        }
    }

    private void WriteSettings(string name, object settings)
    {
        Tag(SettingsTag.Settings);
        Envelope.Write(writer, settings.GetType().FullName!);
        SortedDictionary<string, FieldInfo> fields = SettingsTypes.FieldsOf(settings.GetType());
        writer.Write(fields.Count);
        foreach ((string part, FieldInfo field) in fields)
        {
            Envelope.Write(writer, part);
            Write(name.Length > 0 ? $"{name}.{part}" : part, field.GetValue(settings));
        }
    }

    private void WriteList(string name, object?[] items)
    {
        Tag(SettingsTag.List);
        WriteItems(name, items);
    }

    private void WriteItems(string name, object?[] items)
    {
        writer.Write(items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            Write(FormattableString.Invariant($"{name}[{i}]"), items[i]);
        }
    }

    private void Tag(SettingsTag tag) => writer.Write((byte)tag);

    private static NotSupportedException Refused(string name, object value) => new(
        $"The option {name} is {SettingsText.Text(value)}, which belongs to this program or machine and cannot be sent to another; leave it out, or search " +
        $"without {nameof(SearchOptions)}.{nameof(SearchOptions.Runner)}.");
}
