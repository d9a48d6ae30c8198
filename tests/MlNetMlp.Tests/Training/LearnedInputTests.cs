using Microsoft.ML;
using MlNetMlp.Diagnostics;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// What a network learns of its inputs, in the ways that a trained model goes: saved, exported, stopped, continued, examined. A class for each kind inherits
/// all tests.
/// </summary>
public abstract class LearnedInputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    /// <summary>Features to score.</summary>
    protected abstract float[][] Examples { get; }

    /// <summary>How far scores may be from those of a network that members are taken out of: the sums have another order.</summary>
    protected static float OtherOrder => 2e-6f;

    private string File => Path.Combine(_folder.FullName, "training.checkpoint");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Save_TrainedModel_LoadsWithAndWithoutMLNet(string name)
    {
        TrainerCase trainer = CaseOf(name);
        MlpPredictionTransformer fitted = trainer.Fit(Learn);
        AssertLearned(fitted.Model.Network);

        byte[] file = ModelFiles.Save(fitted);

        Assert.Equal(Scores(fitted, trainer), Scores(ModelFiles.Load(file), trainer));
        MlpModel network = ModelZip.Load(new MemoryStream(file)).Model;
        Assert.All(Examples, features => Assert.Equal(Predict(fitted.Model.Network, features), Predict(network, features)));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SaveAsOnnx_TrainedModel_HasItsScoresAndIsReadBack(string name)
    {
        MlpModel model = CaseOf(name).Fit(LearnMore).Model.Network;
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        var file = OnnxFile.Read(stream.ToArray());
        stream.Position = 0;

        MlpModel read = OnnxModel.Load(stream);

        AssertRead(model, read);
        foreach (float[] features in Examples)
        {
            float[] scores = Predict(model, features);

            // Members that share a network are written as networks of their own, with their scales multiplied into the weights. Dropout of encoded columns
            // needs these; it is not written, and without it the sums have another order.
            float tolerance = model.Architecture.SharedMembers > 1 || model.Architecture.InputDropout > 0 ? OtherOrder : 0;
            Assert.Equal(scores, Predict(read, features), (a, b) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
            Assert.Equal(scores.Select(score => (double)score), Interpreter.Run(file, features)["Score"].Values,
                (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)));
        }
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Fit_StoppedAndFittedAgain_GivesTheSameModel(string name)
    {
        TrainerCase trainer = CaseOf(name);
        MlpTrainerOptions Longer(MlpTrainerOptions options) => Learn(options) with { NumberOfEpochs = 6 };
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

    /// <summary>Of rows from which nothing of the kind would be learned.</summary>
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Continuing_TrainedModel_KeepsWhatItKnowsAndLearns(string name)
    {
        TrainerCase trainer = CaseOf(name);
        MlpTrainerOptions Patient(MlpTrainerOptions options) => Learn(options) with { NumberOfEpochs = 20, LearningRate = 0.01f };
        var first = (MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(trainer.Fit(Patient)));

        MlpPredictionTransformer second = trainer.Create(new MLContext(1), Patient).Fit(WithoutThem(trainer), first.Model);

        Assert.Equal(first.Model.Network.Architecture, second.Model.Network.Architecture);
        Assert.NotEqual(first.Model.Network.Values.ToArray(), second.Model.Network.Values.ToArray());
        Assert.True(second.Model.Training!.History[^1].TrainingLoss < trainer.Fit(Learn).Model.Training!.History[^1].TrainingLoss);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void CheckGradients_FreshAndTrained_Passes(string name)
    {
        TrainerCase trainer = CaseOf(name);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), o => Learn(o) with { InputNoise = 0.1f, InputDropout = 0.2f });

        GradientCheckReport fresh = estimator.CheckGradients(trainer.Data);
        GradientCheckReport trained = estimator.CheckGradients(trainer.Data, null, estimator.Fit(trainer.Data).Model);

        Assert.True(fresh.Verdict == GradientCheckVerdict.Passed, fresh.ToString());
        Assert.True(trained.Verdict != GradientCheckVerdict.Failed, trained.ToString());
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Diagnose_SoundTraining_WarnsOfNothing(string name)
    {
        TrainerCase trainer = CaseOf(name);

        DiagnosisReport report = trainer.Create(new MLContext(1), o => Learn(o) with { HiddenLayers = [new(32)], NumberOfEpochs = 20, LearningRate = 0.01f })
            .Diagnose(trainer.Data);

        Assert.True(report.Severity < DiagnosisSeverity.Warning, report.ToString());
    }

    [Fact]
    public void PermutationFeatureImportance_Regression_FindsTheFeatureThatCounts()
    {
        TrainerCase trainer = CaseOf("regression");
        MlpPredictionTransformer model = trainer.Fit(o => Learn(o) with { NumberOfEpochs = 60, LearningRate = 0.01f });

        double[] changes = [.. new MLContext(1).Regression.PermutationFeatureImportance(model, trainer.Data).Select(metrics => metrics.RSquared.Mean)];

        Assert.Equal(0, Array.IndexOf(changes, changes.Min()));
        Assert.All(changes, change => Assert.True(double.IsFinite(change)));
    }

    /// <summary>Options that ask for it.</summary>
    protected abstract MlpTrainerOptions Learn(MlpTrainerOptions options);

    /// <summary>The same with what else an exported model may have in front of the network.</summary>
    protected virtual MlpTrainerOptions LearnMore(MlpTrainerOptions options) => Learn(options);

    /// <summary>A trainer with rows of which it can be learned.</summary>
    protected abstract TrainerCase CaseOf(string name);

    /// <summary>The rows without that.</summary>
    protected abstract RowsView WithoutThem(TrainerCase trainer);

    /// <summary>Something was learned.</summary>
    protected abstract void AssertLearned(MlpModel model);

    /// <summary>A model that was read from an ONNX file knows the same.</summary>
    protected virtual void AssertRead(MlpModel model, MlpModel read)
    {
    }

    protected static float[] Predict(MlpModel model, float[] features)
    {
        float[] scores = new float[model.OutputCount];
        model.Predict(features, scores);
        return scores;
    }

    private static string[] Scores(ITransformer model, TrainerCase trainer) => [.. RowValues.ReadAll(model.Transform(trainer.Data), "Score").Values];
}
