using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Collects the parameters of a network while its layers are being built, and gives each its place in the flat vector.
/// Creating a <see cref="ParameterVector"/> freezes it.
/// </summary>
/// <remarks>
/// Every parameter starts on a 64-byte boundary. The few floats between two parameters stay zero for ever, because their
/// gradient is zero and no update rule moves a zero parameter whose gradients were all zero.
/// </remarks>
internal sealed class ParameterLayout
{
    /// <summary>Floats in 64 bytes, one cache line and one AVX-512 register.</summary>
    public const int Alignment = 16;

    private readonly List<Parameter> _parameters = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _frozen;

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Length of the trainable part, with the alignment gaps.</summary>
    public int TrainableLength { get; private set; }

    /// <summary>Length of the statistics, with the alignment gaps.</summary>
    public int StatisticLength { get; private set; }

    /// <summary>Number of learned values, without the alignment gaps: what a person calls the parameter count.</summary>
    public int TrainableCount { get; private set; }

    /// <summary>Adds a matrix of learned values, initially zero.</summary>
    /// <param name="name">Unique in this layout.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="decays">True for weights, false for biases and normalization gains.</param>
    public Parameter Add(string name, int rows, int columns, bool decays) =>
        Learn(new Parameter(name, TrainableLength, rows, columns, Trainable: true, decays));

    /// <summary>
    /// Adds learned lengths, <c>[1, columns]</c>, for the columns of <paramref name="weights"/>, of which the directions remain. They do
    /// not decay.
    /// </summary>
    public Parameter AddLengths(string name, Parameter weights) =>
        Learn(new Parameter(name, TrainableLength, 1, weights.Columns, Trainable: true, Decays: false) { LengthsOf = weights });

    /// <summary>Adds a matrix of values that are saved with the model but not learned, such as running means; initially zero.</summary>
    public Parameter AddStatistic(string name, int rows, int columns)
    {
        var parameter = Place(new Parameter(name, StatisticLength, rows, columns, Trainable: false, Decays: false));
        StatisticLength = End(parameter);
        return parameter;
    }

    internal void Freeze() => _frozen = true;

    private Parameter Learn(Parameter description)
    {
        Parameter parameter = Place(description);
        TrainableLength = End(parameter);
        TrainableCount += parameter.Length;
        return parameter;
    }

    private Parameter Place(Parameter parameter)
    {
        if (_frozen)
        {
            throw new InvalidOperationException(
                $"'{parameter.Name}' cannot be added: a parameter vector was already created from this layout.");
        }

        Require.Positive(parameter.Rows, nameof(Parameter.Rows));
        Require.Positive(parameter.Columns, nameof(Parameter.Columns));
        if (!_names.Add(parameter.Name))
        {
            throw new ArgumentException($"The layout already has a parameter named '{parameter.Name}'.", nameof(parameter));
        }

        long total = (long)TrainableLength + StatisticLength + (long)parameter.Rows * parameter.Columns;
        if (total > Array.MaxLength / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(parameter), total, string.Create(CultureInfo.InvariantCulture,
                $"With '{parameter.Name}' [{parameter.Rows}, {parameter.Columns}] the network has {total} parameters; " +
                $"at most {Array.MaxLength / 2} are possible."));
        }

        _parameters.Add(parameter);
        return parameter;
    }

    private static int End(Parameter parameter) => (parameter.Offset + parameter.Length + Alignment - 1) / Alignment * Alignment;
}
