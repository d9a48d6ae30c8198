namespace MlNetMlp;

/// <summary>A kind of thing in a <see cref="TagTable{T}"/>.</summary>
/// <param name="Tag">The number of the kind in files.</param>
/// <param name="Includes">Whether a thing is of this kind.</param>
/// <param name="Write">Writes its settings.</param>
/// <param name="Read">Makes a thing of its settings.</param>
internal sealed record TaggedKind<T>(byte Tag, Predicate<T> Includes, Action<BinaryWriter, T> Write, Func<BoundedReader, T> Read);
