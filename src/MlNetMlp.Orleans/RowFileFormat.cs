namespace MlNetMlp.Search;

/// <summary>How the rows of text files are laid out: numbers, one row a line. Immutable; an invalid value is refused where it is set.</summary>
public sealed record RowFileFormat
{
    private static readonly Envelope _envelope = new("MLPROWFT", "layout of rows", 1);

    /// <param name="featureColumns">The columns of the features, from 0.</param>
    /// <param name="targetColumns">The columns of the targets, from 0.</param>
    /// <exception cref="ArgumentException">There are none, or one of them is negative.</exception>
    public RowFileFormat(IEnumerable<int> featureColumns, params IEnumerable<int> targetColumns)
    {
        FeatureColumns = Checked(featureColumns, nameof(featureColumns));
        TargetColumns = Checked(targetColumns, nameof(targetColumns));
    }

    /// <summary>The columns of the features, from 0; an empty field is a missing value.</summary>
    public IReadOnlyList<int> FeatureColumns { get; }

    /// <summary>The columns of the targets, from 0: the index of the class, 0 or 1, or the values to predict.</summary>
    public IReadOnlyList<int> TargetColumns { get; }

    /// <summary>The column of the weights, from 0. Default null: all rows count the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int? WeightColumn
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(WeightColumn));
            field = value;
        }
    }

    /// <summary>What is between two fields, in ASCII. Default a comma.</summary>
    /// <exception cref="ArgumentException">The value is not in ASCII, or ends a line.</exception>
    public char Separator
    {
        get;
        init => field = char.IsAscii(value) && value is not ('\r' or '\n') ? value
            : throw new ArgumentException($"{nameof(Separator)} is '{value}'; it must be in ASCII, and no end of a line.", nameof(Separator));
    } = ',';

    /// <summary>Whether the first line of every file has the names of its columns. Default true.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>For example <c>30 features and 1 targets, separated by ','</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{FeatureColumns.Count} features and {TargetColumns.Count} targets, separated by '{Separator}'");

    internal byte[] ToBytes() => RemoteFormats.Seal(_envelope, Write);

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static RowFileFormat Read(byte[] bytes) => RemoteFormats.Open(_envelope, bytes, Read);

    internal void Write(BinaryWriter writer)
    {
        foreach (IReadOnlyList<int> columns in new[] { FeatureColumns, TargetColumns })
        {
            writer.Write(columns.Count);
            foreach (int column in columns)
            {
                writer.Write(column);
            }
        }

        writer.Write(WeightColumn ?? -1);
        writer.Write((byte)Separator);
        writer.Write(HasHeader);
    }

    internal static RowFileFormat Read(BoundedReader reader)
    {
        int[] features = Columns(reader), targets = Columns(reader);
        int weight = reader.Int32();
        return new RowFileFormat(features, targets)
        {
            WeightColumn = weight < 0 ? null : weight,
            Separator = (char)reader.Byte(),
            HasHeader = reader.Boolean(),
        };
    }

    private static int[] Columns(BoundedReader reader)
    {
        int[] columns = new int[reader.Count(sizeof(int), "columns")];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = reader.Int32();
        }

        return columns.Length > 0 && columns.All(column => column >= 0) ? columns : throw reader.Damaged("it has no columns.");
    }

    private static int[] Checked(IEnumerable<int> columns, string name)
    {
        ArgumentNullException.ThrowIfNull(columns, name);
        int[] checkedColumns = [.. columns];
        return checkedColumns.Length > 0 && checkedColumns.All(column => column >= 0) ? checkedColumns
            : throw new ArgumentException($"{name} must be columns, from 0 on, and at least one.", name);
    }
}
