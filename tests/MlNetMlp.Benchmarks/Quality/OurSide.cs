using Microsoft.ML;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Our trainer with some options.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="change">Makes the options out of the defaults.</param>
internal sealed class OurSide(string name, Func<MlpTrainerOptions, MlpTrainerOptions> change) : MlNetSide
{
    /// <summary>The variants that have a name: one line each.</summary>
    private static readonly OurSide[] _named =
    [
        new("fast", options => options with { Effort = Effort.Fast }),
        new("balanced", options => options),
        new("best", options => options with { Effort = Effort.Best }),
        new("plain", options => options with { Effort = Effort.Plain }),
    ];

    /// <summary>Those that run where none are asked for.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["fast", "balanced", "best"];

    public override string Name => name;

    public override string? Code { get; } = $"{ProductCode.Hash} {change(new MlpBinaryTrainer.Options())}";

    /// <summary>
    /// A variant by its name, with further options behind plus signs, as in <c>es+NumberOfEpochs=20+Optimizer.WeightDecay=3e-4</c>; see
    /// <see cref="OptionText"/>. A name in front, as in <c>short:es+NumberOfEpochs=20</c>, stands for all of that in the tables.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such variant or option, or the value is not one of it.</exception>
    public static OurSide Of(string text)
    {
        string[] parts = text[(text.IndexOf(':') + 1)..].Split('+');
        OurSide named = _named.FirstOrDefault(one => one.Name == parts[0])
            ?? throw new ArgumentException($"Our variants are [{string.Join(", ", _named.Select(one => one.Name))}], and not '{parts[0]}'.");
        return new OurSide(text.Split(':')[0], options => parts[1..].Aggregate(named.Change(options), OptionText.Set));
    }

    protected override IEstimator<ITransformer> Trainer(MLContext context, PreparedRows rows, int seed, int? threads) => rows.Set.Task switch
    {
        QualityTask.Regression => context.Regression.Trainers.Mlp(
            (MlpRegressionTrainer.Options)Change(new MlpRegressionTrainer.Options { Seed = seed, NumberOfThreads = threads })),
        QualityTask.Binary => context.BinaryClassification.Trainers.Mlp(
            (MlpBinaryTrainer.Options)Change(new MlpBinaryTrainer.Options { Seed = seed, NumberOfThreads = threads })),
        _ => context.MulticlassClassification.Trainers.Mlp(
            (MlpMulticlassTrainer.Options)Change(new MlpMulticlassTrainer.Options { Seed = seed, NumberOfThreads = threads })),
    };

    private MlpTrainerOptions Change(MlpTrainerOptions options) => change(options);
}
