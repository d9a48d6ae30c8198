namespace MlNetMlp;

/// <summary>A setting of an operator: a real number, a whole number, or a list of whole numbers.</summary>
internal abstract record GraphAttribute(string Name)
{
    public sealed record Real(string Name, float Value) : GraphAttribute(Name);

    public sealed record Integer(string Name, long Value) : GraphAttribute(Name);

    public sealed record Integers(string Name, IReadOnlyList<long> Values) : GraphAttribute(Name);
}
