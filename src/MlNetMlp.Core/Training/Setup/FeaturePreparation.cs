namespace MlNetMlp;

/// <summary>What the options ask for beyond mean and deviation of the features, learned from a sample of the training rows.</summary>
internal static class FeaturePreparation
{
    /// <summary>Changes the scaling as the options ask for, and finds out what the network sees of the features.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="loss">What their targets are for.</param>
    /// <param name="options">The options.</param>
    /// <param name="offset">What is subtracted from each feature.</param>
    /// <param name="scale">What is multiplied then; 0 for a feature that is ignored.</param>
    /// <param name="cancellationToken">Looked at before every reading.</param>
    /// <returns>The encoding and the embedded numbers, each null where there is none.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (FeatureEncoding? Encoding, PeriodicNumbers? Numbers) Fit(
        IRowSource rows, Loss loss, MlpTrainingOptions options, float[] offset, float[] scale, CancellationToken cancellationToken)
    {
        FeatureScaling scaling = options.FeatureScaling;
        bool encodes = options.NumericEmbedding is not null || (options.MissingIndicators && options.MissingValues == InvalidValueHandling.Impute);
        if (rows.IsSparse || !(encodes || scaling.KeepsIndicators))
        {
            return (null, null);
        }

        var binned = options.NumericEmbedding as PiecewiseLinearEmbedding;
        var sample = FeatureSample.Of(rows, binned?.Ends == BinEnds.Tree ? loss : null, cancellationToken);
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

        List<int> sources = [];
        List<float> lowerEnds = [], inverseWidths = [];
        if (binned is not null)
        {
            for (int j = 0; j < offset.Length; j++)
            {
                if (isNumber[j])
                {
                    AddBins(j, binned.Ends == BinEnds.Tree ? sample.TreeEnds(j, binned.Bins) : sample.BinEnds(j, binned.Bins));
                }
            }
        }

        int[] missing = options.MissingIndicators && options.MissingValues == InvalidValueHandling.Impute
            ? [.. Enumerable.Range(0, offset.Length).Where(j => sample.IsMissing[j] && scale[j] != 0)]
            : [];
        FeatureEncoding? encoding = sources.Count == 0 && missing.Length == 0 && !scaling.UsesQuartiles ? null
            : new(offset.Length, [.. sources], [.. lowerEnds], [.. inverseWidths], missing, isClipped: scaling.UsesQuartiles);
        int[] numbers = [.. Enumerable.Range(0, offset.Length).Where(j => isNumber[j] && scale[j] != 0)];
        return (encoding, options.NumericEmbedding is PeriodicEmbedding periodic && numbers.Length > 0 ? new PeriodicNumbers(periodic, numbers) : null);

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
