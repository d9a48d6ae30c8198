using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>A value that is made when it is needed, for its arguments may be refused; and what to write to make it again.</summary>
internal sealed record Part<T>(string Text, Func<T> Create)
{
    public override string ToString() => Text;
}

/// <summary>Makes parts.</summary>
internal static class Part
{
    /// <summary>A part with nothing to choose.</summary>
    public static Gen<Part<T>> Of<T>(string text, Func<T> create) => Gen.Constant(new Part<T>(text, create));

    /// <summary>A part with one argument.</summary>
    public static Gen<Part<T>> Of<T, TX>(string text, Gen<TX> x, Func<TX, T> create) =>
        x.Select(a => new Part<T>(Text($"{text}({a})"), () => create(a)));

    /// <summary>A part with two arguments.</summary>
    public static Gen<Part<T>> Of<T, TX, TY>(string text, Gen<TX> x, Gen<TY> y, Func<TX, TY, T> create) =>
        x.SelectMany(a => y.Select(b => new Part<T>(Text($"{text}({a}, {b})"), () => create(a, b))));

    /// <summary>A part with three arguments.</summary>
    public static Gen<Part<T>> Of<T, TX, TY, TZ>(string text, Gen<TX> x, Gen<TY> y, Gen<TZ> z, Func<TX, TY, TZ, T> create) =>
        x.SelectMany(a => y.SelectMany(b => z.Select(c => new Part<T>(Text($"{text}({a}, {b}, {c})"), () => create(a, b, c)))));

    /// <summary>A part of parts, some of which are changed.</summary>
    public static Gen<Part<T>> With<T>(string text, Func<T> create, params Gen<Change<T>>[] changes) =>
        Change.Some(changes, 1, 2).Select(some => new Part<T>(Change.Text(text, some), () => Change.Apply(create(), some)));

    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
