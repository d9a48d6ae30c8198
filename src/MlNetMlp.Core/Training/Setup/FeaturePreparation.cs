using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the options ask for beyond mean and deviation of the features, learned from a sample of the training rows; null where there is none.</summary>
/// <param name="Encoding">The columns beside the features.</param>
/// <param name="Numbers">The numbers that are embedded.</param>
/// <param name="Quantiles">The map of numbers to normal quantiles.</param>
internal sealed record FeaturePreparation(FeatureEncoding? Encoding, PeriodicNumbers? Numbers, QuantileMap? Quantiles)
{
    /// <summary>The most knots of a map to quantiles, less one.</summary>
    private const int QuantilePieces = 99;

    /// <summary>Changes the scaling as the options ask for, and finds out what the network sees of the features.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="loss">What their targets are for.</param>
    /// <param name="options">The options.</param>
    /// <param name="columns">What is known of all rows.</param>
    /// <param name="largest">The largest values of all rows.</param>
    /// <param name="categories">What is made of categories; null: nothing.</param>
    /// <param name="offset">What is subtracted from each feature.</param>
    /// <param name="scale">What is multiplied then; 0 for a feature that is ignored.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeaturePreparation Fit(
        IRowSource rows, Loss loss, MlpTrainingOptions options, ColumnMoments columns, LargestFeatures largest, CategoryMap? categories, float[] offset,
        float[] scale, CancellationToken cancellationToken)
    {
        FeatureScaling scaling = options.FeatureScaling;
        bool showsMissing = options.MissingIndicators && options.MissingValues == InvalidValueHandling.Impute;
        bool needsSample = showsMissing || options.NumericEmbedding is not null || scaling.KeepsIndicators;
        if (!needsSample || (rows.IsSparse && categories?.IsDense != true))
        {
            return new(null, null, null);
        }

        var binned = options.NumericEmbedding as PiecewiseLinearEmbedding;
        int[] features = categories is null ? [.. Enumerable.Range(0, offset.Length)] : categories.Kept.ToArray();
        var sample = FeatureSample.Of(rows, features, binned?.Ends == BinEnds.Tree ? loss : null, cancellationToken);
        bool isClipped = scaling.UsesQuartiles;
        bool[] isNumber = [.. Enumerable.Range(0, offset.Length).Select(j => scale[j] != 0 && !columns.IsIndicator(j))];
        for (int j = 0; j < offset.Length; j++)
        {
            if (scaling.KeepsIndicators && scale[j] != 0 && !isNumber[j])
            {
                (offset[j], scale[j]) = (0, 1);
            }
            else if (scaling.UsesQuartiles && isNumber[j] && sample.Has(j))
            {
                (offset[j], scale[j]) = RobustScaling(sample.Quantiles(j, 4));
            }
            else if (scaling is { Scales: true, OnlyCenters: false } && isNumber[j] && sample.Has(j)
                && NarrowScaling(sample.BinEnds(j, PiecewiseLinearEmbedding.DefaultBins), offset[j], scale[j], largest[j]) is { } narrow)
            {
                (offset[j], scale[j]) = narrow;
                isClipped |= !scaling.UsesQuantiles;
            }
        }

        int[] numbers = [.. Enumerable.Range(0, offset.Length).Where(j => isNumber[j] && scale[j] != 0)];
        QuantileMap? quantiles = scaling.UsesQuantiles ? QuantilesOf(sample, numbers, Standardized) : null;

        // Also where the values that are there are all the same: then it is all that a feature tells.
        int[] missing = showsMissing ? [.. features.Where(columns.IsSometimesMissing)] : [];
        List<int> sources = [];
        List<float> lowerEnds = [], inverseWidths = [];
        int bins = binned?.BinsOfEach(numbers.Length) ?? 0;
        for (int i = 0; i < numbers.Length && binned is not null; i++)
        {
            int j = numbers[i];
            float[] ends = binned.Ends == BinEnds.Tree ? sample.TreeEnds(j, bins) : sample.BinEnds(j, bins);
            AddBins(j, [.. ends.Select(end => Prepared(j, end))]);
        }

        FeatureEncoding? encoding = sources.Count == 0 && missing.Length == 0 && !isClipped ? null
            : new(offset.Length, [.. sources], [.. lowerEnds], [.. inverseWidths], missing, isClipped);
        PeriodicNumbers? embedded = options.NumericEmbedding is PeriodicEmbedding periodic && numbers.Length > 0 ? new(periodic, numbers) : null;
        return new(encoding, embedded, quantiles);

        float Standardized(int feature, float value) => (value - offset[feature]) * scale[feature];

        float Prepared(int feature, float value)
        {
            float standardized = Standardized(feature, value);
            return quantiles?.Map(feature, standardized) ?? standardized;
        }

        void AddBins(int feature, float[] ends)
        {
            for (int i = 1; i < ends.Length; i++)
            {
                float inverse = 1 / (ends[i] - ends[i - 1]);
                if (inverse > 0 && float.IsFinite(inverse) && float.IsFinite(ends[i - 1]))
                {
                    sources.Add(feature);
                    lowerEnds.Add(ends[i - 1]);
                    inverseWidths.Add(inverse);
                }
            }
        }
    }

    /// <summary>The same of the same features behind a map of categories; quantiles are mapped in front of it.</summary>
    public FeaturePreparation Behind(CategoryMap? categories) => categories is null ? this
        : this with { Encoding = Encoding?.Behind(categories), Numbers = Numbers?.Behind(categories) };

    /// <summary>Knots where bins of equally many rows end.</summary>
    private static QuantileMap QuantilesOf(FeatureSample sample, int[] numbers, Func<int, float, float> standardized)
    {
        List<int> features = [], counts = [];
        List<float> knots = [], quantiles = [];
        foreach (int j in numbers)
        {
            float[] ends = sample.BinEnds(j, QuantilePieces);
            double[] ranks = sample.MiddleRanks(j, ends);
            int first = knots.Count;
            for (int i = 0; i < ends.Length; i++)
            {
                float knot = standardized(j, ends[i]);
                if (float.IsFinite(knot) && (knots.Count == first || knot > knots[^1]))
                {
                    knots.Add(knot);
                    quantiles.Add((float)NormalDistribution.Quantile(ranks[i]));
                }
            }

            if (knots.Count > first)
            {
                features.Add(j);
                counts.Add(knots.Count - first);
            }
        }

        return new([.. features], [.. counts], [.. knots], [.. quantiles]);
    }

    /// <summary>
    /// Another scaling where a few values, such as 1E+20 in the place of one that is missing, make the deviation so large that the others would be the same
    /// number once they are standardized; null where they would not.
    /// </summary>
    /// <param name="ends">The ends of bins of equally many rows, ascending.</param>
    /// <param name="offset">The mean.</param>
    /// <param name="scale">1 over the deviation.</param>
    /// <param name="largest">The size of the largest value.</param>
    private static (float Offset, float Scale)? NarrowScaling(float[] ends, float offset, float scale, float largest)
    {
        const float LeastSteps = 1024, Width = 2;
        if (ends.Length < 3)
        {
            return null;
        }

        // Without the outermost bin of each side, or of one side where only two values would be left.
        bool isLeft = ends.Length == 3 && ends[1] - ends[0] < ends[2] - ends[1];
        float lower = ends[ends.Length == 3 && isLeft ? 0 : 1], upper = ends[ends.Length == 3 && !isLeft ? 2 : ^2];
        double middle = ((double)lower + upper) / 2, width = (double)upper - lower;
        float place = Math.Abs((float)((middle - offset) * scale));
        if (width * scale >= LeastSteps * (MathF.BitIncrement(place) - place))
        {
            return null;
        }

        // Neither that value nor one somewhat further may become infinite.
        float narrow = (float)Math.Min(Width / width, float.MaxValue / (4 * (largest + Math.Abs(middle))));
        return float.IsFinite(narrow) && narrow > scale ? ((float)middle, narrow) : null;
    }

    /// <summary>Median and inverse distance of the quartiles; where these coincide, half of the distance of the extremes.</summary>
    private static (float Offset, float Scale) RobustScaling(float[] quartiles)
    {
        float spread = quartiles[3] - quartiles[1], half = (quartiles[4] - quartiles[0]) / 2;
        float scale = 1 / (spread > 0 && float.IsFinite(1 / spread) ? spread : half);
        return (quartiles[2], float.IsFinite(scale) && scale > 0 ? scale : 0);
    }
}
