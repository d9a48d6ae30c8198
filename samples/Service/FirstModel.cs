using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlNetMlp;

namespace Service;

/// <summary>A first model to serve, where there is none: handwritten digits, in a second or two, and then a model.zip like any other.</summary>
internal static class FirstModel
{
    /// <summary>Trains the network and puts its file in place as a whole: nobody ever sees a part of it.</summary>
    public static void Train(string path, int seed = 1)
    {
        var mlContext = new MLContext(seed);
        IDataView digits = mlContext.Data.LoadFromTextFile<Digit>(
            Path.Combine(AppContext.BaseDirectory, "Data", "train.csv"), separatorChar: ',', hasHeader: true);

        ITransformer model = mlContext.Transforms.Conversion
            .MapValueToKey("Label", nameof(Digit.Number), keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.Mlp(new MlpMulticlassTrainer.Options
            {
                Effort = Effort.Plain,
                FeatureColumnName = nameof(Digit.Pixels),
                HiddenLayers = [new(128) { Dropout = 0.2f }],
                NumberOfEpochs = 12,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(digits);

        mlContext.Model.SaveAtomically(model, digits.Schema, path);
    }

    /// <summary>8 x 8 counts of ink from 0 to 16, and the digit that was meant.</summary>
    private sealed class Digit
    {
        [LoadColumn(0, 63)]
        [VectorType(64)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn(64)]
        public uint Number { get; set; }
    }
}
