using Microsoft.ML;

namespace MlNetMlp;

/// <summary>What columns say of which rows are to validate on. What the options do not name is not there.</summary>
internal sealed class RowRoles
{
    private readonly MlpTrainerOptions _options;
    private readonly Func<long?>? _validation, _group, _time;
    private readonly List<bool> _isValidation = [];
    private readonly List<long> _groups = [], _times = [];

    /// <param name="cursor">The rows.</param>
    /// <param name="options">The names of the columns.</param>
    public RowRoles(DataViewRowCursor cursor, MlpTrainerOptions options)
    {
        _options = options;
        (_validation, _group, _time) = (Reader(options.ValidationColumnName), Reader(options.GroupColumnName), Reader(options.TimeColumnName));

        Func<long?>? Reader(string? name) => name is null ? null : ScalarReading.Of(cursor, cursor.Schema[name]);
    }

    /// <summary>Whether each row is to validate on; null: no column says so.</summary>
    public IReadOnlyList<bool>? IsValidation => _validation is null ? null : _isValidation;

    /// <summary>The group of each row; null: there are none.</summary>
    public IReadOnlyList<long>? Groups => _group is null ? null : _groups;

    /// <summary>The time of each row, or its place; null: time does not matter.</summary>
    public IReadOnlyList<long>? Times => _options.ValidatesNewest ? _times : null;

    /// <summary>The columns that are read for it, of those of a view.</summary>
    public static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema, MlpTrainerOptions options) =>
        new[] { options.ValidationColumnName, options.GroupColumnName, options.TimeColumnName }.OfType<string>().Select(name => schema[name]);

    /// <summary>Takes in the row that the cursor stands on.</summary>
    /// <param name="row">Its number, for messages and as its time where the last rows are the newest.</param>
    /// <param name="what">What rows these are, for messages.</param>
    /// <exception cref="InvalidOperationException">It has no time.</exception>
    public void Add(long row, string what)
    {
        if (_validation is not null)
        {
            _isValidation.Add(_validation() == 1);
        }

        if (_group is not null)
        {
            _groups.Add(_group() ?? long.MinValue);
        }

        if (_options.ValidatesNewest)
        {
            _times.Add(_time is null ? row : _time() ?? throw new InvalidOperationException(
                $"Row {row} (from 0) of the {what} data has in column '{_options.TimeColumnName}' no value (NaN); every row needs a time."));
        }
    }
}
