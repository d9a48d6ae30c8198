namespace Microsoft.ML.StandIn;

/// <summary>Gives each row a number in [0, 1) that decides on which side of a split it falls.</summary>
/// <remarks>
/// Without a column it is a hash of the seed and the row's number, so a row falls on the same side each time it is read, and such a view
/// cannot be shuffled. With a column it is a hash of the seed and the value, so equal values stay together.
/// </remarks>
internal sealed class SplitNumber
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column[] _inputs;
    private readonly ulong _seed;

    public SplitNumber(IDataView data, string column, int seed)
    {
        _data = data;
        _inputs = column is null ? [] : [Check.Column(data.Schema, column, "sampling key", "samplingKeyColumn")];
        _seed = Mix((ulong)seed);
    }

    /// <summary>The rows whose number is in a range, or not in it.</summary>
    public IDataView Rows(double low, double high, bool inside)
        => new FilteredView(
            _data, _inputs, cursor => Then(Number(cursor), x => (x >= low && x < high) == inside), canShuffle: _inputs.Length > 0);

    private static Func<bool> Then(Func<ulong> hash, Predicate<double> side) => () => side((hash() >> 11) * (1.0 / (1UL << 53)));

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    private Func<ulong> Number(DataViewRow row)
    {
        ulong number = 0;
        return _inputs.Length == 0 ? () => Mix(_seed + number++) : Generic.Call<Func<ulong>>(Hash<int>, _inputs[0].Type.RawType, row);
    }

    private Func<ulong> Hash<TValue>(DataViewRow row)
    {
        var get = row.GetGetter<TValue>(_inputs[0]);
        TValue value = default;
        return () =>
        {
            get(ref value);
            return string.Create(CultureInfo.InvariantCulture, $"{value}").Aggregate(_seed, (hash, c) => Mix(hash ^ c));
        };
    }
}
