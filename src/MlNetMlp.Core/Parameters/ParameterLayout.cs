using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The parameters of a network: what there is, where each lies in the flat vector, how it begins, and which rules hold for it. A function of the
/// architecture; layers add theirs while they are being built. Creating a <see cref="ParameterVector"/> freezes it.
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

    /// <summary>Gives a parameter its place behind those that were added before it.</summary>
    /// <param name="description">The parameter, whose name is unique in this layout and whose sides are at least 1.</param>
    /// <returns>The parameter with its <see cref="Parameter.Offset"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1, or there are more elements than an array holds.</exception>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">A vector was created from this layout.</exception>
    public Parameter Add(Parameter description)
    {
        Check(description);
        Parameter parameter = description with { Offset = description.Trainable ? TrainableLength : StatisticLength };
        int end = (parameter.Offset + parameter.Length + Alignment - 1) / Alignment * Alignment;
        if (parameter.Trainable)
        {
            TrainableLength = end;
            TrainableCount += parameter.Length;
        }
        else
        {
            StatisticLength = end;
        }

        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Where a parameter, or a statistic, begins in a vector that has the statistics behind the trainable part.</summary>
    public int StartOf(Parameter parameter) => parameter.Trainable ? parameter.Offset : TrainableLength + parameter.Offset;

    internal void Freeze() => _frozen = true;

    private void Check(Parameter parameter)
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
    }
}
