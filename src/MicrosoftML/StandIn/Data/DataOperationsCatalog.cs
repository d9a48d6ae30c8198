namespace Microsoft.ML;

/// <summary>Loading, filtering and splitting data.</summary>
public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly HostEnvironment _environment;
    internal DataOperationsCatalog(HostEnvironment environment) => _environment = environment;
    IHostEnvironment IInternalCatalog.Environment => _environment;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
        => new EnumerableView<TRow>(
            Check.Value(data, nameof(data)), new RowMembers<TRow>(schemaDefinition, SchemaDefinition.Direction.Read));

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        Check.Value(data, nameof(data));
        var members = new RowMembers<TRow>(schemaDefinition, SchemaDefinition.Direction.Write);
        var columns = members.Bind(data.Schema, ignoreMissingColumns).Select(b => b.Column).ToArray();
        return Rows();

        IEnumerable<TRow> Rows()
        {
            using var cursor = data.GetRowCursor(columns);
            var set = members.MakeSetter(cursor, ignoreMissingColumns);
            var row = reuseRowObject ? new TRow() : null;
            while (cursor.MoveNext())
            {
                if (!reuseRowObject)
                    row = new TRow();
                set(row);
                yield return row;
            }
        }
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Check.Value(input, nameof(input));
        foreach (string name in columnsToPrefetch ?? [])
            Check.Column(input.Schema, name, "prefetched", nameof(columnsToPrefetch));
        return new CachedView(input);
    }

    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        Check.Param(lowerBound < upperBound, nameof(upperBound), "The upper bound must be above the lower one");
        var column = Check.Value(input, nameof(input)).Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw Check.WrongType("filter", columnName, "a number", column.Type.ToString(), nameof(columnName));
        return new FilteredView(
            input,
            [column],
            cursor =>
            {
                var value = SplitNumber.AsDouble(cursor, column);
                return () => value() is var x && x >= lowerBound && x < upperBound;
            },
            canShuffle: true);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Check.Param(shufflePoolSize > 0, nameof(shufflePoolSize), "The pool must have room for a row");
        return new ShuffledView(new CachedView(Check.Value(input, nameof(input))), () => new Random(seed ?? _environment.NextSeed()));
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Check.Param(count > 0, nameof(count), "The number of rows must be positive");
        return new RangeView(Check.Value(input, nameof(input)), count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        Check.Param(count > 0, nameof(count), "The number of rows must be positive");
        return new RangeView(Check.Value(input, nameof(input)), 0, count);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Check.Param(testFraction is > 0 and < 1, nameof(testFraction), "The fraction must lie between 0 and 1");
        var number = new SplitNumber(Check.Value(data, nameof(data)), samplingKeyColumnName, seed ?? _environment.Seed ?? _environment.NextSeed());
        return new TrainTestData(number.Outside(0, testFraction), number.Inside(0, testFraction));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        Check.Param(numberOfFolds > 1, nameof(numberOfFolds), "There must be more than one fold");
        var number = new SplitNumber(Check.Value(data, nameof(data)), samplingKeyColumnName, seed ?? _environment.Seed ?? _environment.NextSeed());
        TrainTestData Fold(int fold)
        {
            double low = (double)fold / numberOfFolds;
            double high = fold == numberOfFolds - 1 ? double.PositiveInfinity : (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(number.Outside(low, high), number.Inside(low, high));
        }

        return [.. Enumerable.Range(0, numberOfFolds).Select(Fold)];
    }

    /// <summary>Data to train on, and data to test on.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
