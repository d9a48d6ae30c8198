using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>A row as programs have them: a text, a number, a vector with a value that can be missing, and a label for each task.</summary>
public sealed class MixedRow
{
    private static readonly string[] _colours = ["red", "green", "blue"];

    public string Colour { get; set; } = "";

    public float Size { get; set; }

    [VectorType(2)]
    public float[] Shape { get; set; } = [];

    public bool IsLarge { get; set; }

    public string Kind { get; set; } = "";

    public float Price { get; set; }

    public float Number { get; set; }

    /// <summary>The given number of rows; what makes the labels can be learned, but for some noise.</summary>
    public static MixedRow[] Many(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int colour = random.Next(3);
            float size = 100 * random.NextSingle(), length = random.NextSingle(), width = random.NextSingle();
            float price = 20 * colour + size + 10 * length + 3 * random.NextSingle();
            return new MixedRow
            {
                Colour = _colours[colour],
                Size = size,
                Shape = [length, width],
                IsLarge = price > 75,
                Kind = price < 50 ? "cheap" : price < 100 ? "fair" : "dear",
                Price = price,
                Number = i,
            };
        })];
    }

    /// <summary>From the columns of the rows to <c>Label</c> and <c>Features</c>: an encoding, a normalizer, a concatenation.</summary>
    /// <param name="context">The context.</param>
    /// <param name="task">One of <see cref="TrainerCase.Tasks"/>.</param>
    public static IEstimator<ITransformer> Preprocessing(MLContext context, string task)
    {
        EstimatorChain<ITransformer> labels = task switch
        {
            "binary" => new EstimatorChain<ITransformer>().Append<ITransformer>(context.Transforms.CopyColumns("Label", nameof(IsLarge))),
            "multiclass" => new EstimatorChain<ITransformer>().Append<ITransformer>(context.Transforms.Conversion.MapValueToKey("Label", nameof(Kind))),
            _ => new EstimatorChain<ITransformer>().Append<ITransformer>(context.Transforms.CopyColumns("Label", nameof(Price))),
        };
        return labels
            .Append<ITransformer>(context.Transforms.Categorical.OneHotEncoding(nameof(Colour)))
            .Append<ITransformer>(context.Transforms.NormalizeMeanVariance(nameof(Size)))
            .Append<ITransformer>(context.Transforms.NormalizeMinMax(nameof(Shape)))
            .Append<ITransformer>(context.Transforms.Concatenate("Features", nameof(Colour), nameof(Size), nameof(Shape)));
    }
}
