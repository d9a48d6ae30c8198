using System.Globalization;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>What a run of the quality benchmark does.</summary>
/// <param name="Folder">The sets.</param>
/// <param name="Python">The Python that may have scikit-learn.</param>
internal sealed record QualityOptions(string Folder, string Python)
{
    /// <summary>How the arguments are written.</summary>
    public const string Usage =
        "quality <folder> [--only set,set] [--ours variant,variant+Option=Value] [--set Option=Value]... [--peers name,name|none] [--seeds n] [--cv folds] " +
        "[--threads n|all] [--jobs n] [--out folder] [--baselines folder]... [--fresh] [--report]";

    /// <summary>The names of the sets; none: all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Our variants; see <see cref="OurSide.Of"/>.</summary>
    public IReadOnlyList<string> Ours { get; private init; } = OurSide.Usual;

    /// <summary>Options that all of our variants get.</summary>
    public IReadOnlyList<string> Settings { get; private init; } = [];

    /// <summary>The names of others; null: all.</summary>
    public IReadOnlyList<string>? Peers { get; private init; }

    /// <summary>How many seeds, from 1 on; null: three, and one of folds.</summary>
    public int? Seeds { get; private init; }

    /// <summary>The number of folds of the training file; null: the test file.</summary>
    public int? Folds { get; private init; }

    /// <summary>How many threads each training may use; null: as many as it likes.</summary>
    public int? Threads { get; private init; } = 1;

    /// <summary>How many trainings run side by side.</summary>
    public int Jobs { get; private init; } = 1;

    /// <summary>Gets the results, the table and the picture.</summary>
    public string Output { get; private init; } = Path.Combine("artifacts", "quality");

    /// <summary>Folders of which the results count, too.</summary>
    public IReadOnlyList<string> Baselines { get; private init; } = [];

    /// <summary>Whether our own variants run again although they have results.</summary>
    public bool Fresh { get; private init; }

    /// <summary>Whether only the table and the picture are made of the results there are.</summary>
    public bool Report { get; private init; }

    /// <summary>The name of the table and the picture: other rows or threads have others.</summary>
    public string ReportName => "quality" + (Folds is null ? "" : "-" + QualitySplit.NameOf(Folds)) + (Threads switch
    {
        null => "-all-threads",
        1 => "",
        { } threads => string.Create(CultureInfo.InvariantCulture, $"-{threads}-threads"),
    });

    public int SeedCount => Seeds ?? (Folds is null ? 3 : 1);

    /// <summary>All who take part, the one that all are compared with first, ours last; scikit-learn is left out where it is not there.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public QualitySide[] Sides()
    {
        QualitySide[] peers = [.. PeerSide.All, new BoostingSide(Python)];
        string[] unknown = [.. (Peers ?? []).Except(peers.Select(peer => peer.Name), StringComparer.OrdinalIgnoreCase)];
        return unknown.Length > 0
            ? throw new ArgumentException(
                $"The others are [{string.Join(", ", peers.Select(peer => peer.Name))}], and not [{string.Join(", ", unknown)}].")
            : [
                .. peers
                    .Where(peer => Peers is null || Peers.Contains(peer.Name, StringComparer.OrdinalIgnoreCase))
                    .Where(peer => peer is not BoostingSide { IsThere: false }),
                .. Ours.Select(text => OurSide.Of(string.Join('+', [text, .. Settings]))),
            ];
    }

    /// <summary>Reads the arguments; null if they are others.</summary>
    public static QualityOptions? Parse(ReadOnlySpan<string> arguments, string python)
    {
        if (arguments is not [var folder, ..] || folder.StartsWith('-'))
        {
            return null;
        }

        var options = new QualityOptions(folder, python);
        arguments = arguments[1..];
        while (arguments.Length > 0)
        {
            QualityOptions? next = arguments switch
            {
                ["--fresh", ..] => options with { Fresh = true },
                ["--report", ..] => options with { Report = true },
                ["--only", var names, ..] => options with { Only = Names(names) },
                ["--ours", var names, ..] => options with { Ours = Names(names) },
                ["--set", var setting, ..] => options with { Settings = [.. options.Settings, setting] },
                ["--peers", var names, ..] => options with { Peers = Names(names) },
                ["--out", var output, ..] => options with { Output = output },
                ["--baselines", var other, ..] => options with { Baselines = [.. options.Baselines, other] },
                ["--threads", "all", ..] => options with { Threads = null },
                ["--threads", var number, ..] when Count(number) is { } threads => options with { Threads = threads },
                ["--seeds", var number, ..] when Count(number) is { } seeds => options with { Seeds = seeds },
                ["--cv", var number, ..] when Count(number) is { } folds and >= 2 => options with { Folds = folds },
                ["--jobs", var number, ..] when Count(number) is { } jobs => options with { Jobs = jobs },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            arguments = arguments[(arguments[0] is "--fresh" or "--report" ? 1 : 2)..];
            options = next;
        }

        return options;
    }

    private static string[] Names(string text) => text == "none" ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static int? Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;
}
