using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.Data;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>scikit-learn's histogram-based gradient boosting, with its defaults, in a process of Python; see <c>Peers/boosting.py</c>.</summary>
/// <param name="python">The Python that has it.</param>
internal sealed class BoostingSide(string python) : QualitySide
{
    public override string Name => "sk-HGB";

    public override bool Takes(QualitySet set) => !set.IsText;

    /// <summary>Whether this Python has it.</summary>
    public bool IsThere
    {
        get
        {
            try
            {
                return Start(["-c", "from sklearn.ensemble import HistGradientBoostingClassifier"], 1).ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    public override Predicted Run(PreparedRows rows, int seed, int? threads, bool alone)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("quality-");
        try
        {
            string FileOf(string name) => Path.Combine(folder.FullName, name);
            Write(FileOf("train-features.bin"), rows.Train.GetColumn<float[]>("Features"));
            Write(FileOf("test-features.bin"), rows.Test.GetColumn<float[]>("Features"));
            Write(FileOf("train-labels.bin"), [rows.TrainLabels]);
            string script = Path.Combine(AppContext.BaseDirectory, "Peers", "boosting.py");
            (int exitCode, string output, string errors) =
                Start([script, folder.FullName, rows.Set.Task.ToString(), seed.ToString(CultureInfo.InvariantCulture)], threads);
            if (exitCode != 0)
            {
                throw new InvalidOperationException(errors.Trim().Split('\n')[^1]);
            }

            JsonElement took = JsonDocument.Parse(output).RootElement;
            double Number(string name) => took.GetProperty(name).GetDouble();
            double[] values = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(FileOf("predictions.bin"))).ToArray();
            return new Predicted(values, Number("fit"), Number("processor"), Number("scoring"), took.GetProperty("bytes").GetInt64());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private (int ExitCode, string Output, string Errors) Start(string[] arguments, int? threads)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = (threads ?? Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static void Write<T>(string path, IEnumerable<T[]> rows)
        where T : unmanaged
    {
        using FileStream file = File.Create(path);
        foreach (T[] row in rows)
        {
            file.Write(MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }
}
