using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// All parameters of a network in one flat, aligned buffer, and all gradients in a second: optimizer step, norm, clipping,
/// best weights and checkpoint are one vectorised pass each.
/// </summary>
/// <remarks>
/// Layout of <see cref="Values"/>: the trainable parameters in the order in which they were added, then the statistics.
/// <see cref="Gradients"/> covers the trainable part only. Everything is zero at first.
/// </remarks>
internal sealed class ParameterVector
{
    private readonly Func<Parameter, ParameterGroup> _groups;
    private readonly ParameterSegment[] _segments;

    /// <param name="layout">What there is; frozen from now on.</param>
    /// <param name="sparse">The weights, in order, of which a step moves the rows of active features only; null: there are no such weights.</param>
    /// <param name="groups">What holds for each parameter in every step; null: what its <see cref="Parameter.Decays"/> says, and no factors.</param>
    public ParameterVector(ParameterLayout layout, IReadOnlyList<Parameter>? sparse = null, Func<Parameter, ParameterGroup>? groups = null)
    {
        _groups = groups ?? (parameter => new ParameterGroup(parameter.Decays));
        layout.Freeze();
        Layout = layout;
        Values = new AlignedBuffer(layout.TrainableLength + layout.StatisticLength);
        Gradients = new AlignedBuffer(layout.TrainableLength);
        _segments = FindSegments();
        ActiveRows = sparse is null ? null : new ActiveRows(sparse, Array.ConvertAll([.. sparse], GroupOf), _segments);
    }

    public ParameterLayout Layout { get; }

    /// <summary>The trainable parameters, then the statistics.</summary>
    public AlignedBuffer Values { get; }

    /// <summary>The gradients of the trainable parameters.</summary>
    public AlignedBuffer Gradients { get; }

    /// <summary>The learned part of <see cref="Values"/>, as long as <see cref="Gradients"/>.</summary>
    public Span<float> Trainable => Values.Span[..Layout.TrainableLength];

    /// <summary>The trainable part cut into the longest ranges of one group; in order, without gaps.</summary>
    public ReadOnlySpan<ParameterSegment> Segments => _segments;

    /// <summary>The part of the weights of sparse features that the last backward pass touched; null: features are dense.</summary>
    public ActiveRows? ActiveRows { get; }

    /// <summary>What a step moves: <see cref="Segments"/>, without the weights of features that are not active.</summary>
    public ReadOnlySpan<ParameterSegment> StepSegments => ActiveRows is null ? _segments : ActiveRows.Segments;

    /// <summary>What holds for a parameter in every step.</summary>
    public ParameterGroup GroupOf(Parameter parameter) => _groups(parameter);

    /// <summary>The values of one parameter, row-major <c>[Rows, Columns]</c>.</summary>
    public Span<float> Value(Parameter parameter) =>
        Values.Span.Slice(parameter.Trainable ? parameter.Offset : Layout.TrainableLength + parameter.Offset, parameter.Length);

    /// <summary>The gradient of one parameter, row-major <c>[Rows, Columns]</c>.</summary>
    /// <exception cref="ArgumentException">The parameter is a statistic, which has no gradient.</exception>
    public Span<float> Gradient(Parameter parameter)
    {
        if (!parameter.Trainable)
        {
            throw new ArgumentException($"'{parameter.Name}' is a statistic: it is not learned and has no gradient.", nameof(parameter));
        }

        return Gradients.Span.Slice(parameter.Offset, parameter.Length);
    }

    /// <summary>Writes the starting values of all parameters and statistics; each part of the network draws from its own address.</summary>
    public void Initialize(SeededRandom random)
    {
        foreach (Parameter parameter in Layout.Parameters)
        {
            if (parameter.Initializer is { } initializer)
            {
                initializer.Fill(Value(parameter), parameter.Rows, parameter.Columns, parameter.Part.Random(random, parameter.Purpose));
            }
            else if (parameter.LengthsOf is { } directions)
            {
                WriteLengths(directions, Value(parameter));
            }
            else
            {
                Value(parameter).Fill(parameter.InitialValue);
            }
        }
    }

    public void ClearGradients() => Gradients.Span.Clear();

    /// <summary>A copy of all values, statistics included.</summary>
    public float[] Snapshot() => Values.Span.ToArray();

    /// <summary>Copies all values, statistics included, into a snapshot taken earlier, without allocating.</summary>
    public void SnapshotInto(Span<float> snapshot)
    {
        Throw.IfLengthsDiffer(Values.Length, snapshot.Length, nameof(snapshot));
        Values.Span.CopyTo(snapshot);
    }

    /// <summary>Copies a snapshot back; the gradients are left as they are.</summary>
    public void Restore(ReadOnlySpan<float> snapshot)
    {
        Throw.IfLengthsDiffer(Values.Length, snapshot.Length, nameof(snapshot));
        snapshot.CopyTo(Values.Span);
    }

    private void WriteLengths(Parameter directions, Span<float> lengths)
    {
        double[] scratch = new double[2 * directions.Columns];
        var columns = new MatrixSpan(Value(directions), directions.Rows, directions.Columns);
        TensorPrimitives.ConvertTruncating<double, float>(ColumnScaling.Norms(columns, scratch), lengths);
    }

    private ParameterSegment[] FindSegments()
    {
        var segments = new List<ParameterSegment>();
        foreach (var parameter in Layout.Parameters.Where(parameter => parameter.Trainable))
        {
            ParameterGroup group = GroupOf(parameter);
            if (segments.Count == 0 || segments[^1].Group != group)
            {
                segments.Add(new ParameterSegment(parameter.Offset, 0, group));
            }
        }

        // A segment ends where the next begins, alignment gap included.
        for (int i = 0; i < segments.Count; i++)
        {
            int end = i + 1 < segments.Count ? segments[i + 1].Offset : Layout.TrainableLength;
            segments[i] = segments[i] with { Length = end - segments[i].Offset };
        }

        return [.. segments];
    }
}
