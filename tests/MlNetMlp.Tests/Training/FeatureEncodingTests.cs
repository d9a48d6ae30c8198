using Microsoft.ML;
using MlNetMlp.Diagnostics;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// Trainers whose network sees more of a number than its value, and which features are missing: the ways that a trained model goes. A class for each
/// embedding inherits all tests.
/// </summary>
public abstract class FeatureEncodingTests(NumericEmbedding embedding) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    private string File => Path.Combine(_folder.FullName, "training.checkpoint");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Save_EncodedModel_LoadsWithAndWithoutMLNet(string name)
    {
        TrainerCase trainer = Case(name);
        MlpPredictionTransformer fitted = trainer.Fit(Encoded);

        byte[] file = ModelFiles.Save(fitted);

        ITransformer loaded = ModelFiles.Load(file);
        Assert.Equal(Scores(fitted, trainer), Scores(loaded, trainer));
        MlpModel network = ModelZip.Load(new MemoryStream(file)).Model;
        foreach (float[] features in (float[][])[FeaturesOf(0), FeaturesOf(1), FeaturesOf(2)])
        {
            Assert.Equal(Predict(fitted.Model.Network, features), Predict(network, features));
        }
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SaveAsOnnx_EncodedModel_HasItsScoresAndIsReadBack(string name)
    {
        MlpModel model = Case(name).Fit(Encoded).Model.Network;
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        var file = OnnxFile.Read(stream.ToArray());
        stream.Position = 0;

        MlpModel read = OnnxModel.Load(stream);

        foreach (float[] features in (float[][])[FeaturesOf(0), FeaturesOf(1), FeaturesOf(2)])
        {
            float[] scores = Predict(model, features);
            // Members that share a network are written as networks of their own, with their scales multiplied into the weights. Dropout of encoded columns
            // needs these; it is not written, and without it the sums have another order.
            float tolerance = model.Architecture.SharedMembers > 1 || model.Architecture.InputDropout > 0 ? 2e-6f : 0;
            Assert.Equal(scores, Predict(read, features), (a, b) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
            Assert.Equal(scores.Select(score => (double)score), Interpreter.Run(file, features)["Score"].Values,
                (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)));
        }
    }

    /// <summary>Row 0 has its second feature missing; without the indicator the mean would do as well.</summary>
    [Fact]
    public void Fit_MissingFeature_IsNotTheMean()
    {
        MlpModel seen = Case("regression").Fit(Encoded).Model.Network;
        MlpModel replaced = Case("regression").Fit(o => Encoded(o) with { MissingIndicators = false }).Model.Network;
        float[] missing = FeaturesOf(0);
        float mean = Enumerable.Range(0, 90).Select(row => FeaturesOf(row)[1]).Where(value => !float.IsNaN(value)).Average();
        float[] mid = [missing[0], mean, .. missing[2..]];

        Assert.True(float.IsNaN(missing[1]));
        Assert.Equal(Predict(replaced, missing)[0], Predict(replaced, mid)[0], 1e-3);
        Assert.NotEqual(Predict(seen, missing)[0], Predict(seen, mid)[0], 1e-3);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Fit_StoppedAndFittedAgain_GivesTheSameModel(string name)
    {
        TrainerCase trainer = Case(name);
        MlpTrainerOptions Longer(MlpTrainerOptions options) => Encoded(options) with { NumberOfEpochs = 6 };
        MlpPredictionTransformer whole = trainer.Fit(Longer);
        Assert.Throws<TimeoutException>(() => trainer.Fit(o => Longer(o) with
        {
            Checkpoint = new(File),
            Progress = new Synchronous<EpochReport>(report =>
            {
                if (report.Epoch == 2)
                {
                    throw new TimeoutException();
                }
            }),
        }));

        MlpPredictionTransformer resumed = trainer.Fit(o => Longer(o) with { Checkpoint = new(File), NumberOfThreads = 2 });

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(whole)), ModelFiles.Network(ModelFiles.Save(resumed)));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Continuing_EncodedModel_KeepsItsEncodingAndLearns(string name)
    {
        TrainerCase trainer = Case(name);
        MlpTrainerOptions Patient(MlpTrainerOptions options) => Encoded(options) with { NumberOfEpochs = 20, LearningRate = 0.01f };
        var first = (MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(trainer.Fit(Patient)));

        // Rows without missing values, of which a new encoding would have no indicators.
        MlpPredictionTransformer second = trainer.Create(new MLContext(1), Patient).Fit(TrainerCase.Of(name).Data, first.Model);

        Assert.Equal(first.Model.Network.Architecture, second.Model.Network.Architecture);
        Assert.True(second.Model.Training!.History[^1].TrainingLoss < trainer.Fit(Encoded).Model.Training!.History[^1].TrainingLoss);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Diagnose_EncodedFeatures_WarnsOfNothing(string name)
    {
        TrainerCase trainer = Case(name);

        DiagnosisReport report = trainer.Create(new MLContext(1), o => Encoded(o) with { HiddenLayers = [new(32)], NumberOfEpochs = 20, LearningRate = 0.01f })
            .Diagnose(trainer.Data);

        Assert.True(report.Severity < DiagnosisSeverity.Warning, report.ToString());
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void CheckGradients_EncodedFeatures_Passes(string name)
    {
        TrainerCase trainer = Case(name);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => Encoded(o) with { InputNoise = 0.1f, InputDropout = 0.2f });

        GradientCheckReport fresh = estimator.CheckGradients(trainer.Data);
        GradientCheckReport trained = estimator.CheckGradients(trainer.Data, null, estimator.Fit(trainer.Data).Model);

        Assert.True(fresh.Verdict == GradientCheckVerdict.Passed, fresh.ToString());
        Assert.True(trained.Verdict != GradientCheckVerdict.Failed, trained.ToString());
    }

    [Fact]
    public void PermutationFeatureImportance_EncodedFeatures_FindsTheOneThatCounts()
    {
        TrainerCase trainer = Case("regression");
        MlpPredictionTransformer model = trainer.Fit(o => Encoded(o) with { NumberOfEpochs = 60, LearningRate = 0.01f });

        double[] changes = [.. new MLContext(1).Regression.PermutationFeatureImportance(model, trainer.Data).Select(metrics => metrics.RSquared.Mean)];

        Assert.Equal(0, Array.IndexOf(changes, changes.Min()));
    }

    private MlpTrainerOptions Encoded(MlpTrainerOptions options) => options with
    {
        NumericEmbedding = embedding,
        MissingIndicators = true,
        FeatureScaling = FeatureScaling.Robust,
    };

    private static TrainerCase Case(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        return trainer with { Data = trainer.Data.With(ViewColumn.Vector("Features", TrainerCase.FeatureCount, FeaturesOf)) };
    }

    /// <summary>The features of the case; the second one is missing in every seventh row.</summary>
    private static float[] FeaturesOf(int row)
    {
        float[] features = TrainerCase.FeaturesOf(row);
        features[1] = row % 7 == 0 ? float.NaN : features[1];
        return features;
    }

    private static float[] Predict(MlpModel model, float[] features)
    {
        float[] scores = new float[model.OutputCount];
        model.Predict(features, scores);
        return scores;
    }

    private static string[] Scores(ITransformer model, TrainerCase trainer) => [.. RowValues.ReadAll(model.Transform(trainer.Data), "Score").Values];
}
