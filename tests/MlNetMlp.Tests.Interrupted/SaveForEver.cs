using Microsoft.ML;
using MlNetMlp;

namespace Interrupted;

/// <summary>
/// Trains two small networks, saves each to a file of its own, the target and ".0" or ".1", unless they are there, and then for ever one after the
/// other to the target itself. Prints a line whenever a file has been saved.
/// </summary>
internal static class SaveForEver
{
    /// <param name="way"><c>mlp</c> or <c>zip</c>, replaced as a whole; <c>plain</c>, a model.zip as ML.NET itself saves it.</param>
    /// <param name="target">The file.</param>
    public static void Run(string way, string target)
    {
        var context = new MLContext(1);
        MlpPredictionTransformer[] models = [Original(context, target, 0), Original(context, target, 1)];
        for (int i = 0; ; i++)
        {
            Save(context, models[i % 2], way, target);
            Console.WriteLine("saved");
            Console.Out.Flush();
        }
    }

    /// <summary>Saves once, a file that is larger than 100 KiB, and prints "saved", or what is in the way.</summary>
    public static void Once(string way, string target)
    {
        var context = new MLContext(1);
        MlpPredictionTransformer model = Train(context, 0);

        // What this process may read now and not afterwards, such as its own assemblies, it has read: a save that is refused takes the same way.
        SavedOrRefused(context, model, way, Path.Combine(target, "none"));
        Superuser.ObeyModes();
        Console.WriteLine(SavedOrRefused(context, model, way, target));
    }

    private static string SavedOrRefused(MLContext context, MlpPredictionTransformer model, string way, string target)
    {
        try
        {
            Save(context, model, way, target);
            return "saved";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private static void Save(MLContext context, MlpPredictionTransformer model, string way, string target)
    {
        switch (way)
        {
            case "mlp":
                model.Model.Network.Save(target);
                break;
            case "zip":
                context.Model.SaveAtomically(model, null, target);
                break;
            case "plain":
                context.Model.Save(model, null, target);
                break;
            default:
                throw new ArgumentException($"There is no way '{way}' to save.", nameof(way));
        }
    }

    private static MlpPredictionTransformer Original(MLContext context, string target, int number)
    {
        string path = $"{target}.{number}";
        if (!File.Exists(path))
        {
            context.Model.SaveAtomically(Train(context, number), null, path);
        }

        return (MlpPredictionTransformer)context.Model.Load(path, out _);
    }

    private static MlpPredictionTransformer Train(MLContext context, int seed)
    {
        Row[] rows = [.. Enumerable.Range(0, 8).Select(i => new Row { Features = new float[10], Label = i })];
        var options = new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(400), new(400)],
            NumberOfEpochs = 1,
            NumberOfThreads = 1,
            Seed = seed,
        };
        return context.Regression.Trainers.Mlp(options).Fit(context.Data.LoadFromEnumerable(rows));
    }
}
