using Microsoft.ML;

namespace MlNetMlp.Hosting.Tests.Support;

/// <summary>Two numbers and a text, from which a pipeline learns a price.</summary>
internal sealed class House
{
    public string District { get; set; } = "";

    public float Rooms { get; set; }

    public float Age { get; set; }

    public float Price { get; set; }

    /// <summary>Rooms from 1 to 8, age from 0 to 39.</summary>
    public static House[] Many { get; } = [.. Enumerable.Range(0, 200).Select(i => new House
    {
        District = i % 3 == 0 ? "South" : "North", Rooms = 1 + i % 8, Age = i * 7 % 40, Price = 30 * (1 + i % 8) - i * 7 % 40,
    })];

    /// <summary>A saved pipeline that was trained with them.</summary>
    /// <param name="seed">Of the training: another one has other weights.</param>
    /// <param name="withText">Whether the network learns from the district, too.</param>
    public static byte[] Train(int seed, bool withText = true)
    {
        var mlContext = new MLContext(seed);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Many);
        string[] inputs = [.. withText ? ["Where"] : Array.Empty<string>(), nameof(Rooms), nameof(Age)];
        IEstimator<ITransformer> front = mlContext.Transforms.Concatenate("Features", inputs);
        front = withText ? mlContext.Transforms.Categorical.OneHotEncoding("Where", nameof(District)).Append(front) : front;
        ITransformer model = front.Append(mlContext.Regression.Trainers.Mlp(nameof(Price), hiddenUnits: [8], numberOfEpochs: 3)).Fit(rows);
        DataViewSchema schema = withText ? rows.Schema : mlContext.Data.LoadFromEnumerable(Array.Empty<Numbers>()).Schema;
        using var file = new MemoryStream();
        mlContext.Model.Save(model, schema, file);
        return file.ToArray();
    }

    private sealed class Numbers
    {
        public float Rooms { get; set; }

        public float Age { get; set; }
    }
}
