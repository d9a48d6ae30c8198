using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A part of a network that has parameters and random numbers of its own: the inputs, the embeddings of numbers, one of the hidden layers, the outputs, or
/// what the members of a shared ensemble have for themselves.
/// </summary>
/// <remarks>
/// Random numbers are addressed by the part and by what they are for, never by a position among all layers: noise on the inputs, a dropout, a
/// normalization or another hidden layer further on leave the numbers of every other part as they are.
/// </remarks>
internal readonly record struct NetworkPart
{
    private readonly Kind _kind;
    private readonly int _index;

    private NetworkPart(Kind kind, int index)
    {
        _kind = kind;
        _index = index;
    }

    /// <summary>The values are addresses: a number, once given, is never reused.</summary>
    private enum Kind
    {
        Input = 0,
        Hidden = 1,
        Output = 2,
        Scales = 4,
        Categories = 6,
        Numbers = 8,
    }

    /// <summary>The features on their way into the network.</summary>
    public static NetworkPart Input { get; } = new(Kind.Input, 0);

    /// <summary>The layer whose units are the outputs of the network.</summary>
    public static NetworkPart Output { get; } = new(Kind.Output, 0);

    /// <summary>What the members of a shared ensemble multiply the inputs by.</summary>
    public static NetworkPart Scales { get; } = new(Kind.Scales, 0);

    /// <summary>The vectors of embedded categories.</summary>
    public static NetworkPart Categories { get; } = new(Kind.Categories, 0);

    /// <summary>The embeddings of numbers: see <see cref="PeriodicEmbedding"/>.</summary>
    public static NetworkPart Numbers { get; } = new(Kind.Numbers, 0);

    /// <summary>Whether the units are outputs of the network, or of a member of a shared ensemble.</summary>
    public bool IsOutput => _kind == Kind.Output;

    /// <summary>Whether it is a hidden layer.</summary>
    public bool IsHidden => _kind == Kind.Hidden;

    /// <summary>The number of the hidden layer, from 0; null: it is none.</summary>
    public int? HiddenIndex => IsHidden ? _index : null;

    /// <summary>Whether it is a learned embedding, of categories or of numbers.</summary>
    public bool IsEmbedding => _kind is Kind.Categories or Kind.Numbers;

    /// <summary>The outputs of member number <paramref name="member"/>, from 0, of a shared ensemble.</summary>
    public static NetworkPart OutputOf(int member) => new(Kind.Output, member + 1);

    /// <summary>The hidden layer number <paramref name="index"/>, from 0.</summary>
    public static NetworkPart Hidden(int index) => new(Kind.Hidden, index);

    /// <summary>The generator of what this part draws for one purpose.</summary>
    /// <param name="random">The generator of the starting weights of a network, or of a pass through it.</param>
    /// <param name="purpose">What the numbers are for.</param>
    public SeededRandom Random(SeededRandom random, RandomPurpose purpose) => random.At((int)_kind).At(_index).At((int)purpose);

    /// <summary>
    /// <c>Categories</c>, <c>Numbers</c>, <c>Hidden1</c> and so on, <c>Output</c>; of shared members <c>Scales</c>, <c>Output1</c> and so on: what the names
    /// of parameters begin with.
    /// </summary>
    public override string ToString()
    {
        int number = _kind == Kind.Hidden ? _index + 1 : _index;
        return number == 0 ? _kind.ToString() : string.Create(CultureInfo.InvariantCulture, $"{_kind}{number}");
    }
}
