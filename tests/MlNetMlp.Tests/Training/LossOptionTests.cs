using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class LossOptionTests
{
    /// <summary>Every loss, with the case that it is tried on.</summary>
    public static TheoryData<Loss> Losses =>
    [
        new SigmoidCrossEntropy(), new SigmoidCrossEntropy { LabelSmoothing = 0.1f }, new BinaryHinge(), new PerceptronLoss(),
        new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, new MulticlassHinge(), new SquaredMulticlassHinge(),
        new SquaredError(), new AbsoluteError(), new HuberLoss { Delta = 0.5f }, new KullbackLeiblerDivergence(), new CosineProximity(),
        new SoftmaxSquaredError(), new MulticlassSquaredError(), new SigmoidSquaredError(),
    ];

    [Theory]
    [MemberData(nameof(Losses))]
    public void AnyLoss_IsLearnedSavedLoadedAndContinued(Loss loss)
    {
        TrainerCase trainer = CaseOf(loss);
        MlpPredictionTransformer first = trainer.Fit(Patient);

        TrainingHistory history = first.Model.Training!.History;
        Assert.True(history[^1].TrainingLoss < 0.7 * history[0].TrainingLoss, $"{history[0].TrainingLoss} became {history[^1].TrainingLoss}");
        Assert.Equal(loss, first.Model.Network.Loss);

        byte[] file = ModelFiles.Save(first);
        var loaded = (MlpPredictionTransformer)ModelFiles.Load(file);
        Assert.Equal(loss, loaded.Model.Network.Loss);
        Assert.Equal(ModelFiles.Network(file), ModelFiles.Network(ModelFiles.Save(loaded)));

        MlpPredictionTransformer second = trainer.Create(new MLContext(1), Patient).Fit(trainer.Data, loaded.Model);
        Assert.True(second.Model.Training!.History[0].TrainingLoss < history[0].TrainingLoss);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Classes_AreToldApartWithAnyLoss(Loss loss)
    {
        TrainerCase trainer = CaseOf(loss);
        if (!trainer.HasClasses)
        {
            return;
        }

        MlpModel model = trainer.Fit(Patient).Model.Network;
        float[] scores = new float[model.OutputCount];
        for (int row = 0; row < 90; row++)
        {
            model.Predict(TrainerCase.FeaturesOf(row), scores);
            int predicted = scores.Length == 1 ? (scores[0] > 0 ? 0 : -1) : Array.IndexOf(scores, scores.Max());
            Assert.Equal(scores.Length == 1 && TrainerCase.ClassOf(row) > 0 ? -1 : TrainerCase.ClassOf(row), predicted);
        }
    }

    [Fact]
    public void Shares_ComeOutWithTheSumOne()
    {
        MlpModel model = CaseOf(new KullbackLeiblerDivergence()).Fit(Patient).Model.Network;
        float[] scores = new float[2];
        for (int row = 0; row < 9; row++)
        {
            model.Predict(TrainerCase.FeaturesOf(row), scores);
            Assert.Equal(1, scores[0] + scores[1], 1e-6f);
            Assert.Equal(ShareOf(row), scores[0], 0.1f);
        }
    }

    [Fact]
    public void Hinge_HasMarginsForScoresAndASigmoidOfThemForProbability()
    {
        TrainerCase trainer = CaseOf(new BinaryHinge());
        IDataView scored = trainer.Fit(Patient).Transform(trainer.Data);
        float[] scores = [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(scored, "Score")];
        float[] probabilities = [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(scored, "Probability")];

        Assert.Contains(scores, score => score < -0.5);
        Assert.Equal(scores.Select(MlpModel.Probability), probabilities);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LossesOfVectors_RefuseALabelOfOneValue(bool cosine)
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        RegressionLoss loss = cosine ? new CosineProximity() : new KullbackLeiblerDivergence();

        string message = Assert.Throws<ArgumentException>(() => trainer.Fit(o => (MlpRegressionTrainer.Options)o with { Loss = loss })).Message;

        Assert.Contains($"The option Loss does not fit the label column 'Label': {loss}", message, StringComparison.Ordinal);
        Assert.Contains("SquaredError, AbsoluteError and HuberLoss", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Continuing_WithAnotherLoss_IsRefused()
    {
        MlpModelParameters hinge = CaseOf(new BinaryHinge()).Fit().Model;
        TrainerCase trainer = CaseOf(new SigmoidCrossEntropy());

        string message = Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1)).Fit(trainer.Data, hinge)).Message;

        Assert.Contains("BinaryHinge", message, StringComparison.Ordinal);
        Assert.Contains("SigmoidCrossEntropy", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassWeights_AreWeightsOfRows()
    {
        // 30 of 90 rows are positive: 90 / (2 * 30) and 90 / (2 * 60).
        TrainerCase plain = TrainerCase.Of("binary"), balanced = CaseOf(new SigmoidCrossEntropy { ClassWeights = ClassWeights.Balanced });
        RowsView weighted = plain.Data.With(ViewColumn.Number("Weight", row => TrainerCase.ClassOf(row) == 0 ? 1.5f : 0.75f));

        byte[] byClass = ModelFiles.Network(ModelFiles.Save(balanced.Fit()));
        byte[] byRow = ModelFiles.Network(ModelFiles.Save(plain.Create(new MLContext(1), o => o with { ExampleWeightColumnName = "Weight" }).Fit(weighted)));

        Assert.Equal(byRow, byClass);
        Assert.NotEqual(ModelFiles.Network(ModelFiles.Save(plain.Fit())), byClass);
    }

    private static MlpTrainerOptions Patient(MlpTrainerOptions options) => options with { NumberOfEpochs = 40, LearningRate = 0.01f };

    private static float ShareOf(int row) => 1 / (1 + MathF.Exp(TrainerCase.FeaturesOf(row)[0] - 2));

    private static TrainerCase CaseOf(Loss loss)
    {
        TrainerCase found = TrainerCase.Of(loss switch
        {
            BinaryLoss => "binary",
            MulticlassLoss => "multiclass",
            KullbackLeiblerDivergence or CosineProximity => "multi-output regression",
            _ => "regression",
        });
        RowsView data = loss switch
        {
            KullbackLeiblerDivergence => found.Data.With(ViewColumn.Vector("Label", 2, row => [ShareOf(row), 1 - ShareOf(row)])),
            CosineProximity => found.Data.With(ViewColumn.Vector("Label", 2, row => [1, TrainerCase.FeaturesOf(row)[0] - 2])),
            _ => found.Data,
        };
        return found with
        {
            Data = data,
            Options = found.Options switch
            {
                MlpBinaryTrainer.Options options => options with { Loss = (BinaryLoss)loss },
                MlpMulticlassTrainer.Options options => options with { Loss = (MulticlassLoss)loss },
                MlpRegressionTrainer.Options options => options with { Loss = (RegressionLoss)loss },
                _ => throw new InvalidOperationException("No such options."),
            },
        };
    }
}
