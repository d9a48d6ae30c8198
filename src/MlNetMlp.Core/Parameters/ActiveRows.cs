namespace MlNetMlp;

/// <summary>
/// The rows of some weight matrices that a mini-batch of sparse features has touched: a step moves them and all other parameters, and leaves the
/// rest of the matrices, and what the optimizer remembers of it, as they are.
/// </summary>
/// <remarks>
/// This is what TensorFlow calls LazyAdam and PyTorch SparseAdam, for every optimizer. For a row of weights whose feature no row of the
/// mini-batch has, the gradient is zero, and the step does not happen: momentum does not carry it on, averages of gradients do not fade, and
/// weight decay, L1 and L2 do not pull. Corrections of averages for their start, and schedules, count all steps. So the weights of a
/// rare feature are moved by its own gradients alone, and a step costs as much as the mini-batch has features, not as the matrix has rows.
/// </remarks>
internal sealed class ActiveRows
{
    private readonly ParameterGroup[] _groups;
    private readonly int _others;
    private ParameterSegment[] _segments;
    private float[] _gathered = [];

    /// <param name="matrices">The matrices, in order, each with a row for every feature.</param>
    /// <param name="groups">What holds for each of them in every step.</param>
    /// <param name="all">All that is learned, in order.</param>
    public ActiveRows(IReadOnlyList<Parameter> matrices, ParameterGroup[] groups, ReadOnlySpan<ParameterSegment> all)
    {
        Matrices = matrices;
        _groups = groups;
        ParameterSegment[] others = all.ToArray();
        foreach (Parameter matrix in matrices)
        {
            int begin = matrix.Offset, end = matrix.Offset + matrix.Length;
            others =
            [
                .. others.SelectMany(segment => (ParameterSegment[])
                [
                    Between(segment.Offset, Math.Min(segment.Offset + segment.Length, begin), segment.Group),
                    Between(Math.Max(segment.Offset, end), segment.Offset + segment.Length, segment.Group),
                ]).Where(segment => segment.Length > 0),
            ];
        }

        _segments = others;
        _others = Count = others.Length;

        static ParameterSegment Between(int from, int to, ParameterGroup group) => new(from, to - from, group);
    }

    /// <summary>The matrices.</summary>
    public IReadOnlyList<Parameter> Matrices { get; }

    /// <summary>What a step moves: the other parameters, then the active rows.</summary>
    public ReadOnlySpan<ParameterSegment> Segments => _segments.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>Makes no rows active, and the gradients of those that were it until now zero.</summary>
    public void Begin(Span<float> gradients)
    {
        foreach (ParameterSegment segment in Segments[_others..])
        {
            gradients.Slice(segment.Offset, segment.Length).Clear();
        }

        Count = _others;
    }

    /// <summary>Makes rows of a matrix active.</summary>
    public void Add(Parameter matrix, ReadOnlySpan<int> rows)
    {
        if (_segments.Length < Count + rows.Length)
        {
            Array.Resize(ref _segments, Math.Max(Count + rows.Length, 2 * _segments.Length));
        }

        ParameterGroup group = _groups[IndexOf(matrix)];
        foreach (int row in rows)
        {
            _segments[Count++] = new ParameterSegment(matrix.Offset + row * matrix.Columns, matrix.Columns, group);
        }
    }

    private int IndexOf(Parameter matrix)
    {
        int index = 0;
        while (Matrices[index] != matrix)
        {
            index++;
        }

        return index;
    }

    /// <summary>The gradients of all that a step moves, one behind the other; valid until the next call.</summary>
    public Span<float> Gather(ReadOnlySpan<float> gradients)
    {
        int length = 0;
        foreach (ParameterSegment segment in Segments)
        {
            length += segment.Length;
        }

        if (_gathered.Length < length)
        {
            _gathered = new float[Math.Max(length, 2 * _gathered.Length)];
        }

        Span<float> rest = _gathered;
        foreach (ParameterSegment segment in Segments)
        {
            gradients.Slice(segment.Offset, segment.Length).CopyTo(rest);
            rest = rest[segment.Length..];
        }

        return _gathered.AsSpan(0, length);
    }

    /// <summary>Puts back what <see cref="Gather"/> returned.</summary>
    public void Scatter(ReadOnlySpan<float> gathered, Span<float> gradients)
    {
        foreach (ParameterSegment segment in Segments)
        {
            gathered[..segment.Length].CopyTo(gradients[segment.Offset..]);
            gathered = gathered[segment.Length..];
        }
    }
}
