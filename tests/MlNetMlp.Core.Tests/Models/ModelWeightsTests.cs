namespace MlNetMlp.Core.Tests;

public sealed class ModelWeightsTests
{
    /// <summary>The scores are computed from the weights by hand: y = W2^T relu(W1^T (x - offset) scale + b1) + b2, in the units of the targets.</summary>
    [Fact]
    public void Weights_AreThoseThatScore()
    {
        Loss loss = new SquaredError { StandardizeTargets = false };
        MlpModel model = MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(6)] }, loss, SmallData.For(loss, 50))
        {
            Options = new() { NumberOfEpochs = 2, FeatureScaling = FeatureScaling.None },
        }).Model;
        ModelWeights weights = model.Weights();
        Assert.Equal(["Hidden1.Weights, 4 x 6", "Hidden1.Biases, 1 x 6", "Output.Weights, 6 x 3", "Output.Biases, 1 x 3"],
            weights.Select(matrix => $"{matrix}"));

        float[] x = [0.5f, -1, 2, 0.25f], scores = new float[3];
        model.Predict(x, scores);
        double[] hidden = [.. Enumerable.Range(0, 6).Select(unit => Math.Max(0, weights["Hidden1.Biases"][0, unit]
            + Enumerable.Range(0, 4).Sum(input => (double)x[input] * weights["Hidden1.Weights"][input, unit])))];
        for (int output = 0; output < 3; output++)
        {
            double expected = weights["Output.Biases"][0, output]
                + Enumerable.Range(0, 6).Sum(unit => hidden[unit] * weights["Output.Weights"].Row(unit)[output]);
            Assert.Equal(expected, scores[output], 1e-4);
        }
    }

    [Fact]
    public void Weights_OfANormalization_SayWhatWasMeasured()
    {
        var architecture = new MlpArchitecture(5, 2) { HiddenLayers = [new(7) { Normalization = Normalization.Batch }] };
        var values = new ParameterVector(architecture.Layout());
        for (int i = 0; i < values.Values.Length; i++)
        {
            values.Values.Span[i] = i;
        }

        ModelWeights weights = new MlpModel(
            architecture, new SquaredError(), FeatureStandardizer.AsGiven(5, InvalidValueHandling.Fail, InvalidValueHandling.Fail),
            TargetUnits.AsGiven(2), values.Snapshot()).Weights();
        Assert.Equal(architecture.Layout().Parameters.Where(parameter => !parameter.Trainable).Select(parameter => parameter.Name),
            weights.Where(matrix => !matrix.IsLearned).Select(matrix => matrix.Name));
        Assert.Contains(weights, matrix => !matrix.IsLearned);
        foreach (WeightMatrix matrix in weights)
        {
            Parameter parameter = architecture.Layout().Parameters.Single(parameter => parameter.Name == matrix.Name);
            Assert.Equal(values.Value(parameter).ToArray(), matrix.Values.ToArray());
        }
    }

    [Fact]
    public void Name_ThatThereIsNot_IsRefusedWithThoseThatThereAre()
    {
        ModelWeights weights = RandomModels.Create(new(2, 1) { HiddenLayers = [new(3)] }, new SquaredError()).Weights();
        Assert.Contains("no 'Hidden2.Weights'; it has Hidden1.Weights, Hidden1.Biases, Output",
            Assert.Throws<KeyNotFoundException>(() => weights["Hidden2.Weights"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("row", () => weights[0][2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("column", () => weights[0][0, -1]);
    }
}
