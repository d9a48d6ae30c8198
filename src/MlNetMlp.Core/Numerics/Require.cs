using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace MlNetMlp.Numerics;

/// <summary>
/// Checks of option values. Each returns the value that it was given, so that an init accessor reads
/// <c>init => field = Require.Positive(value, nameof(LearningRate));</c>, and throws an
/// <see cref="ArgumentOutOfRangeException"/> that names the option, the value found and the values allowed.
/// NaN is never allowed.
/// </summary>
internal static class Require
{
    public static T Finite<T>(T value, string name) where T : INumber<T> =>
        T.IsFinite(value) ? value : throw Refuse(value, name, "finite");

    public static T Positive<T>(T value, string name) where T : INumber<T> =>
        value > T.Zero && T.IsFinite(value) ? value : throw Refuse(value, name, $"{Finite<T>()}greater than 0");

    public static T NonNegative<T>(T value, string name) where T : INumber<T> =>
        value >= T.Zero && T.IsFinite(value) ? value : throw Refuse(value, name, $"{Finite<T>()}at least 0");

    public static T AtLeast<T>(T value, T low, string name) where T : INumber<T> =>
        value >= low && T.IsFinite(value) ? value : throw Refuse(value, name, $"{Finite<T>()}at least {Text(low)}");

    public static T Above<T>(T value, T low, string name) where T : INumber<T> =>
        value > low && T.IsFinite(value) ? value : throw Refuse(value, name, $"{Finite<T>()}greater than {Text(low)}");

    /// <summary>Allows the closed range [low, high].</summary>
    public static T InRange<T>(T value, T low, T high, string name) where T : INumber<T> =>
        value >= low && value <= high ? value : throw Refuse(value, name, $"in [{Text(low)}, {Text(high)}]");

    /// <summary>Allows [low, high), for example a dropout probability, which may be 0 but not 1.</summary>
    public static T InRangeBelow<T>(T value, T low, T high, string name) where T : INumber<T> =>
        value >= low && value < high ? value : throw Refuse(value, name, $"in [{Text(low)}, {Text(high)})");

    /// <summary>Allows (low, high], for example a factor that must shrink or keep, but not erase.</summary>
    public static T InRangeAbove<T>(T value, T low, T high, string name) where T : INumber<T> =>
        value > low && value <= high ? value : throw Refuse(value, name, $"in ({Text(low)}, {Text(high)}]");

    /// <summary>Allows the named values of an enumeration.</summary>
    public static T Defined<T>(T value, string name) where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}, but it is {value:D}.");

    public static T NotNull<T>([NotNull] T? value, string name) where T : class =>
        value ?? throw new ArgumentNullException(name);

    private static ArgumentOutOfRangeException Refuse<T>(T value, string name, string allowed) where T : INumber<T> =>
        new(name, value, $"{name} must be {allowed}, but it is {Text(value)}.");

    // Whole numbers are always finite, so only the other types are told so.
    private static string Finite<T>() where T : INumber<T> => T.One / (T.One + T.One) != T.Zero ? "finite and " : "";

    private static string Text<T>(T value) where T : INumber<T> => value.ToString(null, CultureInfo.InvariantCulture);
}
