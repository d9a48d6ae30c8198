namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Prepared rows that several trainings in a row use.</summary>
/// <param name="capacity">How many sets or folds are kept in memory.</param>
internal sealed class PreparedSets(int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<((QualitySet Set, QualitySplit Split) Key, Lazy<PreparedRows> Rows)> _kept = [];

    public PreparedRows Of(QualitySet set, QualitySplit split)
    {
        Lazy<PreparedRows> rows;
        lock (_lock)
        {
            int place = _kept.FindIndex(one => one.Key == (set, split));
            if (place < 0)
            {
                _kept.Add(((set, split), new(() => new PreparedRows(set, split))));
                place = _kept.Count - 1;
            }

            rows = _kept[place].Rows;
            if (_kept.Count > capacity)
            {
                _kept.RemoveAt(0);
            }
        }

        return rows.Value;
    }
}
