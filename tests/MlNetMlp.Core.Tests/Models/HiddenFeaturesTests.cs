namespace MlNetMlp.Core.Tests;

/// <summary>The scores of a network up to a layer, against the reference in double precision and against the whole network.</summary>
public sealed class HiddenFeaturesTests
{
    public static TheoryData<string> Names => RandomModels.Names;

    /// <summary>What the rest of the network, a plain sum of products, makes of the last hidden layer is what the network says.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void LastLayer_TimesOutputWeights_GivesTheScores(string name)
    {
        MlpModel model = RandomModels.Named(name);
        int layers = model.Architecture.HiddenLayers.Count;
        MlpModel features = model.Features(layers);
        float[] rows = RandomModels.Features(model, 5), activations = RandomModels.Scores(features, rows), scores = RandomModels.Scores(model, rows);
        Assert.Equal(
            model.Networks.Count * (layers > 0 ? model.Architecture.HiddenLayers[^1].Units : model.Architecture.EncodedSize), features.OutputCount, (a, b) =>
            a == b || layers == 0);
        if (model.Members.Count > 1 || model.Architecture.SharedMembers > 1)
        {
            return;
        }

        float[] weights = model.Weights()["Output.Weights"].Values.ToArray(), biases = model.Weights()["Output.Biases"].Values.ToArray();
        int outputs = model.OutputCount;
        for (int row = 0; row < 5; row++)
        {
            float[] own = new float[outputs];
            for (int k = 0; k < outputs; k++)
            {
                double sum = biases[k];
                for (int i = 0; i < features.OutputCount; i++)
                {
                    sum += (double)activations[row * features.OutputCount + i] * weights[i * outputs + k];
                }

                own[k] = (float)(sum * model.Targets.ScoringScale[k] + model.Targets.Offset[k]);
            }

            model.Loss.ToScores(own);
            model.Targets.Limits?.Clamp(own);
            for (int k = 0; k < outputs; k++)
            {
                Assert.Equal(scores[row * outputs + k], own[k], 1e-4 * Math.Max(1, Math.Abs(own[k])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyLayer_IsSavedAndLoaded(string name)
    {
        MlpModel model = RandomModels.Named(name);
        for (int layer = 0; layer <= model.Architecture.HiddenLayers.Count; layer++)
        {
            MlpModel features = model.Features(layer), loaded = MlpModel.Load(new MemoryStream(SmallData.Saved(features)));
            float[] rows = RandomModels.Features(model, 3);
            Assert.Equal(RandomModels.Scores(features, rows), RandomModels.Scores(loaded, rows));
        }
    }

    /// <summary>The networks of an ensemble, one behind the other.</summary>
    [Fact]
    public void Ensemble_HasTheUnitsOfAllNetworks()
    {
        var loss = new SquaredError();
        MlpModel model = MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(5)] }, loss, SmallData.For(loss, 40))
        {
            Options = new() { NumberOfEpochs = 2, Ensemble = Ensemble.Seeds(3) },
        }).Model;
        float[] features = [0.5f, -1, 2, 0.25f], all = RandomModels.Scores(model.Features(1), features);
        float[] expected = [.. model.Members.SelectMany(member => RandomModels.Scores(member.Features(1), features))];
        Assert.Equal(15, all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(expected[i], all[i], 1e-6f);
        }
    }

    /// <summary>Members that share a network: the mean of theirs, each as a network of its own.</summary>
    [Fact]
    public void SharedMembers_HaveTheirMean()
    {
        var loss = new SquaredError();
        MlpModel model = MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(5), new(7)] }, loss, SmallData.For(loss, 40))
        {
            Options = new() { NumberOfEpochs = 2, Ensemble = Ensemble.Shared(4) },
        }).Model;
        float[] features = [0.5f, -1, 2, 0.25f], mean = RandomModels.Scores(model.Features(2), features);
        for (int i = 0; i < mean.Length; i++)
        {
            Assert.Equal(model.Members.Average(member => RandomModels.Scores(member.Features(2), features)[i]), mean[i], 1e-5);
        }
    }

    [Fact]
    public void LayerThatIsNotThere_IsRefused()
    {
        MlpModel model = RandomModels.Named("linear, softmax");
        Assert.Contains("has 0 hidden layers", Assert.Throws<ArgumentOutOfRangeException>("layer", () => model.Features(1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("layer", () => model.Features(-1));
    }
}
