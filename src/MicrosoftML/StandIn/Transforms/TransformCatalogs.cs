using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Copying, joining and choosing columns.</summary>
public static class TransformExtensionsCatalog
{
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName)
        => new([new InputOutputColumnPair(outputColumnName, inputColumnName)]);

    public static ColumnConcatenatingEstimator Concatenate(
        this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames)
        => new(outputColumnName, inputColumnNames);
}

/// <summary>Keys from values, and back.</summary>
public static class ConversionsExtensionsCatalog
{
    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null,
        int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null)
        => new(
            [new InputOutputColumnPair(outputColumnName, inputColumnName)], maximumNumberOfKeys, keyOrdinality,
            addKeyValueAnnotationsAsText, keyData);

    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null)
        => new([new InputOutputColumnPair(outputColumnName, inputColumnName)]);
}

/// <summary>Vectors from categories.</summary>
public static class CategoricalCatalog
{
    public static OneHotEncodingEstimator OneHotEncoding(
        this TransformsCatalog.CategoricalTransforms catalog, string outputColumnName, string inputColumnName = null,
        OneHotEncodingEstimator.OutputKind outputKind = OneHotEncodingEstimator.OutputKind.Indicator, int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        IDataView keyData = null)
        => catalog.OneHotEncoding(
            [new InputOutputColumnPair(outputColumnName, inputColumnName)], outputKind, maximumNumberOfKeys, keyOrdinality, keyData);

    public static OneHotEncodingEstimator OneHotEncoding(
        this TransformsCatalog.CategoricalTransforms catalog, InputOutputColumnPair[] columns,
        OneHotEncodingEstimator.OutputKind outputKind = OneHotEncodingEstimator.OutputKind.Indicator, int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        IDataView keyData = null)
        => new(columns, outputKind, maximumNumberOfKeys, keyOrdinality, keyData);
}

/// <summary>Scaling.</summary>
public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null, long maximumExampleCount = 1000000000,
        bool fixZero = true)
        => catalog.NormalizeMinMax([new InputOutputColumnPair(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, long maximumExampleCount = 1000000000, bool fixZero = true)
        => new(columns, maximumExampleCount, slot => slot.MinMax(fixZero));

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null, long maximumExampleCount = 1000000000,
        bool fixZero = true, bool useCdf = false)
        => catalog.NormalizeMeanVariance(
            [new InputOutputColumnPair(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, long maximumExampleCount = 1000000000, bool fixZero = true,
        bool useCdf = false)
        => useCdf
            ? throw new NotSupportedException("Normalizing by the cumulative distribution is not in the stand-in")
            : new(columns, maximumExampleCount, slot => slot.MeanVariance(fixZero));
}
