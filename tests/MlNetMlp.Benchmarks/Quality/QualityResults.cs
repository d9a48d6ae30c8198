using System.Text;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>The file <c>results.jsonl</c> of a folder: a line for each training. Several processes may write to it.</summary>
internal sealed class QualityResults
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly List<QualityResult> _results = [];

    /// <param name="folder">Where the lines are added.</param>
    /// <param name="others">Folders whose lines count as well.</param>
    public QualityResults(string folder, IReadOnlyList<string> others)
    {
        Directory.CreateDirectory(folder);
        _path = FileOf(folder);
        foreach (string line in others.Select(FileOf).Append(_path).Where(File.Exists).SelectMany(File.ReadLines))
        {
            // A process that was killed may have left part of a line.
            if (line.StartsWith('{') && line.EndsWith('}'))
            {
                _results.Add(QualityResult.Of(line));
            }
        }
    }

    /// <summary>All of them, the latest last; of several for one training, the latest alone.</summary>
    public IReadOnlyList<QualityResult> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _results.AsEnumerable().Reverse().DistinctBy(result => result.Key).Reverse()];
            }
        }
    }

    /// <summary>Adds a line at the end of the file.</summary>
    public void Add(QualityResult result)
    {
        lock (_lock)
        {
            _results.Add(result);
        }

        byte[] line = Encoding.UTF8.GetBytes(result.ToLine() + "\n");
        for (int tries = 1; ; tries++)
        {
            try
            {
                // For as long as it is open, no other process can open it.
                using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.None);
                file.Write(line);
                return;
            }
            catch (IOException) when (tries < 100)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string FileOf(string folder) => Path.Combine(folder, "results.jsonl");
}
