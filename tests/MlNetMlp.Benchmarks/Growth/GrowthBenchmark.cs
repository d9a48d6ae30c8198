using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>How the cost of training grows with the work: measures, and writes a Markdown table and a picture.</summary>
internal static class GrowthBenchmark
{
    /// <param name="folder">Gets <c>growth.md</c> and <c>growth.svg</c>.</param>
    /// <param name="rounds">How often each training is visited; several epochs are measured each time.</param>
    /// <param name="part">Only quantities with this in their names are measured; empty: all of them.</param>
    public static int Run(string folder, int rounds, string part)
    {
        Quantity[] quantities = [.. Quantity.All.Where(quantity => quantity.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        if (quantities.Length == 0 || rounds < 1)
        {
            Console.Error.WriteLine(
                $"'{part}' is part of none of {string.Join(", ", Quantity.All.Select(quantity => quantity.Name))}, or the rounds are fewer than 1.");
            return 2;
        }

        var measured = quantities.ToDictionary(quantity => quantity, quantity => Measure(quantity, rounds));
        Directory.CreateDirectory(folder);
        string table = Path.Combine(folder, "growth.md");
        string notes = File.Exists(table) ? GrowthTable.NotesOf(File.ReadAllText(table)) : "";
        File.WriteAllText(table, GrowthTable.Write(measured, rounds) + notes);
        File.WriteAllText(Path.Combine(folder, "growth.svg"), GrowthPicture.Draw(measured));
        Console.Write(File.ReadAllText(table));
        return 0;
    }

    private static GrowthResult[][] Measure(Quantity quantity, int rounds)
    {
        var rows = new Dictionary<(int Features, int Outputs, int Count), InMemoryRows>();
        GrowthMeasurement[][] series = [.. quantity.Series.Select(cases => cases.Select(one => new GrowthMeasurement(one, RowsFor(one))).ToArray())];
        GrowthMeasurement[] all = [.. series.SelectMany(one => one)];

        // All of them before any is measured: what one runs, others run as well, and it may be compiled late.
        foreach (GrowthMeasurement one in all)
        {
            one.WarmUp();
        }

        for (int round = 0; round < rounds; round++)
        {
            // There and back, so that whatever else the machine does, and slowly more of it, meets all sizes.
            foreach (GrowthMeasurement one in round % 2 == 0 ? all : all.Reverse())
            {
                one.Visit();
            }

            Console.Error.WriteLine($"{quantity.Name}: round {round + 1} of {rounds}");
        }

        return [.. series.Select(one => one.Select(measurement => measurement.Result).ToArray())];

        InMemoryRows RowsFor(GrowthCase one)
        {
            (int, int, int) key = (one.Sizes[0], one.Sizes[^1], one.Rows);
            return rows.TryGetValue(key, out InMemoryRows? made) ? made : rows[key] = Trainings.Rows(one.Sizes[0], one.Sizes[^1], one.Rows);
        }
    }
}
