using System.Globalization;
using Spectre.Console;

namespace MlNetMlp.Benchmarks.Mnist;

/// <summary>Trains every configuration on the 60,000 training images and counts its errors on the 10,000 test images, once, at the end.</summary>
internal static class MnistBenchmark
{
    /// <summary>Prints a row for each configuration whose name contains <paramref name="name"/>, and each of the seeds.</summary>
    public static int Run(string folder, string name, IReadOnlyList<int> seeds)
    {
        MnistData training, test;
        try
        {
            training = MnistData.Load(folder, "train");
            test = MnistData.Load(folder, "t10k");
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }

        Console.WriteLine("| network | configuration | seed | epochs | seconds | test error | published | reached |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | --- | --- |");
        foreach (MnistConfiguration configuration in MnistConfiguration.All.Where(c => c.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (int seed in seeds)
            {
                Console.WriteLine(Row(configuration, seed, training, test));
            }
        }

        return 0;
    }

    private static string Row(MnistConfiguration configuration, int seed, MnistData training, MnistData test)
    {
        var architecture = new MlpArchitecture(MnistData.Pixels, 10) { HiddenLayers = configuration.HiddenLayers, InputDropout = configuration.InputDropout };
        MlpTrainingResult result = AnsiConsole.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask($"{configuration.Name}, {architecture}", maxValue: configuration.Options.NumberOfEpochs);
            InMemoryRows rows = training.ToRows(oneHot: configuration.Loss is SquaredError);
            return MlpTrainer.Train(new(architecture, configuration.Loss, rows)
            {
                Options = configuration.Options with { Seed = seed },
                Progress = new ToTask(task),
            });
        });

        double error = Error(result.Model, test);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {architecture} | {configuration.Name} | {seed} | {result.History.Count} | {result.History[^1].Elapsed.TotalSeconds:F0} | {error:F2} % | " +
            $"{configuration.PublishedError} % ({configuration.Source}) | {(error <= configuration.PublishedError ? "yes" : "no")} |");
    }

    /// <summary>The part, in percent, of the test images whose greatest score is not that of their digit.</summary>
    private static double Error(MlpModel model, MnistData test)
    {
        int wrong = 0;
        float[] scores = new float[10];
        for (int i = 0; i < test.Digits.Length; i++)
        {
            model.Predict(test.Images[i], scores);
            wrong += Array.IndexOf(scores, scores.Max()) == test.Digits[i] ? 0 : 1;
        }

        return 100.0 * wrong / test.Digits.Length;
    }

    /// <summary>Moves the bar on the thread that trains, so that no report is lost.</summary>
    private sealed class ToTask(ProgressTask task) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => task.Increment(1);
    }
}
