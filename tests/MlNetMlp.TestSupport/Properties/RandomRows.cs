using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>The shape of a small data set, whose values follow from the seed.</summary>
/// <param name="Count">Rows; there may be none.</param>
/// <param name="Features">Features of a row.</param>
/// <param name="Classes">Classes, or values of a target.</param>
/// <param name="Scale">The size of the features and, for values, of the targets.</param>
/// <param name="MissingShare">Percent of the features that are NaN.</param>
/// <param name="ZeroShare">Percent of the features that are 0.</param>
/// <param name="Weights">What the weights of the rows are.</param>
/// <param name="IsSparse">Whether rows are kept without their zeros.</param>
/// <param name="Seed">Where the values come from.</param>
internal sealed record RandomRows(int Count, int Features, int Classes, float Scale, int MissingShare, int ZeroShare, RowWeights Weights,
    bool IsSparse, int Seed)
{
    public static Gen<RandomRows> Shapes { get; } =
        from count in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Constant(1)), (18, Gen.Choose(2, 40)))
        from features in Gen.Choose(1, 12)
        from classes in Gen.Choose(2, 5)
        from scale in Gen.Frequency((12, Gen.Constant(1f)), (6, Gen.Elements(1e-38f, 1e-45f, 1e-6f, 1e6f, 1e19f, 1e30f, 1e38f)))
        from missing in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(0, 60)), (1, Gen.Constant(100)))
        from zero in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(0, 90)))
        from weights in Gen.Frequency((6, Gen.Constant(RowWeights.One)), (3, Gen.Constant(RowWeights.Some)), (1, Gen.Elements(Enum.GetValues<RowWeights>())))
        from sparse in Gen.Choose(0, 3)
        from categories in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, features)))
        from seed in Gen.Choose(0, 1_000_000)
        select new RandomRows(count, features, classes, scale, missing, zero, weights, sparse == 0, seed) { Categories = categories };

    /// <summary>So many features, the last ones, are the one-hot code of a category, which may be missing; 0: none are.</summary>
    public int Categories { get; init; }

    /// <summary>The features of a row.</summary>
    public float[] FeaturesOf(int row)
    {
        var random = new Random(HashCode.Of(Seed, row, 0));
        float[] features =
            [.. Enumerable.Range(0, Features).Select(_ => random.Next(100) < MissingShare ? float.NaN : random.Next(100) < ZeroShare ? 0 : Value(random))];
        Span<float> categories = features.AsSpan(Features - Categories);
        categories.Clear();
        int category = random.Next(Categories + 1);
        if (category < Categories)
        {
            categories[category] = 1;
        }

        return features;
    }

    /// <summary>The group of the category, if there is one.</summary>
    public CategoricalGroup[] FindGroups() => Categories == 0 ? [] : [new(Features - Categories, Features - 1)];

    /// <summary>A class that the features of a row have no part in, as if it were drawn: what is learned is noise.</summary>
    public int ClassOf(int row) => new Random(HashCode.Of(Seed, row, 1)).Next(Classes);

    /// <summary>Values to compare with, of which some losses want none below 0.</summary>
    public float[] ValuesOf(int row, int outputs)
    {
        var random = new Random(HashCode.Of(Seed, row, 2));
        return [.. Enumerable.Range(0, outputs).Select(_ => Seed % 2 == 0 ? Math.Abs(Value(random)) : Value(random))];
    }

    public float WeightOf(int row) => Weights switch
    {
        RowWeights.One => 1,
        RowWeights.Some => row % 3,
        RowWeights.None => 0,
        RowWeights.Tiny => 1e-38f,
        RowWeights.Huge => 1e37f,
        _ => row == 3 ? float.NaN : -1,
    };

    /// <summary>Rows for the core.</summary>
    public IRowSource Create(Loss loss, int outputs, int? count = null)
    {
        int rows = count ?? Count, targets = loss is RegressionLoss ? outputs : 1;
        var dense = new InMemoryRows(Features, targets);
        var sparse = new SparseRows(Features, targets);
        for (int i = 0; i < rows; i++)
        {
            float[] x = FeaturesOf(i), y = loss switch
            {
                BinaryLoss => [ClassOf(i) % 2],
                MulticlassLoss => [ClassOf(i)],
                _ => ValuesOf(i, outputs),
            };
            if (IsSparse)
            {
                sparse.Add([.. Enumerable.Range(0, Features)], x, y, WeightOf(i));
            }
            else
            {
                dense.Add(x, y, WeightOf(i));
            }
        }

        return IsSparse ? sparse : dense;
    }

    public IEnumerable<RandomRows> Shrink()
    {
        if (Scale != 1)
        {
            yield return this with { Scale = 1 };
        }

        if (Categories > 0)
        {
            yield return this with { Categories = 0 };
        }

        if (MissingShare > 0 || ZeroShare > 0)
        {
            yield return this with { MissingShare = 0, ZeroShare = 0 };
        }

        if (IsSparse)
        {
            yield return this with { IsSparse = false };
        }

        if (Weights != RowWeights.One)
        {
            yield return this with { Weights = RowWeights.One };
        }

        if (Count > 2)
        {
            yield return this with { Count = Count / 2 };
        }

        if (Features > 1)
        {
            yield return this with { Features = Features / 2, Categories = Math.Min(Categories, Features / 2) };
        }
    }

    private float Value(Random random) => (float)(Scale * 2 * (random.NextDouble() - 0.5) * (Scale > 1e37f ? 1.7 : 3));

    private static class HashCode
    {
        /// <summary>Always the same, unlike the framework's own.</summary>
        public static int Of(int a, int b, int c) => unchecked(((a * 31) + b) * 31 + c);
    }
}
