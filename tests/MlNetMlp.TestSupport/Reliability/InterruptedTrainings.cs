using System.Diagnostics;

namespace MlNetMlp.TestSupport;

/// <summary>A program of its own that trains with a checkpoint is killed at random moments and started again, until it comes to its end.</summary>
/// <param name="folder">An empty folder.</param>
/// <param name="random">The moments.</param>
internal sealed class InterruptedTrainings(string folder, Random random)
{
    private const string ProgramName = "MlNetMlp.Tests.Interrupted";

    /// <summary>The names of the program's cases.</summary>
    public static IReadOnlyList<string> Cases { get; } = ["adam", "nesterov", "lbfgs", "snapshots", "bagging", "stopping", "disk"];

    private readonly Dictionary<string, (string[] History, byte[] Model)> _whole = [];
    private readonly List<string> _failures = [];

    /// <summary>How often a training was killed before its end.</summary>
    public int Kills { get; private set; }

    /// <summary>How often a killed training left a checkpoint that another went on from.</summary>
    public int Continued { get; private set; }

    /// <summary>How often a kill fell into the writing of a checkpoint, whose part was left behind.</summary>
    public int CutOff { get; private set; }

    /// <summary>How many trainings came to their end and were compared with the uninterrupted one.</summary>
    public int Compared { get; private set; }

    public IReadOnlyList<string> Failures => _failures;

    private string Checkpoint => Path.Combine(folder, "training.checkpoint");

    private string Model => Path.Combine(folder, "model");

    /// <summary>Kills a training up to so many times, then lets it come to its end and compares.</summary>
    public async Task Run(string name, int kills)
    {
        if (!_whole.TryGetValue(name, out (string[] History, byte[] Model) whole))
        {
            whole = await Train(name, Path.Combine(folder, "whole"));
            _whole[name] = whole;
            File.Delete(Path.Combine(folder, "whole"));
        }

        int lines = whole.History.Length;
        for (int i = 0; i < kills && await Kill(name, random.Next(1 + lines / 2)); i++)
        {
            Look(name);
        }

        (string[] History, byte[] Model) end = await Train(name, Model, Checkpoint);
        Compared++;
        Check(end.History.SequenceEqual(whole.History), $"{name}: the history of the continued training is another.");
        Check(end.Model.AsSpan().SequenceEqual(whole.Model), $"{name}: the model of the continued training is another.");
        Check(Names().SequenceEqual(["model"]), $"{name}, at the end: {string.Join(", ", Names())}");
        File.Delete(Model);
    }

    /// <summary>False if it came to its end before.</summary>
    private async Task<bool> Kill(string name, int epochs)
    {
        using Process process = SiblingProgram.Start(ProgramName, folder, "train", name, Model, Checkpoint);
        for (; epochs > 0; epochs--)
        {
            await process.StandardOutput.ReadLineAsync();
        }

        await Task.Delay(random.Next(12));
        process.Kill();
        await process.WaitForExitAsync();
        if (File.Exists(Model))
        {
            return false;
        }

        Kills++;
        return true;
    }

    private void Look(string name)
    {
        string[] left = [.. Names().Except([Path.GetFileName(Checkpoint), Path.GetFileName(Checkpoint) + ".lock"])];
        bool isCut = left is [var part] && part.EndsWith(".tmp", StringComparison.Ordinal);
        Check(left.Length == 0 || isCut, $"{name}, after kill {Kills}: {string.Join(", ", left)}");
        CutOff += isCut ? 1 : 0;
        try
        {
            Continued += new TrainingCheckpoint(Checkpoint).Find() is null ? 0 : 1;
        }
        catch (InvalidDataException exception)
        {
            _failures.Add($"{name}, after kill {Kills}: {exception.Message}");
        }
    }

    private async Task<(string[] History, byte[] Model)> Train(string name, string model, params string[] checkpoint)
    {
        string[] lines = await SiblingProgram.Run(ProgramName, folder, ["train", name, model, .. checkpoint]);
        return ([.. lines.Where(line => line != "epoch")], await File.ReadAllBytesAsync(model));
    }

    private IEnumerable<string> Names() => Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private void Check(bool isSo, string failure)
    {
        if (!isSo)
        {
            _failures.Add(failure);
        }
    }
}
