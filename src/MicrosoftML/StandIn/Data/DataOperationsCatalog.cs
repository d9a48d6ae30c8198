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

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Check.Param(shufflePoolSize > 0, nameof(shufflePoolSize), "The pool must have room for a row");
        return new CachedView(Check.Value(input, nameof(input)), () => new Random(seed ?? _environment.NextSeed()));
    }

    public IDataView SkipRows(IDataView input, long count) => Range(input, count, row => row >= count);
    public IDataView TakeRows(IDataView input, long count) => Range(input, count, row => row < count);

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Check.Param(testFraction is > 0 and < 1, nameof(testFraction), "The fraction must lie between 0 and 1");
        return Split(data, samplingKeyColumnName, seed)(0, testFraction);
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        Check.Param(numberOfFolds > 1, nameof(numberOfFolds), "There must be more than one fold");
        var split = Split(data, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => split((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds))];
    }

    private static FilteredView Range(IDataView input, long count, Predicate<long> keep)
    {
        Check.Param(count > 0, nameof(count), "The number of rows must be positive");
        return new FilteredView(Check.Value(input, nameof(input)), [], _ =>
        {
            long row = 0;
            return () => keep(row++);
        });
    }

    /// <summary>What makes a test set of the rows in a range of numbers, and a training set of the others.</summary>
    private Func<double, double, TrainTestData> Split(IDataView data, string samplingKeyColumnName, int? seed)
    {
        var number = new SplitNumber(
            Check.Value(data, nameof(data)), samplingKeyColumnName, seed ?? _environment.Seed ?? _environment.NextSeed());
        return (low, high) => new TrainTestData(number.Rows(low, high, inside: false), number.Rows(low, high, inside: true));
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
