namespace MlNetMlp;

/// <summary>
/// The rows of one weight matrix that a mini-batch of sparse features has touched: a step moves them and all other parameters, and leaves the
/// rest of the matrix, and what the optimizer remembers of it, as they are.
/// </summary>
/// <remarks>
/// This is what TensorFlow calls LazyAdam and PyTorch SparseAdam, for every optimizer. For a row of weights whose feature no row of the
/// mini-batch has, the gradient is zero, and the step does not happen: momentum does not carry it on, averages of gradients do not fade, and
/// weight decay, L1 and L2 do not pull. Corrections of averages for their start, and schedules, count all steps. So the weights of a
/// rare feature are moved by its own gradients alone, and a step costs as much as the mini-batch has features, not as the matrix has rows.
/// </remarks>
internal sealed class ActiveRows
{
    private readonly int _others;
    private ParameterSegment[] _segments;
    private float[] _gathered = [];

    /// <param name="weights">The matrix, [features, units].</param>
    /// <param name="all">All that is learned, in order.</param>
    public ActiveRows(Parameter weights, ReadOnlySpan<ParameterSegment> all)
    {
        Weights = weights;
        var others = new List<ParameterSegment>();
        int begin = weights.Offset, end = weights.Offset + weights.Length;
        foreach (ParameterSegment segment in all)
        {
            Add(segment.Offset, Math.Min(segment.Offset + segment.Length, begin), segment.Group);
            Add(Math.Max(segment.Offset, end), segment.Offset + segment.Length, segment.Group);
        }

        _segments = [.. others];
        _others = Count = others.Count;

        void Add(int from, int to, ParameterGroup group)
        {
            if (to > from)
            {
                others.Add(new ParameterSegment(from, to - from, group));
            }
        }
    }

    /// <summary>The matrix.</summary>
    public Parameter Weights { get; }

    /// <summary>What a step moves: the other parameters, then the active rows.</summary>
    public ReadOnlySpan<ParameterSegment> Segments => _segments.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>Makes <paramref name="rows"/> the active ones, and the gradients of those that were it until now zero.</summary>
    public void Begin(ReadOnlySpan<int> rows, Span<float> gradients)
    {
        foreach (ParameterSegment segment in Segments[_others..])
        {
            gradients.Slice(segment.Offset, segment.Length).Clear();
        }

        Count = _others + rows.Length;
        if (_segments.Length < Count)
        {
            Array.Resize(ref _segments, Math.Max(Count, 2 * _segments.Length));
        }

        for (int i = 0; i < rows.Length; i++)
        {
            _segments[_others + i] = new ParameterSegment(Weights.Offset + rows[i] * Weights.Columns, Weights.Columns, Weights.Group);
        }
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
