namespace MlNetMlp;

/// <summary>What an <see cref="Effort"/> chooses; the tables are in its documentation.</summary>
internal static class EffortTable
{
    private const int Bins = 32;
    private const float LearningRate = 0.005f;
    private const float WeightDecay = 3e-4f;

    /// <summary>The options with all that is chosen, and none left to choose.</summary>
    /// <param name="options">The options, of which those that were set stay.</param>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="isSparse">Whether they are kept without their zeros.</param>
    /// <param name="initial">The model that the training continues from, or null.</param>
    public static MlpTrainerOptions Choose(MlpTrainerOptions options, int rows, bool isSparse, MlpModel? initial)
    {
        if (options.Effort == Effort.Plain)
        {
            return options;
        }

        MlpTrainerOptions chosen = options;
        bool usesAllRows = options.Optimizer.NeedsAllRows;
        Choice row = isSparse ? Choice.Sparse : Choice.Of(options.Effort, rows);
        Set(nameof(options.HiddenLayers), o => o with { HiddenLayers = initial?.Architecture.HiddenLayers ?? row.HiddenLayers });
        Set(nameof(options.Optimizer), o => o with { Optimizer = new AdamW { WeightDecay = WeightDecay } });
        Set(nameof(options.NumberOfEpochs), o => usesAllRows ? o : o with { NumberOfEpochs = row.Epochs });
        if (isSparse)
        {
            Set(nameof(options.EarlyStopping), o => o with { EarlyStopping = new() });
        }
        else
        {
            int members = initial?.Architecture.SharedMembers ?? (CanShare(chosen) ? row.Members : 1);
            Set(nameof(options.Ensemble), o => o with { Ensemble = members > 1 ? Ensemble.Shared(members) : null });
            Set(nameof(options.LearningRate), o => o with { LearningRate = Schedule.Cosine(LearningRate) });
            Set(nameof(options.GradientClipping), o => usesAllRows ? o : o with { GradientClipping = GradientClipping.ByNorm(1) });
            if (options.FeatureScaling.Scales)
            {
                Set(nameof(options.FeatureScaling), o => o with { FeatureScaling = FeatureScaling.StandardizeNumbers });
            }

            if (options.FeatureScaling is { Scales: true, Whitens: false })
            {
                Set(nameof(options.NumericEmbedding), o => o with { NumericEmbedding = NumericEmbedding.PiecewiseLinear(Bins) });
                Set(nameof(options.MissingIndicators), o => o with { MissingIndicators = true });
            }
        }

        return chosen with { Effort = Effort.Plain };

        void Set(string name, Func<MlpTrainerOptions, MlpTrainerOptions> change) => chosen = options.Given.Contains(name) ? chosen : change(chosen);
    }

    /// <summary>Whether members can share such layers: a linear model gains nothing by it, and some first layers do not allow it.</summary>
    private static bool CanShare(MlpTrainerOptions options) =>
        options.HiddenLayers is [{ Residual: false, Normalization: not (WeightNormalization or CosineNormalization) }, ..];

    /// <summary>A row of the tables.</summary>
    private sealed record Choice(int Members, HiddenLayer[] HiddenLayers, int Epochs)
    {
        public static Choice Sparse { get; } = new(1, [new(64) { Dropout = 0.5f }], 50);

        public static Choice Of(Effort effort, int rows)
        {
            int size = rows < 1_000 ? 0 : rows < 10_000 ? 1 : 2;
            return effort == Effort.Fast ? new(4, [new(64), new(64)], ((int[])[20, 10, 10])[size])
                : effort == Effort.Best ? new(16, [new(128), new(128), new(128)], 24)
                : new(8, [new(64), new(64), new(64)], ((int[])[20, 16, 12])[size]);
        }
    }
}
