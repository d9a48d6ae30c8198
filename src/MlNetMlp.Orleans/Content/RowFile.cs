using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>A text file of rows.</summary>
/// <param name="path">Where it is, below the folder of the silo.</param>
/// <param name="fullPath">Where it is.</param>
/// <param name="format">How it is laid out.</param>
internal sealed class RowFile(string path, string fullPath, RowFileFormat format)
{
    /// <summary>The place of every so many rows is remembered.</summary>
    public const int RowsPerMark = 4096;

    private const int BufferBytes = 1 << 20;

    private readonly int _columns = 1 + new[] { format.FeatureColumns.Max(), format.TargetColumns.Max(), format.WeightColumn ?? 0 }.Max();

    /// <summary>How it is laid out.</summary>
    public RowFileFormat Format => format;

    /// <summary>Finds a file that a silo may read.</summary>
    /// <exception cref="InvalidOperationException">The silo has no folder, or the path leads out of it.</exception>
    public static RowFile Open(ClusterTrainingOptions options, string path, RowFileFormat format)
    {
        if (options.RowFileFolder is not { } folder)
        {
            throw new InvalidOperationException(
                $"The silo reads no files; {nameof(ClusterTrainingOptions)}.{nameof(ClusterTrainingOptions.RowFileFolder)} allows it those of a folder.");
        }

        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        string full = Path.GetFullPath(Path.Combine(root, path));
        return full.StartsWith(root, StringComparison.Ordinal) ? new RowFile(path, full, format)
            : throw new InvalidOperationException($"The file '{path}' is not in the folder of the silo.");
    }

    /// <summary>Counts the rows, and finds where every <see cref="RowsPerMark"/> of them begin.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public RowFileIndex Index()
    {
        var marks = new List<long>();
        int rows = 0;
        foreach ((long offset, _) in Lines(0, isStart: true))
        {
            if (rows % RowsPerMark == 0)
            {
                marks.Add(offset);
            }

            rows = checked(rows + 1);
        }

        return new RowFileIndex(rows, [.. marks]);
    }

    /// <summary>Reads rows.</summary>
    /// <param name="offset">Where a row begins.</param>
    /// <param name="firstRow">Its number, from 0.</param>
    /// <param name="skip">How many rows are passed over from there.</param>
    /// <param name="count">How many are read.</param>
    /// <param name="add">Receives features, targets and weight of each.</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    /// <exception cref="InvalidDataException">A field is no number, or missing; or the file has become shorter.</exception>
    public void Read(long offset, int firstRow, int skip, int count, Action<float[], float[], float> add, CancellationToken cancellationToken)
    {
        float[] features = new float[format.FeatureColumns.Count], targets = new float[format.TargetColumns.Count], fields = new float[_columns];
        int row = 0;
        if (count == 0)
        {
            return;
        }

        foreach ((_, ReadOnlyMemory<byte> line) in Lines(offset, isStart: false))
        {
            if (row++ < skip)
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Parse(line.Span, fields, firstRow + row);
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = fields[format.FeatureColumns[i]];
            }

            for (int i = 0; i < targets.Length; i++)
            {
                targets[i] = Present(format.TargetColumns[i], firstRow + row);
            }

            add(features, targets, format.WeightColumn is { } column ? Present(column, firstRow + row) : 1);
            if (row == skip + count)
            {
                return;
            }
        }

        throw new InvalidDataException($"The file '{path}' has fewer rows than before.");

        float Present(int column, int number) => float.IsFinite(fields[column]) ? fields[column]
            : throw new InvalidDataException(Problem(number, column, "is missing or not finite"));
    }

    private void Parse(ReadOnlySpan<byte> line, Span<float> fields, int row)
    {
        for (int column = 0; column < fields.Length; column++)
        {
            int end = line.IndexOf((byte)format.Separator);
            ReadOnlySpan<byte> field = end < 0 ? line : line[..end];
            if (end < 0 && column < fields.Length - 1)
            {
                throw new InvalidDataException(Problem(row, column + 1, "is missing: the line has no such column"));
            }

            fields[column] = float.NaN;
            if (!field.IsEmpty && !float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out fields[column]) && IsUsed(column))
            {
                throw new InvalidDataException(Problem(row, column, $"is '{System.Text.Encoding.UTF8.GetString(field)}', which is no number"));
            }

            line = end < 0 ? [] : line[(end + 1)..];
        }
    }

    private bool IsUsed(int column) => format.FeatureColumns.Contains(column) || format.TargetColumns.Contains(column) || format.WeightColumn == column;

    private string Problem(int row, int column, string what) =>
        FormattableString.Invariant($"Column {column} (from 0) of row {row} (from 1) of '{path}' {what}.");

    /// <summary>The lines that are not empty, each with its place in the file, valid until the next.</summary>
    private IEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> Lines(long offset, bool isStart)
    {
        using var file = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        file.Position = offset;
        byte[] buffer = new byte[BufferBytes];
        int start = 0, filled = 0;
        bool skips = isStart && format.HasHeader, isEnd = false;
        while (true)
        {
            int length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (length < 0 && !isEnd)
            {
                if (start > 0)
                {
                    buffer.AsSpan(start, filled - start).CopyTo(buffer);
                    (offset, filled, start) = (offset + start, filled - start, 0);
                }
                else if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                int read = file.Read(buffer.AsSpan(filled));
                (filled, isEnd) = (filled + read, read == 0);
                continue;
            }

            int end = length < 0 ? filled : start + length, next = length < 0 ? filled : end + 1;
            int last = end > start && buffer[end - 1] == '\r' ? end - 1 : end;
            if (last > start && !skips)
            {
                yield return (offset + start, buffer.AsMemory(start, last - start));
            }

            skips &= last == start;
            start = next;
            if (length < 0)
            {
                yield break;
            }
        }
    }
}
