using Microsoft.ML;
using Microsoft.ML.Data;
using Service;

namespace MlNetMlp.Service.Tests.Support;

/// <summary>Files to serve, each trained once for all tests.</summary>
internal static class Models
{
    private static readonly Lazy<byte[]> _digits = new(() => Digits(seed: 1)), _otherDigits = new(() => Digits(seed: 2)),
        _houses = new(() => TrainHouses<House>()), _slowHouses = new(() => TrainHouses<House>([2048, 2048], nameof(House.Rooms), nameof(House.Age)));

    /// <summary>What the service trains by itself.</summary>
    public static byte[] FirstDigits => _digits.Value;

    /// <summary>The same with other weights.</summary>
    public static byte[] OtherDigits => _otherDigits.Value;

    /// <summary>Two classes, from a text and numbers, one of which is a whole one; texts are read in front of the network.</summary>
    public static byte[] Houses => _houses.Value;

    /// <summary>The same columns with a network that takes a millisecond for a row.</summary>
    public static byte[] SlowHouses => _slowHouses.Value;

    public static PredictionEngine<TRow, TScore> Engine<TRow, TScore>(byte[] file)
        where TRow : class
        where TScore : class, new()
    {
        var mlContext = new MLContext();
        return mlContext.Model.CreatePredictionEngine<TRow, TScore>(mlContext.Model.Load(new MemoryStream(file), out _));
    }

    private static byte[] Digits(int seed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        string path = Path.Combine(folder.FullName, "model.zip");
        FirstModel.Train(path, seed);
        byte[] file = File.ReadAllBytes(path);
        folder.Delete(recursive: true);
        return file;
    }

    /// <summary>Houses of another kind, with those of their numbers that the network is given.</summary>
    public static byte[] TrainHouses<THouse>(params string[] numbers) where THouse : House, new() =>
        TrainHouses<THouse>([4], numbers.Length > 0 ? numbers : [nameof(House.Rooms), nameof(House.Age)]);

    private static byte[] TrainHouses<THouse>(int[] hiddenUnits, params string[] numbers) where THouse : House, new()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new THouse
        {
            District = i % 3 == 0 ? "South" : "North",
            Rooms = 1 + i % 8,
            Age = i * 7 % 40,
            IsSold = i % 8 > 3,
        }));
        ITransformer model = mlContext.Transforms.Categorical.OneHotEncoding("Where", nameof(House.District))
            .Append(mlContext.Transforms.Concatenate("Features", ["Where", .. numbers]))
            .Append(mlContext.BinaryClassification.Trainers.Mlp(nameof(House.IsSold), hiddenUnits: hiddenUnits, numberOfEpochs: 5))
            .Fit(rows);
        using var file = new MemoryStream();
        mlContext.Model.Save(model, rows.Schema, file);
        return file.ToArray();
    }

    /// <summary>Texts as classes, with or without the step that makes texts of the predicted keys.</summary>
    public static byte[] TrainClasses(string[] classes, bool isText)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Fruit
        {
            Kind = classes[i % classes.Length],
            Sizes = [i % classes.Length, i % 5],
        }));
        IEstimator<ITransformer> trainer = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Fruit.Kind))
            .Append(mlContext.MulticlassClassification.Trainers.Mlp("Label", nameof(Fruit.Sizes), hiddenUnits: [4], numberOfEpochs: 2));
        ITransformer model = (isText ? trainer.Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")) : trainer).Fit(rows);
        using var file = new MemoryStream();
        mlContext.Model.Save(model, rows.Schema, file);
        return file.ToArray();
    }
}

internal sealed class Fruit
{
    public string Kind { get; set; } = "";

    [VectorType(2)]
    public float[] Sizes { get; set; } = [];
}

internal sealed class HouseWithGarden : House
{
    public float Garden { get; set; }
}

internal sealed class HouseInWords : House
{
    public string Garden { get; set; } = "none";
}

internal class House
{
    public string District { get; set; } = "";

    public float Rooms { get; set; }

    public float Age { get; set; }

    public bool IsSold { get; set; }
}

internal sealed class HouseScore
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}

internal sealed class Digit
{
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    public uint Number { get; set; }

    /// <summary>Rows that the first model was trained with.</summary>
    public static IReadOnlyList<Digit> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "train.csv")).Skip(1).Take(200).Select(line => line.Split(','))
            .Select(fields => new Digit
        {
            Pixels = [.. fields.Take(64).Select(field => float.Parse(field, System.Globalization.CultureInfo.InvariantCulture))],
            Number = uint.Parse(fields[64], System.Globalization.CultureInfo.InvariantCulture),
        }),
    ];

    public string Json => $$"""{"Pixels": [{{string.Join(", ", Pixels)}}]}""";
}

internal sealed class DigitScore
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
