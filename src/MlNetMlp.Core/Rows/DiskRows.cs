using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>Rows kept in a temporary file, of which a few blocks at a time are in memory: for more rows than fit into memory.</summary>
/// <remarks>
/// <para>
/// The file holds the rows in the order in which they were added, each <c>features, targets, weight</c>, little more than its numbers take.
/// Nobody else can use it, and no litter stays behind, whatever ends the process: on Unix the file loses its name as soon as it is open, what a process
/// leaves that is killed in between is removed by the next, and on Windows the system deletes the file with the last handle.
/// </para>
/// <para>
/// Blocks of a quarter of a megabyte are read when a row of them is asked for, and kept while there is room, the one that was used least
/// recently being dropped first. So rows near each other are cheap to read, and rows at random places of a large file are not: see <see cref="ShuffleWindow"/>.
/// Blocks are read, not mapped: a failing disk then causes an exception, not a crash.
/// </para>
/// <para>One thread may add; afterwards one at a time may gather.</para>
/// </remarks>
public sealed class DiskRows : IRowSource, IDisposable
{
    private const int BytesPerBlock = 1 << 18;

    /// <summary>64 MiB.</summary>
    private const int DefaultBlocksInMemory = 256;

    private readonly RowPrecision _precision;
    private readonly int _featureBytes;
    private readonly int _stride;
    private readonly int _rowsPerBlock;
    private readonly float[] _decoded;
    private readonly BlockFile _file;
    private byte[]? _unwritten;

    /// <summary>Creates an empty file.</summary>
    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <param name="folder">
    /// Where the file is created; null: the folder for temporary files, which on Linux is <c>TMPDIR</c> or else <c>/var/tmp</c>, since
    /// <c>/tmp</c> is often in memory.
    /// </param>
    /// <param name="precision">How features are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    /// <exception cref="IOException">The file cannot be created; the message names it.</exception>
    public DiskRows(int featureCount, int targetCount, string? folder = null, RowPrecision precision = RowPrecision.Full)
        : this(featureCount, targetCount, folder, precision, DefaultBlocksInMemory)
    {
    }

    internal DiskRows(int featureCount, int targetCount, string? folder, RowPrecision precision, int blocksInMemory, int bytesPerBlock = BytesPerBlock)
    {
        FeatureCount = Require.Positive(featureCount, nameof(featureCount));
        TargetCount = Require.Positive(targetCount, nameof(targetCount));
        _precision = Require.Defined(precision, nameof(precision));
        int bytesOfFeature = precision == RowPrecision.Half ? 2 : sizeof(float);
        _stride = Throw.IfRowTooLong(featureCount, targetCount, bytesOfFeature);
        _featureBytes = featureCount * bytesOfFeature;
        _rowsPerBlock = Math.Max(1, bytesPerBlock / _stride);
        _decoded = precision == RowPrecision.Half ? new float[featureCount] : [];
        _file = new BlockFile(folder, _rowsPerBlock * _stride, blocksInMemory);
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int TargetCount { get; }

    /// <summary>
    /// All rows if the blocks that may be in memory hold them, else as many as half of these blocks hold. The others are for blocks that come
    /// and go, and for runs of rows that begin in the middle of a block, as those of a part of the rows do.
    /// </summary>
    public int ShuffleWindow => Count / _rowsPerBlock <= _file.BlocksInMemory
        ? int.MaxValue
        : (int)Math.Min(int.MaxValue, Math.Max(1L, _file.BlocksInMemory / 2) * _rowsPerBlock);

    /// <summary>The folder that the file is in.</summary>
    public string Folder => _file.Folder;

    /// <summary>The bytes of the file.</summary>
    public long FileSize => (long)(Count / _rowsPerBlock) * _rowsPerBlock * _stride;

    /// <summary>How many blocks were read from the file so far.</summary>
    internal long BlocksRead => _file.BlocksRead;

    /// <summary>Appends a row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <param name="targets">[<see cref="TargetCount"/>].</param>
    /// <param name="weight">How much the row counts; finite, at least 0.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or a feature is beyond what <see cref="RowPrecision.Half"/> can hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative, infinite or NaN.</exception>
    /// <exception cref="IOException">The disk is full or failing; the message says how much was written.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight = 1f)
    {
        Throw.IfLengthsDiffer(FeatureCount, features.Length, nameof(features));
        Throw.IfLengthsDiffer(TargetCount, targets.Length, nameof(targets));
        Require.NonNegative(weight, nameof(weight));
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);

        // The last block stays in memory until it is full; then it goes to disk.
        _unwritten ??= new byte[_rowsPerBlock * _stride];
        int row = Count % _rowsPerBlock;
        Span<byte> target = _unwritten.AsSpan(row * _stride, _stride);
        Encode(features, target[.._featureBytes]);
        Span<float> numbers = MemoryMarshal.Cast<byte, float>(target[_featureBytes..]);
        targets.CopyTo(numbers);
        numbers[^1] = weight;
        Count = checked(Count + 1);
        if (row == _rowsPerBlock - 1)
        {
            _file.Write(_unwritten, Count / _rowsPerBlock - 1);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A row number is negative or not less than <see cref="Count"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        foreach (int number in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)Count, nameof(rows));
            (int block, int row) = Math.DivRem(number, _rowsPerBlock);
            byte[] bytes = block == Count / _rowsPerBlock ? _unwritten! : _file.Read(block);
            ReadOnlySpan<byte> source = bytes.AsSpan(row * _stride, _stride);
            ReadOnlySpan<float> numbers = MemoryMarshal.Cast<byte, float>(source[_featureBytes..]);
            batch.Add(Decode(source[.._featureBytes]), numbers[..^1], numbers[^1]);
        }
    }

    /// <summary>Closes the file, which deletes it.</summary>
    public void Dispose() => _file.Dispose();

    private void Encode(ReadOnlySpan<float> features, Span<byte> target)
    {
        if (_precision == RowPrecision.Full)
        {
            features.CopyTo(MemoryMarshal.Cast<byte, float>(target));
            return;
        }

        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(target);
        TensorPrimitives.ConvertToHalf(features, halves);
        for (int j = 0; j < features.Length; j++)
        {
            if (float.IsFinite(features[j]) && !Half.IsFinite(halves[j]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Feature {j} is {features[j]}; 16-bit floats hold values up to {(float)Half.MaxValue}. Scale the feature or " +
                        $"use {nameof(RowPrecision)}.{nameof(RowPrecision.Full)}."), nameof(features));
            }
        }
    }

    private ReadOnlySpan<float> Decode(ReadOnlySpan<byte> source)
    {
        if (_precision == RowPrecision.Full)
        {
            return MemoryMarshal.Cast<byte, float>(source);
        }

        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), _decoded);
        return _decoded;
    }

    /// <summary>How many rows of which size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} rows of {FeatureCount} features and {TargetCount} targets, on disk");
}
