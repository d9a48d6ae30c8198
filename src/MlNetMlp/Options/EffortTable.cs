namespace MlNetMlp;

/// <summary>What an <see cref="Effort"/> chooses; the tables are in its documentation.</summary>
internal static class EffortTable
{
    /// <summary>The most hidden layers that are chosen: of dense rows; of sparse ones there is one.</summary>
    public const int MostHiddenLayers = 2;

    private const int Bins = 32;
    private const int TotalBins = 4096;
    private const float RateOfOthers = 0.005f;

    /// <summary>How many times the epochs of <see cref="Muon"/> other optimizers get: their steps bring less.</summary>
    private const int EpochsOfOthers = 4;

    /// <summary>So many steps a training has even of large mini-batches, if the usual ones had as many.</summary>
    private const int FewestSteps = 300;

    /// <summary>Wider layers are expensive to make orthogonal steps for.</summary>
    private const int WidestForMuon = 512;

    private static readonly CategoricalEmbedding _embedding = new();

    private static readonly Optimizer _adamW = new AdamW { WeightDecay = 3e-4f };

    /// <summary>The options with all that is chosen, and none left to choose.</summary>
    /// <param name="options">The options, of which those that were set stay.</param>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="isSparse">Whether they are kept without their zeros.</param>
    /// <param name="hasClasses">Whether the labels are classes.</param>
    /// <param name="groups">The groups of features that are one-hot codes of categories.</param>
    /// <param name="initial">The model that the training continues from, or null.</param>
    public static MlpTrainerOptions Choose(
        MlpTrainerOptions options, int rows, bool isSparse, bool hasClasses, IReadOnlyList<CategoricalGroup> groups, MlpModel? initial)
    {
        if (options.Effort == Effort.Plain)
        {
            return options;
        }

        MlpTrainerOptions chosen = options;
        bool usesAllRows = options.Optimizer.NeedsAllRows;
        Choice row = isSparse ? Choice.Sparse(options.Effort, rows) : Choice.Dense(options.Effort, rows, hasClasses);
        chosen = chosen with { BatchSize = options.BatchSize ?? (usesAllRows ? null : row.BatchSize) };
        Set(nameof(options.HiddenLayers), o => o with { HiddenLayers = initial?.Architecture.HiddenLayers ?? row.HiddenLayers });
        int fewestEpochs = options.Given.Contains(nameof(options.Ensemble)) && options.Ensemble is { } given ? given.FewestEpochs : 1;
        Set(nameof(options.NumberOfEpochs), o => usesAllRows ? o : o with { NumberOfEpochs = Math.Max(EpochsFor(options, row, rows), fewestEpochs) });
        if (isSparse)
        {
            Set(nameof(options.InputDropout), o => o with { InputDropout = initial?.Architecture.InputDropout ?? 0.5f });
            Set(nameof(options.Ensemble), o => o with { Ensemble = row.Networks > 1 && o.HiddenLayers.Count > 0 ? Ensemble.Seeds(row.Networks) : null });
            Set(nameof(options.Optimizer), o => o with { Optimizer = _adamW });
            Set(nameof(options.LearningRate), o => o with { LearningRate = Schedule.Cosine(row.Rate) });
        }
        else
        {
            int members = initial?.Architecture.SharedMembers ?? (CanShare(chosen) ? row.Members : 1);
            bool isWide = chosen.HiddenLayers.Any(layer => layer.Units > WidestForMuon);
            Set(nameof(options.Ensemble), o => o with { Ensemble = members > 1 ? row.EnsembleOf(members) : null });
            Set(nameof(options.Optimizer), o => o with { Optimizer = isWide ? _adamW : new Muon { WeightDecay = hasClasses ? 3e-3f : 3e-4f } });
            Set(nameof(options.LearningRate), o => o with { LearningRate = Schedule.FlatThenCosine(o.Optimizer is Muon ? row.Rate : RateOfOthers) });
            Set(nameof(options.GradientClipping), o => usesAllRows ? o : o with { GradientClipping = GradientClipping.ByNorm(1) });
            if (options.FeatureScaling.Scales)
            {
                Set(nameof(options.FeatureScaling), o => o with { FeatureScaling = FeatureScaling.StandardizeNumbers });
            }

            if (initial is null)
            {
                Set(nameof(options.CategoricalEmbedding), o => o with { CategoricalEmbedding = EmbeddingOf(options, groups) });
            }

            // A residual connection around the first layer needs as many columns as units.
            if (options.FeatureScaling is { Scales: true, Whitens: false } && chosen.HiddenLayers is not [{ Residual: true }, ..])
            {
                Set(nameof(options.NumericEmbedding), o => o with { NumericEmbedding = new PiecewiseLinearEmbedding { Bins = Bins, TotalBins = TotalBins } });
                Set(nameof(options.MissingIndicators), o => o with { MissingIndicators = true });
            }
        }

        return chosen with { Effort = Effort.Plain };

        void Set(string name, Func<MlpTrainerOptions, MlpTrainerOptions> change) => chosen = options.Given.Contains(name) ? chosen : change(chosen);
    }

    /// <summary>How a new network sees categories: as was set, or else as vectors where there are many of a kind.</summary>
    public static CategoricalEmbedding? EmbeddingOf(MlpTrainerOptions options, IReadOnlyList<CategoricalGroup> groups)
    {
        bool isChosen = options.Effort != Effort.Plain && !options.Given.Contains(nameof(options.CategoricalEmbedding)) && !options.FeatureScaling.Whitens;
        return isChosen && groups.Any(group => group.Size > _embedding.MaximumOneHotSize) ? _embedding : options.CategoricalEmbedding;
    }

    private static int EpochsFor(MlpTrainerOptions options, Choice row, int rows)
    {
        int epochs = options.Given.Contains(nameof(options.Optimizer)) && options.Optimizer is not Muon ? EpochsOfOthers * row.Epochs : row.Epochs;
        int StepsPerEpoch(int? batchSize) => (int)Math.Ceiling(rows / (double)Math.Max(1, options.Optimizer.BatchSizeFor(rows, batchSize)));
        int fewestSteps = Math.Min(FewestSteps, epochs * StepsPerEpoch(row.BatchSize));
        return Math.Max(epochs, (int)Math.Ceiling(fewestSteps / (double)Math.Max(1, StepsPerEpoch(options.BatchSize ?? row.BatchSize))));
    }

    /// <summary>Whether members can share such layers: a linear model gains nothing by it, and some first layers do not allow it.</summary>
    public static bool CanShare(MlpTrainerOptions options) =>
        options.HiddenLayers is [{ Residual: false, Normalization: not (WeightNormalization or CosineNormalization) }, ..];

    /// <summary>A row of the tables.</summary>
    private sealed record Choice(int Networks, int Members, HiddenLayer[] HiddenLayers, int Epochs, float Rate, int? BatchSize = null)
    {
        public static Choice Sparse(Effort effort, int rows) =>
            new(effort == Effort.Fast ? 1 : effort == Effort.Best ? 4 : 2, 1, [new(64) { Dropout = 0.5f }], rows < 10_000 ? 12 : 6, 0.0007f);

        public static Choice Dense(Effort effort, int rows, bool hasClasses)
        {
            bool isSmall = rows < 3_000, isLarge = rows >= 20_000;

            // Of many rows, each has less to say, and a step is worth more than a member. Of few, classes that overlap make a long training too sure of itself.
            (int networks, int members, int epochs) = effort == Effort.Fast ? (1, isLarge ? 2 : 3, 6)
                : effort == Effort.Best ? (4, 4, hasClasses && isSmall ? 9 : hasClasses || isLarge ? 12 : 18)
                : (1, isLarge ? 4 : 8, hasClasses || isLarge ? 10 : 13);

            // Dropout helps against that; of numbers it would cost accuracy, as of many rows.
            var layer = new HiddenLayer(64) { Dropout = hasClasses && isSmall && effort != Effort.Fast ? 0.1f : 0 };
            return new(networks, members, [layer, layer], epochs, isSmall ? 0.01f : 0.015f, isSmall ? null : isLarge ? 128 : 64);
        }

        public Ensemble EnsembleOf(int members) => Networks > 1 ? Ensemble.Seeds(Networks).Of(Ensemble.Shared(members)) : Ensemble.Shared(members);
    }
}
