using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>An option that is set, to a value that may be refused; and what to write to set it.</summary>
internal sealed record Change<T>(string Text, Func<T, T> Apply)
{
    public override string ToString() => Text;
}

/// <summary>Makes changes.</summary>
internal static class Change
{
    public static Gen<Change<T>> Of<T, TValue>(string option, Gen<TValue> values, Func<T, TValue, T> set) =>
        values.Select(value => new Change<T>(Part.Text($"{option} = {value}"), target => set(target, value)));

    public static Gen<Change<T>> Of<T, TPart>(string option, Gen<Part<TPart>> parts, Func<T, TPart, T> set) =>
        parts.Select(part => new Change<T>($"{option} = {part.Text}", target => set(target, part.Create())));

    /// <summary>Each of the changes in <paramref name="hits"/> of <paramref name="of"/> cases.</summary>
    public static Gen<Change<T>[]> Some<T>(IEnumerable<Gen<Change<T>>> changes, int hits, int of) =>
        Gen.CollectToArray(changes, change => Gen.Frequency((of - hits, Gen.Constant<Change<T>?>(null)), (hits, change.Select(found => (Change<T>?)found))))
            .Select(found => found.OfType<Change<T>>().ToArray());

    /// <summary>Without LINQ, into which the compiler may draw the code of an option, so that an exception of ours looks like one of the framework.</summary>
    public static T Apply<T>(T target, Change<T>[] changes)
    {
        foreach (Change<T> change in changes)
        {
            target = change.Apply(target);
        }

        return target;
    }

    public static string Text<T>(string target, Change<T>[] changes) =>
        changes.Length == 0 ? target : $"{target} {{ {string.Join(", ", changes.Select(change => change.Text))} }}";

    /// <summary>The options of <typeparamref name="T"/> that can be set and that none of the changes sets.</summary>
    public static string[] NeverSet<T>(IEnumerable<Gen<Change<T>>> changes, params string[] besides) =>
    [
        .. typeof(T).GetProperties().Where(option => option.SetMethod is { IsPublic: true }).Select(option => option.Name)
            .Except(changes.Select(change => change.Sample(1).Single().Text.Split(" = ")[0])).Except(besides),
    ];

    /// <summary>The same items without one of them, in all ways.</summary>
    public static IEnumerable<T[]> Without<T>(T[] items) => Enumerable.Range(0, items.Length).Select(i => (T[])[.. items[..i], .. items[(i + 1)..]]);
}
