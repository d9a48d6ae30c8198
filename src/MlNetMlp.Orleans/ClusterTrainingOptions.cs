namespace MlNetMlp.Search;

/// <summary>How a silo trains for searches. Immutable; an invalid value is refused where it is set.</summary>
public sealed record ClusterTrainingOptions
{
    /// <summary>The number of training runs at the same time, each on one thread, at least 1. Default: the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int TrainingsAtOnce
    {
        get;
        init => field = (int)AtLeastOne(value, nameof(TrainingsAtOnce));
    } = Environment.ProcessorCount;

    /// <summary>
    /// The bytes of rows, at least 1, that the training runs of a moment may have in memory: another waits, unless it is the only one. Beside them, the
    /// silo keeps an eighth of as many that training runs have in common. Default: half of what the process may use.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MemoryLimit
    {
        get;
        init => field = AtLeastOne(value, nameof(MemoryLimit));
    } = Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>
    /// The bytes of rows, at least 1, that the silo keeps on its disk; beyond, rows that were not used for longest go, and are sent again when they are
    /// needed. All rows of one search have to fit. Default 10 GiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long DiskLimit
    {
        get;
        init => field = AtLeastOne(value, nameof(DiskLimit));
    } = 10L << 30;

    /// <summary>Where the rows are kept, in a folder that is deleted when the silo stops. Default: the folder for temporary files.</summary>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string Folder
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(Folder));
            field = value;
        }
    } = Path.GetTempPath();

    /// <summary>
    /// The folder with the files of rows that clients may have this silo read, see <see cref="OrleansRunner.OpenFiles"/>; every silo has the same files there.
    /// Default null: it reads none.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? RowFileFolder
    {
        get;
        init
        {
            if (value is not null)
            {
                ArgumentException.ThrowIfNullOrEmpty(value, nameof(RowFileFolder));
            }

            field = value;
        }
    }

    /// <summary>What silos and clients must have in common.</summary>
    internal string Version { get; init; } = TrainingVersion.Current;

    /// <summary>For example <c>2 training runs at once, 10240 MiB of rows on disk</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{TrainingsAtOnce} training runs at once, {DiskLimit >> 20} MiB of rows on disk");

    private static long AtLeastOne(long value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be at least 1."));
}
