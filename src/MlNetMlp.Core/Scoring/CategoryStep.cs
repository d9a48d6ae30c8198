using System.Numerics.Tensors;
using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the network sees of categories; see <see cref="CategoryMap"/>.</summary>
/// <param name="map">The groups.</param>
/// <param name="table">The vectors, [rows, width].</param>
internal sealed class CategoryStep(CategoryMap map, float[] table) : ScoringStep(map.FeatureCount, map.OutputSize)
{
    public CategoryMap Map => map;

    /// <summary>The vectors, [rows, width].</summary>
    public ReadOnlySpan<float> Table => table;

    public override IReadOnlyList<float[]> Numbers =>
    [
        Array.ConvertAll(map.Groups.ToArray(), group => (float)group.First), Array.ConvertAll(map.Groups.ToArray(), group => (float)group.Last),
        Array.ConvertAll(map.IsEmbedded.ToArray(), isEmbedded => isEmbedded ? 1f : 0f), table,
    ];

    public override double LargestOutput(double input)
    {
        double others = 1 + map.LargestGroup * input, largest = table.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(table));
        return Math.Max(Math.Max(input, others), (others + map.LargestGroup * input) * largest);
    }

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            map.Encode(input.Row(i), table, [], output.Row(i));
        }
    }

    /// <summary>The same for sparse rows, which stay sparse.</summary>
    public void Apply(SparseFeatures input, SparseFeatures output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            map.Encode(input.Indices(i), input.Values(i), table, [], output);
        }
    }
}
