using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// Trainers whose network sees more of a number than its value, and which features are missing. A class for each embedding inherits all tests.
/// </summary>
public abstract class FeatureEncodingTests(NumericEmbedding embedding) : LearnedInputTests
{
    protected override float[][] Examples => [FeaturesOf(0), FeaturesOf(1), FeaturesOf(2)];

    /// <summary>Row 0 has its second feature missing; without the indicator the mean would do as well.</summary>
    [Fact]
    public void Fit_MissingFeature_IsNotTheMean()
    {
        MlpModel seen = CaseOf("regression").Fit(Learn).Model.Network;
        MlpModel replaced = CaseOf("regression").Fit(o => Learn(o) with { MissingIndicators = false }).Model.Network;
        float[] missing = FeaturesOf(0);
        float mean = Enumerable.Range(0, 90).Select(row => FeaturesOf(row)[1]).Where(value => !float.IsNaN(value)).Average();
        float[] mid = [missing[0], mean, .. missing[2..]];

        Assert.True(float.IsNaN(missing[1]));
        Assert.Equal(Predict(replaced, missing)[0], Predict(replaced, mid)[0], 1e-3);
        Assert.NotEqual(Predict(seen, missing)[0], Predict(seen, mid)[0], 1e-3);
    }

    protected override MlpTrainerOptions Learn(MlpTrainerOptions options) => options with
    {
        NumericEmbedding = embedding,
        MissingIndicators = true,
        FeatureScaling = FeatureScaling.Robust,
    };

    protected override TrainerCase CaseOf(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        return trainer with { Data = trainer.Data.With(ViewColumn.Vector("Features", TrainerCase.FeatureCount, FeaturesOf)) };
    }

    /// <summary>No value is missing, so that a new encoding would have no indicators.</summary>
    protected override RowsView WithoutThem(TrainerCase trainer) => TrainerCase.Of(trainer.Name).Data;

    protected override void AssertLearned(MlpModel model) => Assert.NotEqual(0, model.Architecture.Encoding!.Missing.Length);

    /// <summary>The features of the case; the second one is missing in every seventh row.</summary>
    private static float[] FeaturesOf(int row)
    {
        float[] features = TrainerCase.FeaturesOf(row);
        features[1] = row % 7 == 0 ? float.NaN : features[1];
        return features;
    }
}
