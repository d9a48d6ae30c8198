using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Orleans.Tests.Support;

/// <summary>Small searches on made-up rows, and what must be the same of their results.</summary>
internal static class SmallSearch
{
    private const int FeatureCount = 6;

    public static MLContext Context { get; } = new(1);

    /// <summary>Rows whose label is a rule of the features, and features that are not numbers here and there.</summary>
    public static IDataView Rows(int count = 120, int first = 0) => Context.Data.LoadFromEnumerable(Enumerable.Range(first, count).Select(Row.Of));

    public static SearchSpace<MlpBinaryTrainer.Options> Space(int epochs = 6) => new SearchSpace<MlpBinaryTrainer.Options>(
        new MlpBinaryTrainer.Options { Effort = Effort.Plain, NumberOfEpochs = epochs, HiddenLayers = [new(8)], EarlyStopping = new() { Patience = 3 } })
        .Number("rate", 1e-4f, 1e-1f, SearchScale.Logarithmic, (o, x) => o with { LearningRate = Schedule.Cosine(x) })
        .WholeNumber("units", 4, 24, SearchScale.Logarithmic, (o, n) => o with { HiddenLayers = [new(n) { Dropout = 0.1f }] });

    public static SearchResult<MlpBinaryTrainer.Options> Run(
        TrainingRunner? runner, SearchSpace<MlpBinaryTrainer.Options>? space = null, SearchValidation? validation = null, int trials = 6,
        SearchOptions? options = null, IDataView? rows = null, SearchStrategy? strategy = null) =>
        new MLContext(1).BinaryClassification.SearchMlp(
            rows ?? Rows(), space ?? Space(), strategy ?? new RandomSearch(trials), validation ?? new HeldOut(0.3),
            options: (options ?? new SearchOptions()) with { Runner = runner, Seed = 11 });

    /// <summary>The trials with all bits of their metrics, and the model with all bits of its scores; without times.</summary>
    public static string Text<TOptions>(SearchResult<TOptions> result, IDataView? rows = null)
        where TOptions : MlpTrainerOptions => string.Join('\n',
        [
            .. result.Trials.Select(Text), $"best {result.Best.Number}",
            .. result.HasModel ? Scores(result.Model.Transform(rows ?? Rows())) : ["no model"],
        ]);

    private static IEnumerable<string> Scores(IDataView rows) => rows.Schema["Score"].Type is VectorDataViewType
        ? rows.GetColumn<float[]>("Score").Select(scores => string.Join(' ', scores.Select(Bits)))
        : rows.GetColumn<float>("Score").Select(Bits);

    private static string Text<TOptions>(SearchTrial<TOptions> trial)
        where TOptions : MlpTrainerOptions =>
        $"{trial.Number} {string.Join(' ', trial.Values)}: {trial.Error?.Message} " +
        string.Join(' ', trial.Folds.Select(fold => $"{BitConverter.DoubleToInt64Bits(fold.Value):X} {fold.Epochs} {fold.BestEpoch}"));

    private static string Bits(float value) => BitConverter.SingleToInt32Bits(value).ToString("X8", null);

    internal sealed class Row
    {
        public bool Label { get; set; }

        public uint Class { get; set; }

        public float Value { get; set; }

        public float Weight { get; set; }

        public string Color { get; set; } = "";

        [VectorType(FeatureCount)]
        public float[] Features { get; set; } = [];

        public static Row Of(int number)
        {
            var random = new Random(number);
            float[] features = [.. Enumerable.Range(0, FeatureCount).Select(_ => (float)(2 * random.NextDouble() - 1))];
            float sum = features[0] - 2 * features[1] + features[2] * features[3];
            if (number % 17 == 0)
            {
                features[4] = float.NaN;
            }

            return new Row
            {
                Label = sum > 0,
                Class = sum < -0.5 ? 1u : sum < 0.5 ? 2u : 3u,
                Value = sum,
                Weight = number % 3 + 0.5f,
                Color = number % 2 == 0 ? "red" : number % 5 == 0 ? "blue" : "green",
                Features = features,
            };
        }
    }
}
