namespace Microsoft.ML.Data;

/// <summary>How often each class (row) was taken for each class (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;

    internal ConfusionMatrix(double[][] counts, string[] names)
    {
        _names = names;
        Counts = counts;
        NumberOfClasses = counts.Length;
        PerClassRecall = [.. counts.Select((row, i) => Ratio(row[i], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, i) => Ratio(row[i], counts.Sum(r => r[i])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }
    public IReadOnlyList<double> PerClassRecall { get; }
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }
    public int NumberOfClasses { get; }

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        Check.Param(
            predictedClassIndicatorIndex >= 0 && predictedClassIndicatorIndex < NumberOfClasses, nameof(predictedClassIndicatorIndex), "There is no such class");
        Check.Param(
            actualClassIndicatorIndex >= 0 && actualClassIndicatorIndex < NumberOfClasses, nameof(actualClassIndicatorIndex), "There is no such class");
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    public string GetFormattedConfusionTable()
    {
        // Long names stand at the rows only, and the columns are numbered.
        int width = NumberOfClasses == 2 ? 8 : 5;
        bool numbered = _names.Any(name => name.Length > width);
        string[] rows = numbered ? [.. _names.Select((name, i) => $"{i}. {name}")] : _names;
        int side = Math.Max(9, rows.Max(row => row.Length));
        string rule = new('=', NumberOfClasses * (width + 3));
        string Line(string head, IEnumerable<string> cells, string tail = "")
            => $"{head.PadRight(side)} ||{string.Concat(cells.Select(cell => $" {cell.PadLeft(width)} |"))}{tail}";
        string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        List<string> lines =
        [
            "",
            "Confusion table",
            Line("", []) + rule,
            Line("PREDICTED", _names.Select((name, i) => numbered ? Number(i, "0") : name), " Recall"),
            Line("TRUTH", []) + rule,
            .. rows.Select((row, i) => Line(row.PadLeft(side), Counts[i].Select(c => Number(c, "N0")), $" {Number(PerClassRecall[i], "F4")}")),
            Line("", []) + rule,
            Line("Precision", PerClassPrecision.Select(p => Number(p, "F4"))),
        ];
        return string.Concat(lines.Select(line => line + Environment.NewLine));
    }

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}
