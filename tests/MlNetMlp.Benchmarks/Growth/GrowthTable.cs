using System.Globalization;
using System.Text;
using MlNetMlp.Benchmarks.SideBySide;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>The numbers, as Markdown.</summary>
internal static class GrowthTable
{
    /// <summary>From here on the text is a person's, and is kept when the table is written anew.</summary>
    private const string Notes = "\n## Notes\n";

    /// <summary>Steps that are steeper are set in bold: beyond what the noise of a measurement explains.</summary>
    private const double Steep = 1.1;

    public static string NotesOf(string text) => text.Contains(Notes, StringComparison.Ordinal) ? text[text.IndexOf(Notes, StringComparison.Ordinal)..] : "";

    /// <summary>How steep the way from one point to the next is on logarithmic scales: 1 is growth in proportion, 2 that of a square.</summary>
    public static double Exponent(double fromWork, double fromCost, double toWork, double toCost) => Math.Log(toCost / fromCost) / Math.Log(toWork / fromWork);

    public static string Write(IReadOnlyDictionary<Quantity, GrowthResult[][]> measured, int rounds)
    {
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # How the cost grows

            {Machine.Description()}. Kernels: {InstructionSet.Active}. Epochs of mini-batch descent with Adam and ReLU, on one thread where nothing else is said: medians of all
            epochs but the first of {rounds} trainings of each kind, which took turns, there and back. ±: half the distance between the quartiles.

                dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- growth <folder> {rounds}

            Work is the multiply-adds of the products, forward and backward. Exponent: how steep the way from the line above is, the logarithm of the ratio of the
            costs over that of the ratio of the work; 1 is growth in proportion, less is better, and more than {Steep} is set in bold. Processor: the time that an epoch had
            the processor, over all threads; it is less than that of the clock where the machine did other work, and then says more. Beside the epochs, of the
            processor too: the pass that measures the rows, making the network, and the model at the end. Allocated: by a whole training of two epochs, without the
            rows.

            ![Time against work, logarithmic](growth.svg)

            """).ReplaceLineEndings("\n"));
        foreach ((Quantity quantity, GrowthResult[][] series) in measured)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(quantity.Name[0])}{quantity.Name[1..]}\n\n{Explanation(quantity)}\n\n");
            text.Append(CultureInfo.InvariantCulture,
                $"| {quantity.Name} | epoch, ms | ± | mini-batch, µs | ns per row | ns per multiply-add | exponent | processor, ms | " +
                $"exponent | beside the epochs, ms | allocated, MiB | exponent |\n");
            text.Append("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (GrowthResult[] results in series)
            {
                for (int i = 0; i < results.Length; i++)
                {
                    Append(text, quantity, i == 0 ? null : results[i - 1], results[i]);
                }
            }
        }

        return text.ToString();
    }

    private static string Explanation(Quantity quantity) => quantity.Setting + (quantity.Kind switch
    {
        GrowthKind.Batch => ". The work is that of a mini-batch, and the exponent that of the time of a mini-batch.",
        GrowthKind.Threads => ". The exponent is that of the time over the threads: -1 would be half the time on two, 0 is no gain.",
        _ => ".",
    });

    private static void Append(StringBuilder text, Quantity quantity, GrowthResult? before, GrowthResult now)
    {
        GrowthCase one = now.Case;
        double perRow = now.Seconds * 1e9 / one.Rows;
        string Exponents(Func<GrowthResult, double> cost) =>
            before is null ? "" : Marked(Exponent(quantity.Work(before.Case), cost(before), quantity.Work(one), cost(now)));

        text.Append(CultureInfo.InvariantCulture,
            $"| {one.Value:N0}{(quantity.Series.Count > 1 ? $", {one.Network}" : "")} | {Number(now.Seconds * 1e3)} | {100 * now.Spread:F0} % | ");
        text.Append(CultureInfo.InvariantCulture, $"{Number(now.Seconds * 1e6 / one.Batches)} | {Number(perRow)} | {perRow / one.MultiplyAddsOfRow:F4} | ");
        text.Append(CultureInfo.InvariantCulture, $"{Exponents(result => quantity.Time(result.Case, result.Seconds))} | ");
        text.Append(CultureInfo.InvariantCulture,
            $"{Number(now.ProcessorSeconds * 1e3)} | {Exponents(result => quantity.Time(result.Case, result.ProcessorSeconds))} | ");
        text.Append(CultureInfo.InvariantCulture,
            $"{Number(now.OtherSeconds * 1e3)} | {now.AllocatedBytes / (double)(1 << 20):F2} | {Exponents(result => result.AllocatedBytes)} |\n");
    }

    private static string Marked(double exponent)
    {
        string text = exponent.ToString("F2", CultureInfo.InvariantCulture);
        return exponent > Steep ? $"**{text}**" : text;
    }

    /// <summary>Some three digits, but no power of ten.</summary>
    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
