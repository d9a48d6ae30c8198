namespace MlNetMlp.Onnx;

/// <summary>
/// What a file does to the features in front of the first layer: replaces invalid ones, and maps <c>(x - offset) scale</c>, feature by feature.
/// </summary>
internal sealed class Standardization
{
    private readonly List<Part> _parts = [];
    private float[]? _replacement;
    private InvalidValueHandling _missing = InvalidValueHandling.Fail;
    private InvalidValueHandling _infinite = InvalidValueHandling.Fail;

    /// <summary>Whether the features are scaled or shifted.</summary>
    public bool HasMap => _parts.Exists(part => part is Part.Map);

    public void Add(Part.Map map) => _parts.Add(map);

    public void Replace(Part.Replacement part)
    {
        InvalidValueHandling handling = part.OfInfinite ? _infinite : _missing;
        if (handling == InvalidValueHandling.Impute)
        {
            throw part.Node.Refuse("the same features were replaced before");
        }

        if (_replacement is not null && !_replacement.AsSpan().SequenceEqual(part.Values))
        {
            throw part.Node.Refuse("missing and infinite features are replaced by different numbers");
        }

        _parts.Add(part);
        _replacement = part.Values;
        if (part.OfInfinite)
        {
            _infinite = InvalidValueHandling.Impute;
        }
        else
        {
            _missing = InvalidValueHandling.Impute;
        }
    }

    /// <summary>Checks all numbers, and takes what they will need.</summary>
    /// <param name="features">The number of features.</param>
    /// <param name="seen">The features of which the network sees whether they are missing, ascending.</param>
    /// <param name="budget">What the file may take.</param>
    /// <exception cref="InvalidDataException">There are numbers for another number of features, or too many.</exception>
    /// <exception cref="NotSupportedException">Other features than those stay missing.</exception>
    public void Check(int features, ReadOnlySpan<int> seen, ModelBudget budget)
    {
        Part.Map[] maps = [.. _parts.OfType<Part.Map>()];
        budget.TakeBytes(Part.Map.BytesOf(features) * maps.Length, "the standardization");
        if (!Array.TrueForAll(maps, map => map.Fits(features)) || (_replacement is { Length: > 1 } values && values.Length != features))
        {
            throw new InvalidDataException($"The ONNX file is damaged: {features} features are scaled or replaced by as many numbers as others have.");
        }

        for (int j = 0; j < features && _replacement is not null; j++)
        {
            if (float.IsNaN(Replacement(j)) && (_missing == InvalidValueHandling.Fail || seen.BinarySearch(j) < 0))
            {
                throw _parts.Find(part => part is Part.Replacement)!.Node.Refuse(
                    $"it puts NaN in the place of feature {j}, of which the network does not see whether it is missing");
            }
        }
    }

    /// <summary>Whether two networks get their features from the same operators.</summary>
    public bool IsSameAs(Standardization other) =>
        _parts.Count == other._parts.Count && _parts.Zip(other._parts).All(pair => ReferenceEquals(pair.First.Node, pair.Second.Node));

    /// <exception cref="NotSupportedException">A feature is multiplied by 0, and something is added to it.</exception>
    public FeatureStandardizer ToStandardizer(int features)
    {
        float[] offset = new float[features], scale = new float[features], means = new float[features];
        bool[] keepsMissing = new bool[features];
        double[] exactOffset = new double[features], exactScale = new double[features];
        exactScale.AsSpan().Fill(1);
        foreach (Part.Map map in _parts.OfType<Part.Map>())
        {
            ColumnMap columns = map.Read();
            for (int j = 0; j < features; j++)
            {
                // a ((x - o) s) + c = (x - (o - c / (a s))) a s. An offset and a scale that are operators of their own so come out as they are.
                double shift = columns.Shift(j);
                exactScale[j] *= columns.Scale(j);
                exactOffset[j] -= shift == 0 ? 0 : shift / exactScale[j];
            }
        }

        for (int j = 0; j < features; j++)
        {
            (offset[j], scale[j]) = ((float)exactOffset[j], (float)exactScale[j]);
            if (!float.IsFinite(scale[j]) || !float.IsFinite(offset[j]))
            {
                throw new NotSupportedException(
                    $"The ONNX file scales feature {j} by {exactScale[j]} and subtracts {exactOffset[j]} first; that cannot be undone, so it is no "
                    + "standardization.");
            }

            keepsMissing[j] = _replacement is not null && float.IsNaN(Replacement(j));
            means[j] = _replacement is null || keepsMissing[j] ? offset[j] : Replacement(j);
        }

        int[] keptMissing = [.. Enumerable.Range(0, features).Where(j => keepsMissing[j])];
        return new(offset, scale, means, _missing, _infinite, keptMissing);
    }

    private float Replacement(int feature) => _replacement![_replacement.Length == 1 ? 0 : feature];
}
