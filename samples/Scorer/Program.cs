// Scores rows without ML.NET: reads a network from a model.zip or an .mlp file, and rows of features from the standard input.
//
//     dotnet run -c Release --project samples/Scorer                    the model and the rows that samples/Digits has written
//     dotnet run -c Release --project samples/Scorer -- model.zip [location of the network] < rows.csv
//
// A row is a line of numbers with commas between them, an empty place for a missing value. For each, a line with the scores comes out, and
// for classes the predicted one. As a native program that starts at once: dotnet publish samples/Scorer -r linux-x64 -p:PublishAot=true

using System.Globalization;
using MlNetMlp;
using MlNetMlp.Interop;
using MlNetMlp.Networks;

if (args.Length > 2)
{
    Console.Error.WriteLine("Usage: Scorer [<model.zip or .mlp file> [location of the network in model.zip] < rows.csv]");
    return 2;
}

if (args.Length == 0)
{
    string digits = AppContext.BaseDirectory.Replace($"{Path.DirectorySeparatorChar}Scorer{Path.DirectorySeparatorChar}",
        $"{Path.DirectorySeparatorChar}Digits{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
    if (!File.Exists(Path.Combine(digits, "rows.csv")))
    {
        Console.Error.WriteLine("There is no model yet. First: dotnet run -c Release --project samples/Digits");
        return 2;
    }

    Console.SetIn(new StreamReader(Path.Combine(digits, "rows.csv")));
    args = [Path.Combine(digits, "model.zip")];
}

try
{
    bool isZip = Begins(args[0], "PK"u8);
    ModelZipNetwork? zipped = isZip ? ModelZip.Load(args[0], args.ElementAtOrDefault(1)) : null;
    return Score(zipped?.Model ?? MlpModel.Load(args[0]), zipped?.OutputNames ?? []);
}
catch (Exception exception) when (exception is IOException or InvalidDataException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static int Score(MlpModel model, IReadOnlyList<string> names)
{
    float[] features = new float[model.FeatureCount], scores = new float[model.OutputCount];
    for (int number = 1; Console.In.ReadLine() is { } line; number++)
    {
        string[] fields = line.Split(',');
        if (fields.Length != features.Length)
        {
            Console.Error.WriteLine($"Line {number} has {fields.Length} values; the network has {features.Length} features.");
            return 1;
        }

        for (int i = 0; i < fields.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(fields[i]))
            {
                features[i] = float.NaN;
            }
            else if (!float.TryParse(fields[i], CultureInfo.InvariantCulture, out features[i]))
            {
                Console.Error.WriteLine($"Line {number}: '{fields[i]}' is no number.");
                return 1;
            }
        }

        model.Predict(features, scores);
        Console.WriteLine(string.Join(',', [.. scores.Select(score => score.ToString(CultureInfo.InvariantCulture)), .. Prediction(model, scores, names)]));
    }

    return 0;
}

// The name of the predicted class, or its number from 0 on where the classes have no names; nothing for a regression.
static string[] Prediction(MlpModel model, float[] scores, IReadOnlyList<string> names)
{
    if (model.Loss is BinaryLoss)
    {
        return [scores[0] > 0 ? "true" : "false"];
    }

    if (model.Loss is not MulticlassLoss)
    {
        return [];
    }

    int best = Array.IndexOf(scores, scores.Max());
    return [names.Count > 0 ? names[best] : best.ToString(CultureInfo.InvariantCulture)];
}

static bool Begins(string path, ReadOnlySpan<byte> start)
{
    using FileStream file = File.OpenRead(path);
    Span<byte> bytes = stackalloc byte[start.Length];
    return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == start.Length && bytes.SequenceEqual(start);
}
