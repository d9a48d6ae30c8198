using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A part of a network that has parameters and random numbers of its own: the inputs, one of the hidden layers, or the outputs.</summary>
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
    }

    /// <summary>The features on their way into the network.</summary>
    public static NetworkPart Input { get; } = new(Kind.Input, 0);

    /// <summary>The layer whose units are the outputs of the network.</summary>
    public static NetworkPart Output { get; } = new(Kind.Output, 0);

    /// <summary>The hidden layer number <paramref name="index"/>, from 0.</summary>
    public static NetworkPart Hidden(int index) => new(Kind.Hidden, index);

    /// <summary>The generator of what this part draws for one purpose.</summary>
    /// <param name="random">The generator of the starting weights of a network, or of a pass through it.</param>
    /// <param name="purpose">What the numbers are for.</param>
    public SeededRandom Random(SeededRandom random, RandomPurpose purpose) => random.At((int)_kind).At(_index).At((int)purpose);

    /// <summary><c>Input</c>, <c>Hidden1</c> and so on, or <c>Output</c>: what the names of parameters begin with.</summary>
    public override string ToString() => _kind == Kind.Hidden ? string.Create(CultureInfo.InvariantCulture, $"Hidden{_index + 1}") : _kind.ToString();
}
