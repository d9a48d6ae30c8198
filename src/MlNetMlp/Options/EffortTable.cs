namespace MlNetMlp;

/// <summary>What an <see cref="Effort"/> chooses; the tables are in its documentation.</summary>
internal static class EffortTable
{
    private const int Bins = 32;
    private const int TotalBins = 4096;
    private const float RateOfOthers = 0.005f;

    /// <summary>Wider layers are expensive to make orthogonal steps for.</summary>
    private const int WidestForMuon = 512;

    private static readonly Optimizer _adamW = new AdamW { WeightDecay = 3e-4f };

    /// <summary>The options with all that is chosen, and none left to choose.</summary>
    /// <param name="options">The options, of which those that were set stay.</param>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="isSparse">Whether they are kept without their zeros.</param>
    /// <param name="hasClasses">Whether the labels are classes.</param>
    /// <param name="initial">The model that the training continues from, or null.</param>
    public static MlpTrainerOptions Choose(MlpTrainerOptions options, int rows, bool isSparse, bool hasClasses, MlpModel? initial)
    {
        if (options.Effort == Effort.Plain)
        {
            return options;
        }

        MlpTrainerOptions chosen = options;
        bool usesAllRows = options.Optimizer.NeedsAllRows;
        Choice row = isSparse ? Choice.Sparse(rows) : Choice.Dense(options.Effort, rows, hasClasses);
        chosen = chosen with { BatchSize = options.BatchSize ?? (usesAllRows ? null : row.BatchSize) };
        Set(nameof(options.HiddenLayers), o => o with { HiddenLayers = initial?.Architecture.HiddenLayers ?? row.HiddenLayers });
        Set(nameof(options.NumberOfEpochs), o => usesAllRows ? o : o with { NumberOfEpochs = row.Epochs });
        if (isSparse)
        {
            Set(nameof(options.InputDropout), o => o with { InputDropout = initial?.Architecture.InputDropout ?? 0.5f });
            Set(nameof(options.Optimizer), o => o with { Optimizer = _adamW });
            Set(nameof(options.LearningRate), o => o with { LearningRate = Schedule.Cosine(row.Rate) });
        }
        else
        {
            int members = initial?.Architecture.SharedMembers ?? (CanShare(chosen) ? row.Members : 1);
            bool isWide = chosen.HiddenLayers.Any(layer => layer.Units > WidestForMuon);
            Set(nameof(options.Ensemble), o => o with { Ensemble = members > 1 ? Ensemble.Shared(members) : null });
            Set(nameof(options.Optimizer), o => o with { Optimizer = isWide ? _adamW : new Muon { WeightDecay = hasClasses ? 3e-3f : 3e-4f } });
            Set(nameof(options.LearningRate), o => o with { LearningRate = Schedule.FlatThenCosine(o.Optimizer is Muon ? row.Rate : RateOfOthers) });
            Set(nameof(options.GradientClipping), o => usesAllRows ? o : o with { GradientClipping = GradientClipping.ByNorm(1) });
            if (options.FeatureScaling.Scales)
            {
                Set(nameof(options.FeatureScaling), o => o with { FeatureScaling = FeatureScaling.StandardizeNumbers });
            }

            if (options.FeatureScaling is { Scales: true, Whitens: false })
            {
                Set(nameof(options.NumericEmbedding), o => o with { NumericEmbedding = new PiecewiseLinearEmbedding { Bins = Bins, TotalBins = TotalBins } });
                Set(nameof(options.MissingIndicators), o => o with { MissingIndicators = true });
            }
        }

        return chosen with { Effort = Effort.Plain };

        void Set(string name, Func<MlpTrainerOptions, MlpTrainerOptions> change) => chosen = options.Given.Contains(name) ? chosen : change(chosen);
    }

    /// <summary>Whether members can share such layers: a linear model gains nothing by it, and some first layers do not allow it.</summary>
    public static bool CanShare(MlpTrainerOptions options) =>
        options.HiddenLayers is [{ Residual: false, Normalization: not (WeightNormalization or CosineNormalization) }, ..];

    /// <summary>A row of the tables.</summary>
    private sealed record Choice(int Members, HiddenLayer[] HiddenLayers, int Epochs, float Rate, int? BatchSize = null)
    {
        public static Choice Sparse(int rows) => new(1, [new(64) { Dropout = 0.5f }], rows < 10_000 ? 16 : 8, 0.0005f);

        public static Choice Dense(Effort effort, int rows, bool hasClasses)
        {
            bool isLarge = rows >= 20_000;

            (int members, int width, int epochs) = effort == Effort.Fast ? (4, 64, isLarge ? 4 : 5)
                : effort == Effort.Best ? (16, 96, isLarge ? 12 : 16)
                : (8, 64, isLarge ? 6 : 9);

            // Classes overlap: without dropout, more than a few epochs make a network too sure of itself. Of numbers it would cost accuracy.
            var layer = new HiddenLayer(width) { Dropout = hasClasses && effort != Effort.Fast ? 0.1f : 0 };
            return new(members, [layer, layer], epochs, isLarge ? 0.015f : 0.01f, isLarge ? 128 : null);
        }
    }
}
