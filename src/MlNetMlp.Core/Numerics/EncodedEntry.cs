namespace MlNetMlp.Numerics;

/// <summary>
/// What a feature of a row adds to the sums of a layer: <c>Value T[Column] + T[Below] + Share T[Bin]</c>, with the rows T of a table; only the first term
/// where <see cref="Bin"/> is -1.
/// </summary>
internal readonly record struct EncodedEntry(int Feature, int Column, float Value, int Below, int Bin, float Share);
