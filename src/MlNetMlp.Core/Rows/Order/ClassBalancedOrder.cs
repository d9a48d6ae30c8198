using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The classes take turns, so that any mini-batch has of each class as many rows as of any other, or one more.</summary>
/// <remarks>
/// <para>
/// The places of all epochs are counted through: place s belongs to class <c>s mod C</c> of the C classes that occur, and is the class's
/// draw number <c>s / C</c>. So which classes are one row ahead in a mini-batch moves on from one to the next, from one epoch to the
/// next as well, and a mini-batch with fewer rows than there are classes has the ones whose turn it is.
/// </para>
/// <para>
/// Draw k of a class with m rows is place <c>k mod m</c> of its permutation number <c>k / m</c>: no row comes twice before all of its class
/// have come, whatever the epochs. A permutation is drawn from its class and its number, so an epoch can be put together alone.
/// </para>
/// <para>
/// Of a source that has only a window of its rows at hand, every class has an equal part of that window, as if its rows were spread evenly, and
/// slides it over its own rows. So the source is read about once for each class, and again whenever the rows of a rare one have all come.
/// </para>
/// </remarks>
internal sealed class ClassBalancedOrder : EpochOrder
{
    /// <summary>The class of rows that count as none.</summary>
    public const int NoClass = -1;

    private readonly int _window;
    private readonly bool _shuffle;
    private readonly SeededRandom _random;

    /// <summary>The rows of each class that occurs, in the order of their numbers.</summary>
    private readonly int[][] _members;

    /// <summary>The index of each class that occurs.</summary>
    private readonly int[] _classes;
    private readonly int[] _permutation;

    /// <param name="classes">The class of each row, or <see cref="NoClass"/>, which not all may have.</param>
    /// <param name="window">See <see cref="IRowSource.ShuffleWindow"/>.</param>
    /// <param name="shuffle">Whether a class's rows are permuted.</param>
    /// <param name="random">The random numbers of all permutations.</param>
    public ClassBalancedOrder(int[] classes, int window, bool shuffle, SeededRandom random)
        : base(classes.Length)
    {
        _window = window;
        _shuffle = shuffle;
        _random = random;
        IGrouping<int, int>[] groups =
            [.. Enumerable.Range(0, classes.Length).Where(row => classes[row] != NoClass).GroupBy(row => classes[row]).OrderBy(group => group.Key)];
        _classes = [.. groups.Select(group => group.Key)];
        _members = [.. groups.Select(group => group.ToArray())];
        _permutation = new int[_members.Max(members => members.Length)];
    }

    private long FirstPlace => (long)Epoch * Count;

    public override long PassAt(int place)
    {
        long total = FirstPlace + place;
        return total / _members.Length / _members[total % _members.Length].Length;
    }

    private protected override void Fill(Span<int> rows)
    {
        for (int start = 0; start < Math.Min(_members.Length, rows.Length); start++)
        {
            Fill(rows, start);
        }
    }

    /// <summary>Fills the places of the class whose turn is at <paramref name="start"/>: that place and every C-th after it.</summary>
    private void Fill(Span<int> rows, int start)
    {
        int number = (int)((FirstPlace + start) % _members.Length);
        int[] members = _members[number];
        long draw = (FirstPlace + start) / _members.Length, pass = draw / members.Length;
        int next = (int)(draw % members.Length);
        ReadOnlySpan<int> permutation = Permute(number, pass);
        for (int place = start; place < rows.Length; place += _members.Length)
        {
            if (next == members.Length)
            {
                permutation = Permute(number, ++pass);
                next = 0;
            }

            rows[place] = permutation[next++];
        }
    }

    private ReadOnlySpan<int> Permute(int number, long pass)
    {
        int[] members = _members[number];
        if (!_shuffle)
        {
            return members;
        }

        Span<int> permutation = _permutation.AsSpan(0, members.Length);
        SeededRandom random = _random.At(_classes[number]).At(pass);
        if (_window >= Count)
        {
            members.CopyTo(permutation);
            random.Shuffle(permutation);
            return permutation;
        }

        // Fewer chunks than without classes, not shorter ones, for which a source would have to read as much.
        long window = (long)_window * members.Length / Count;
        WindowedShuffle.Fill(permutation, (int)Math.Max(1, window / _members.Length), WindowedShuffle.ChunkRows(window), random);
        for (int i = 0; i < permutation.Length; i++)
        {
            permutation[i] = members[permutation[i]];
        }

        return permutation;
    }
}
