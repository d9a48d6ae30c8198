using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>A search and a training of some seconds, and all bits of what they come to as text.</summary>
internal static class ClusterWork
{
    /// <summary>What a result begins with.</summary>
    public const string Result = "result ";

    private const int FeatureCount = 12;

    /// <summary>A search with so many trials, and progress.</summary>
    /// <param name="runner">Where; null: threads of this process.</param>
    /// <param name="trials">How many.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="seed">Seeds the search: another one has other trials.</param>
    /// <param name="ended">Told of every trial.</param>
    /// <param name="epochs">The epochs of a trial.</param>
    public static string Search(TrainingRunner? runner, int trials, int rows, int seed, Action<int>? ended = null, int epochs = 12)
    {
        var mlContext = new MLContext(1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(Row.Of));
        SearchSpace<MlpBinaryTrainer.Options> space = new SearchSpace<MlpBinaryTrainer.Options>(new MlpBinaryTrainer.Options
        {
            Effort = Effort.Plain,
            NumberOfEpochs = epochs,
            BatchSize = 32,
            HiddenLayers = [new(32)],
        })
            .Number("rate", 1e-4f, 1e-1f, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.Cosine(rate) })
            .WholeNumber("units", 16, 64, SearchScale.Logarithmic, (options, units) => options with { HiddenLayers = [new(units) { Dropout = 0.1f }] });
        int count = 0;
        SearchResult<MlpBinaryTrainer.Options> result = mlContext.BinaryClassification.SearchMlp(
            data, space, new RandomSearch(trials), new HeldOut(0.3), options: new SearchOptions
            {
                Runner = runner,
                Seed = seed,
                Progress = new Trials(() => ended?.Invoke(++count)),
            });
        IEnumerable<string> scores = result.Model.Transform(data).GetColumn<float>("Score").Select(score => Bits(BitConverter.SingleToInt32Bits(score)));
        return Hash(string.Join('\n',
        [
            .. result.Trials.Select(trial => string.Join(' ', [$"{trial.Number} {string.Join(' ', trial.Values)} {trial.Error?.Message}",
                .. trial.Folds.Select(fold => Bits(BitConverter.DoubleToInt64Bits(fold.Value)))])),
            .. scores,
        ]));
    }

    /// <summary>A training in eight shards.</summary>
    /// <param name="cluster">Where; null: this process.</param>
    /// <param name="checkpoint">Where its state is kept; null: nowhere.</param>
    /// <param name="ended">Told of every epoch.</param>
    public static string Train(ITrainingCluster? cluster, string? checkpoint = null, Action<int>? ended = null)
    {
        var loss = new SoftmaxCrossEntropy();
        MlpTrainingResult result = MlpTrainer.Train(new TrainingTask(
            new MlpArchitecture(FeatureCount, 3) { HiddenLayers = [new(64) { Dropout = 0.2f }, new(64)] }, loss, SmallData.For(loss, 1200, FeatureCount))
        {
            Validation = SmallData.For(loss, 300, FeatureCount, seed: 2),
            Options = new MlpTrainingOptions
            {
                NumberOfEpochs = 20,
                BatchSize = 64,
                Shards = 8,
                Seed = 3,
                NumberOfThreads = 1,
                EarlyStopping = new EarlyStopping { Patience = 20 },
                Checkpoint = checkpoint is null ? null : new TrainingCheckpoint(checkpoint),
            },
            Cluster = cluster,
            Progress = new ImmediateProgress(report => ended?.Invoke(report.Epoch)),
        });
        return Hash(Convert.ToHexString(SmallData.Saved(result.Model)) + string.Join('\n', result.History.Select(report => report with { Elapsed = default })));
    }

    /// <summary>The program of a client that is killed: a line for every trial or epoch, and the result.</summary>
    public static async Task<int> RunClient(string what, int port, int seed, string checkpoint)
    {
        using Microsoft.Extensions.Hosting.IHost host = await SiloProcesses.Connect(port);
        using var runner = new OrleansRunner(SiloProcesses.ClientOf(host));
        Action<int> ended = count => Console.WriteLine(count.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine(what == "search" ? Search(runner, ClusterKills.Trials, ClusterKills.Rows, seed, ended) : Train(runner, checkpoint, ended));
        return 0;
    }

    private static string Bits(long value) => value.ToString("X", CultureInfo.InvariantCulture);

    private static string Hash(string text) => Result + Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private sealed class Trials(Action ended) : IProgress<SearchTrial>
    {
        public void Report(SearchTrial value) => ended();
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(FeatureCount)]
        public float[] Features { get; set; } = [];

        public static Row Of(int number)
        {
            var random = new Random(number);
            float[] features = [.. Enumerable.Range(0, FeatureCount).Select(_ => 2 * random.NextSingle() - 1)];
            return new Row { Label = features[0] - 2 * features[1] + features[2] * features[3] > 0, Features = features };
        }
    }
}
