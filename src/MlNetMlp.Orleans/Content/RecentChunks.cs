namespace MlNetMlp.Search;

/// <summary>The chunks of rows that were read last, in memory: every training run of a search passes over the same ones.</summary>
/// <param name="find">Finds a chunk by its name.</param>
/// <param name="limit">The number of bytes above which the chunk that was not used for longest goes.</param>
internal sealed class RecentChunks(Func<string, byte[]> find, long limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, BoundedReader Rows)>> _chunks = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, BoundedReader Rows)> _uses = new();
    private long _held;

    /// <summary>The bytes in memory.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>Opens a chunk, which is checked when it is read from the disk.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is none of this name.</exception>
    public BoundedReader Open(string name)
    {
        lock (_lock)
        {
            if (_chunks.TryGetValue(name, out LinkedListNode<(string Name, BoundedReader Rows)>? known))
            {
                _uses.Remove(known);
                _uses.AddLast(known);
                return known.Value.Rows.Copy();
            }
        }

        BoundedReader read = StoredRows.Open(find(name));
        lock (_lock)
        {
            if (!_chunks.ContainsKey(name))
            {
                _chunks.Add(name, _uses.AddLast((name, read.Copy())));
                _held += read.Left;
            }

            while (_held > limit && _uses.First is { } oldest)
            {
                _uses.RemoveFirst();
                _chunks.Remove(oldest.Value.Name);
                _held -= oldest.Value.Rows.Left;
            }
        }

        return read;
    }
}
