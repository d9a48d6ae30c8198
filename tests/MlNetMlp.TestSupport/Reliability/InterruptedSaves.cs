using System.Diagnostics;
using Microsoft.ML;

namespace MlNetMlp.TestSupport;

/// <summary>A program of its own that saves two models in turn to one file, for ever, is killed at random moments; then the file is looked at.</summary>
/// <param name="way">How it saves: <c>mlp</c>, <c>zip</c> or <c>plain</c>; see the program.</param>
/// <param name="folder">An empty folder.</param>
/// <param name="random">The moments.</param>
internal sealed class InterruptedSaves(string way, string folder, Random random)
{
    private readonly MLContext _context = new(1);
    private readonly List<string> _failures = [];
    private byte[][] _originals = [];

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>How often that fell into a save whose part was left behind.</summary>
    public int CutOff { get; private set; }

    /// <summary>What was not as it should be, after which kill.</summary>
    public IReadOnlyList<string> Failures => _failures;

    private string Target => Path.Combine(folder, "model");

    public async Task Run(int kills)
    {
        for (int i = 0; i < kills; i++)
        {
            await Kill();
            Kills++;
            Look();
        }
    }

    /// <summary>Saves once more, uninterrupted: nothing is left of the parts.</summary>
    public void Finish()
    {
        ITransformer model = _context.Model.Load(Target + ".0", out _);
        _context.Model.SaveAtomically(model, null, Target);
        Expect(["model", "model.0", "model.1"], "after another save");
    }

    private async Task Kill()
    {
        using Process process = SiblingProgram.Start("MlNetMlp.Tests.Interrupted", folder, "save", way, Target);
        for (int line = random.Next(1, 4); line > 0; line--)
        {
            if (await process.StandardOutput.ReadLineAsync() != "saved")
            {
                throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
            }
        }

        await Task.Delay(random.Next(40));
        process.Kill();
        await process.WaitForExitAsync();
    }

    private void Look()
    {
        string[] left = [.. Names().Where(name => name.EndsWith(".tmp", StringComparison.Ordinal))];
        CutOff += left.Length;
        Expect(["model", "model.0", "model.1", .. left.Take(1)], $"after kill {Kills}");
        if (_originals.Length == 0)
        {
            _originals = [Network(Target + ".0"), Network(Target + ".1")];
        }

        try
        {
            byte[] found = way == "mlp" ? Bytes(MlpModel.Load(Target)) : Network(Target);
            if (!Array.Exists(_originals, original => original.AsSpan().SequenceEqual(found)))
            {
                _failures.Add($"After kill {Kills} the file is neither the old model nor the new one.");
            }
        }
#pragma warning disable CA1031 // Whatever a torn file does to its reader counts.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failures.Add($"After kill {Kills} the file cannot be read: {exception.Message}");
        }
    }

    private void Expect(string[] names, string when)
    {
        if (!Names().SequenceEqual(names.Order(StringComparer.Ordinal)))
        {
            _failures.Add($"{when}: {string.Join(", ", Names())}");
        }
    }

    private IEnumerable<string> Names() => Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private byte[] Network(string path) => Bytes(((MlpPredictionTransformer)_context.Model.Load(path, out _)).Model.Network);

    private static byte[] Bytes(MlpModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
