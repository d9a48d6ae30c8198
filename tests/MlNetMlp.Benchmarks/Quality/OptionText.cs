using System.Globalization;
using System.Reflection;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Options of ours by name and text, as a command line has them.</summary>
internal static class OptionText
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.IgnoreCase;

    /// <summary>A copy of options in which one has another value.</summary>
    /// <param name="options">The options.</param>
    /// <param name="text">
    /// <c>Name=Value</c>; the name may lead into an option, as <c>Optimizer.WeightDecay=3e-4</c> does. The value is a number, true, false, none, a text, the
    /// name of a member of an enumeration, that of a static property or method without parameters of the option's type, <c>default</c> (a new one), the
    /// name of a type of ours (a new one of that), or the widths of hidden layers, as in <c>HiddenLayers=64x32</c>.
    /// </param>
    /// <exception cref="ArgumentException">There is no such option, or the value is not one of it.</exception>
    public static MlpTrainerOptions Set(MlpTrainerOptions options, string text)
    {
        string[] sides = text.Split('=', 2);
        return sides.Length == 2
            ? (MlpTrainerOptions)With(options, sides[0].Split('.'), sides[1])
            : throw new ArgumentException($"'{text}' must be Name=Value.");
    }

    private static object With(object record, ReadOnlySpan<string> path, string text)
    {
        PropertyInfo property = record.GetType().GetProperty(path[0], Members)
            ?? throw new ArgumentException($"{record.GetType().Name} has no option '{path[0]}'.");
        object? value = path.Length == 1
            ? Value(property, text)
            : With(property.GetValue(record) ?? throw new ArgumentException($"{path[0]} is none, so it has no '{path[1]}'."), path[1..], text);
        object copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        try
        {
            property.SetValue(copy, value);
        }
        catch (TargetInvocationException problem)
        {
            throw new ArgumentException(problem.InnerException!.Message, problem);
        }

        return copy;
    }

    private static object? Value(PropertyInfo property, string text)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (text == "none")
        {
            return null;
        }

        if (text == "default")
        {
            return Activator.CreateInstance(type);
        }

        if (type == typeof(IReadOnlyList<HiddenLayer>))
        {
            return text.Split('x').Select(units => new HiddenLayer(int.Parse(units, CultureInfo.InvariantCulture))).ToArray();
        }

        if (type == typeof(Schedule) && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float rate))
        {
            return (Schedule)rate;
        }

        if (type.IsEnum && Enum.TryParse(type, text, ignoreCase: true, out object? member))
        {
            return member;
        }

        if (type.GetProperty(text, Members) is { GetMethod.IsStatic: true } known)
        {
            return known.GetValue(null);
        }

        if (type.GetMethod(text, Members, Type.EmptyTypes) is { IsStatic: true } make)
        {
            return make.Invoke(null, null);
        }

        if (type.IsAssignableTo(typeof(IConvertible)))
        {
            try
            {
                return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            }
            catch (Exception problem) when (problem is FormatException or OverflowException)
            {
            }
        }

        return typeof(MlpModel).Assembly.GetTypes().FirstOrDefault(one => one.Name == text && one.IsAssignableTo(type)) is { } own
            ? Activator.CreateInstance(own)
            : throw new ArgumentException($"'{text}' is no value of {property.Name}, which is a {type.Name}.");
    }
}
