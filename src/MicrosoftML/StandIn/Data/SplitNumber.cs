namespace Microsoft.ML.StandIn;

/// <summary>Gives each row a number in [0, 1] that decides on which side of a split it falls.</summary>
/// <remarks>
/// Without a column the number is a hash of the seed and the row's number, so a row falls on the same side each time it is read; such a
/// view cannot be shuffled. With a column, equal values get equal numbers: a key its place among the keys, a real number its place
/// between the smallest and the largest, anything else a hash. Rows whose key is missing are on neither side.
/// </remarks>
internal sealed class SplitNumber
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column[] _inputs;
    private readonly Func<DataViewRowCursor, Func<double>> _make;

    public SplitNumber(IDataView data, string column, int seed)
    {
        _data = data;
        _inputs = column is null ? [] : [Check.Column(data.Schema, column, "sampling key", "samplingKeyColumn")];
        if (column is null)
        {
            _make = _ =>
            {
                ulong row = 0;
                return () => Fraction(Mix(Mix((ulong)seed) + row++));
            };
        }
        else if (_inputs[0].Type is KeyDataViewType key)
        {
            _make = cursor => Then(AsDouble(cursor, _inputs[0]), k => k > 0 ? (k - 0.5) / key.Count : double.NaN);
        }
        else if (_inputs[0].Type == NumberDataViewType.Single || _inputs[0].Type == NumberDataViewType.Double)
        {
            var (low, high) = Range();
            _make = cursor => Then(AsDouble(cursor, _inputs[0]), x => high > low ? (x - low) / (high - low) : 0);
        }
        else
        {
            _make = cursor => Generic.Call<Func<double>>(Hash<int>, _inputs[0].Type.RawType, cursor, _inputs[0], Mix((ulong)seed));
        }
    }

    public IDataView Inside(double low, double high) => Filter(x => x >= low && x < high);
    public IDataView Outside(double low, double high) => Filter(x => x < low || x >= high);

    /// <summary>A numeric or key column's value as a double.</summary>
    public static Func<double> AsDouble(DataViewRow row, DataViewSchema.Column column)
        => Generic.Call<Func<double>>(Convert<int>, column.Type.RawType, row, column);

    private static Func<double> Convert<TValue>(DataViewRow row, DataViewSchema.Column column)
        where TValue : struct, System.Numerics.INumber<TValue>
    {
        var get = row.GetGetter<TValue>(column);
        TValue value = default;
        return () =>
        {
            get(ref value);
            return double.CreateChecked(value);
        };
    }

    private static Func<double> Hash<TValue>(DataViewRow row, DataViewSchema.Column column, ulong seed)
    {
        var get = row.GetGetter<TValue>(column);
        TValue value = default;
        return () =>
        {
            get(ref value);
            ulong hash = seed;
            foreach (char c in string.Create(CultureInfo.InvariantCulture, $"{value}"))
                hash = Mix(hash ^ c);
            return Fraction(hash);
        };
    }

    private static Func<double> Then(Func<double> value, Func<double, double> next) => () => next(value());
    private static double Fraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    private FilteredView Filter(Predicate<double> side)
        => new(
            _data,
            _inputs,
            cursor =>
            {
                var number = _make(cursor);
                return () => side(number());
            },
            canShuffle: _inputs.Length > 0);

    private (double Low, double High) Range()
    {
        using var cursor = _data.GetRowCursor(_inputs);
        var value = AsDouble(cursor, _inputs[0]);
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        while (cursor.MoveNext())
        {
            low = Math.Min(low, value());
            high = Math.Max(high, value());
        }

        return (low, high);
    }
}
