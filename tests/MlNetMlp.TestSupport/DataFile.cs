using System.Globalization;

namespace MlNetMlp.TestSupport;

/// <summary>A CSV file of the tests' data: a header, numbers, the label in the last column.</summary>
internal sealed class DataFile
{
    private DataFile(float[][] features, string[] labels)
    {
        Features = features;
        Labels = labels;
    }

    public float[][] Features { get; }

    public string[] Labels { get; }

    public static DataFile Read(string folder, string file)
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", folder, file)).Skip(1).Select(line => line.Split(','))];
        return new([.. lines.Select(line => Array.ConvertAll(line[..^1], Number))], [.. lines.Select(line => line[^1])]);
    }

    /// <summary>Rows whose target is the label's place among <paramref name="classes"/>; the features in the order of <paramref name="columns"/>.</summary>
    public InMemoryRows ForClasses(string[] classes, int[]? columns = null) => ToRows(label => Array.IndexOf(classes, label), columns);

    /// <summary>Rows whose target is the label as a number.</summary>
    public InMemoryRows ForValues() => ToRows(Number, null);

    private InMemoryRows ToRows(Func<string, float> target, int[]? columns)
    {
        var rows = new InMemoryRows(Features[0].Length, 1);
        for (int i = 0; i < Features.Length; i++)
        {
            float[] row = Features[i];
            rows.Add(columns is null ? row : [.. columns.Select(column => row[column])], [target(Labels[i])]);
        }

        return rows;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
