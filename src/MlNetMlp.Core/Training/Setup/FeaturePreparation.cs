namespace MlNetMlp;

/// <summary>What the options ask for beyond mean and deviation of the features, learned from a sample of the training rows.</summary>
internal static class FeaturePreparation
{
    /// <summary>Changes the scaling as the options ask for, and makes the encoding.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="options">The options.</param>
    /// <param name="categories">What is made of categories; null: nothing.</param>
    /// <param name="offset">What is subtracted from each feature.</param>
    /// <param name="scale">What is multiplied then; 0 for a feature that is ignored.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <returns>The encoding, or null where the network sees the scaled features alone.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeatureEncoding? Fit(
        IRowSource rows, MlpTrainingOptions options, CategoryMap? categories, float[] offset, float[] scale, CancellationToken cancellationToken)
    {
        FeatureScaling scaling = options.FeatureScaling;
        bool encodes = options.NumericEmbedding is not null || (options.MissingIndicators && options.MissingValues == InvalidValueHandling.Impute);
        if ((rows.IsSparse && categories?.IsDense != true) || !(encodes || scaling.KeepsIndicators))
        {
            return null;
        }

        int[] features = categories is null ? [.. Enumerable.Range(0, offset.Length)] : categories.Kept.ToArray();
        var sample = FeatureSample.Of(rows, features, cancellationToken);
        bool[] isNumber = [.. Enumerable.Range(0, offset.Length).Select(j => scale[j] != 0 && !sample.IsIndicator(j))];
        for (int j = 0; j < offset.Length; j++)
        {
            if (scaling.KeepsIndicators && scale[j] != 0 && !isNumber[j])
            {
                (offset[j], scale[j]) = (0, 1);
            }
            else if (scaling.UsesQuartiles && isNumber[j])
            {
                (offset[j], scale[j]) = RobustScaling(sample.Quantiles(j, 4));
            }
        }

        if (!(encodes || scaling.UsesQuartiles))
        {
            return null;
        }

        List<int> sources = [];
        List<float> lowerEnds = [], inverseWidths = [];
        if (options.NumericEmbedding is PiecewiseLinearEmbedding embedding)
        {
            int bins = embedding.BinsOfEach(isNumber.Count(isOne => isOne));
            for (int j = 0; j < offset.Length; j++)
            {
                if (isNumber[j])
                {
                    AddBins(j, sample.BinEnds(j, bins));
                }
            }
        }

        int[] missing = options.MissingIndicators && options.MissingValues == InvalidValueHandling.Impute
            ? [.. Enumerable.Range(0, offset.Length).Where(j => sample.IsMissing[j] && scale[j] != 0)]
            : [];
        return new FeatureEncoding(offset.Length, [.. sources], [.. lowerEnds], [.. inverseWidths], missing, isClipped: scaling.UsesQuartiles);

        void AddBins(int feature, float[] ends)
        {
            for (int i = 1; i < ends.Length; i++)
            {
                float lower = (ends[i - 1] - offset[feature]) * scale[feature], upper = (ends[i] - offset[feature]) * scale[feature];
                float inverse = 1 / (upper - lower);
                if (ends[i] > ends[i - 1] && inverse > 0 && float.IsFinite(inverse) && float.IsFinite(lower))
                {
                    sources.Add(feature);
                    lowerEnds.Add(lower);
                    inverseWidths.Add(inverse);
                }
            }
        }
    }

    /// <summary>Median and inverse distance of the quartiles; where these coincide, half of the distance of the extremes.</summary>
    private static (float Offset, float Scale) RobustScaling(float[] quartiles)
    {
        float spread = quartiles[3] - quartiles[1], half = (quartiles[4] - quartiles[0]) / 2;
        float scale = 1 / (spread > 0 && float.IsFinite(1 / spread) ? spread : half);
        return (quartiles[2], float.IsFinite(scale) && scale > 0 ? scale : 0);
    }
}
