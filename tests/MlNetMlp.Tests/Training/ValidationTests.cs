using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>Rows that choose the best epoch: set aside, or given.</summary>
public sealed class ValidationTests
{
    [Fact]
    public void Split_TakesTheSamePartOfEveryClass()
    {
        // 100 rows of class 0, 50 of class 1, 10 of class 2, in a mixed order.
        int[] classes = [.. Enumerable.Range(0, 160).OrderBy(i => i * 7919 % 160).Select(i => i < 100 ? 0 : i < 150 ? 1 : 2)];

        (int[] training, int[] validation) = ValidationSplit.Split(160, classes, 0.2f, seed: 3);

        Assert.Equal([20, 10, 2], Enumerable.Range(0, 3).Select(c => validation.Count(row => classes[row] == c)));
        Assert.Equal(Enumerable.Range(0, 160), training.Concat(validation).Order());
        Assert.Equal(validation.Order(), validation);
        Assert.Equal(training.Order(), training);
    }

    [Fact]
    public void Split_OfManySmallClasses_ComesToTheRightSum()
    {
        int[] classes = [.. Enumerable.Range(0, 300).Select(row => row % 100)];

        (_, int[] validation) = ValidationSplit.Split(300, classes, 0.1f, seed: 3);

        Assert.Equal(30, validation.Length);
        Assert.Equal(30, validation.Select(row => classes[row]).Distinct().Count());
    }

    [Fact]
    public void Split_NeverTakesTheLastRowOfAClass()
    {
        (int[] training, _) = ValidationSplit.Split(12, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2], 0.9f, seed: 3);

        Assert.Contains(10, training);
        Assert.Contains(11, training);
    }

    [Fact]
    public void Split_DependsOnTheSeedAlone()
    {
        int[] first = ValidationSplit.Split(1000, null, 0.1f, seed: 3).Validation;

        Assert.Equal(first, ValidationSplit.Split(1000, null, 0.1f, seed: 3).Validation);
        Assert.NotEqual(first, ValidationSplit.Split(1000, null, 0.1f, seed: 4).Validation);
        Assert.Equal(100, first.Length);

        // Neither the beginning nor the end of the rows is preferred: 100 rows of 1000 have a mean place of 499.5 +- 27 (one sigma).
        Assert.InRange(first.Average(), 499.5 - (4 * 27), 499.5 + (4 * 27));
    }

    [Fact]
    public void Split_ThatLeavesNothing_IsRefused() =>
        Assert.Contains("0.1 of 4 rows", Assert.Throws<InvalidOperationException>(() => ValidationSplit.Split(4, null, 0.1f, 1)).Message,
            StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void ValidationFraction_IsMeasuredAfterEveryEpoch(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);

        MlpTrainingResult with = trainer.Fit(o => o with { ValidationFraction = 0.25f }).Model.Training!;
        MlpTrainingResult without = trainer.Fit().Model.Training!;

        Assert.All(with.History, report => Assert.True(report.ValidationLoss > 0));
        Assert.All(without.History, report => Assert.Null(report.ValidationLoss));
    }

    /// <summary>No row is set aside for all networks: each has those that it does not learn from.</summary>
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void OutOfBagAndCrossFitted_ValidateEveryNetworkOnItsOwnRows(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        foreach (Ensemble ensemble in (Ensemble[])[Ensemble.Bagging(3, validatesOutOfBag: true), Ensemble.CrossFitted(3),
            Ensemble.CrossFitted(3).Of(Ensemble.Shared(2))])
        {
            MLContext context = new(1);
            var log = new List<string>();
            context.Log += (_, e) => log.Add(e.RawMessage);

            MlpPredictionTransformer fitted = trainer.Create(context, o => o with { Ensemble = ensemble, EarlyStopping = new() }).Fit(trainer.Data);

            MlpTrainingResult result = fitted.Model.Training!;
            Assert.All(result.History, report => Assert.True(report.ValidationLoss > 0));
            Assert.Equal((3, ensemble.Members), (fitted.Model.Network.Networks.Count, fitted.Model.Network.Members.Count));
            Assert.Contains(log, line => line.Contains("the model is an ensemble of 3, of the epochs", StringComparison.Ordinal));
            Assert.True(result.HeldOutLoss > 0);
            Assert.Contains(log, line => line.StartsWith(
                $"Scored by the networks that did not learn from them, {result.HeldOutRows} rows have the loss", StringComparison.Ordinal));
            Assert.Contains(log, line => line.Contains($"{ensemble.OfNetworks}, on {trainer.Data.GetRowCount()} rows", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void OutOfBag_OtherValidationRows_AreRefused()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpTrainerOptions OutOfBag(MlpTrainerOptions options) => options with { Ensemble = Ensemble.Bagging(3, validatesOutOfBag: true) };

        Assert.Contains("ValidationFraction is 0.2; it must be null or 0.", Assert.Throws<ArgumentException>(() =>
            trainer.Create(new MLContext(1), o => OutOfBag(o) with { ValidationFraction = 0.2f })).Message, StringComparison.Ordinal);
        Assert.Contains("no validation set can be given", Assert.Throws<ArgumentException>(() =>
            trainer.Create(new MLContext(1), OutOfBag).Fit(trainer.Data, trainer.Data)).Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Data.MovedTo);
    }

    [Fact]
    public void EarlyStopping_WithoutAFraction_SetsATenthAside()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MLContext context = new(1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.RawMessage);

        trainer.Create(context, o => o with { EarlyStopping = new EarlyStopping() }).Fit(trainer.Data);
        trainer.Create(context, o => o with { EarlyStopping = new EarlyStopping(), ValidationFraction = 0 }).Fit(trainer.Data);

        Assert.Contains(log, line => line.EndsWith("on 81 rows, validating on 9.", StringComparison.Ordinal));
        Assert.Contains(log, line => line.EndsWith("on 90 rows.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void ValidationSet_IsUsedAndNotLearnedFrom(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        RowsView other = trainer.Data.WithRows(30).With(ViewColumn.Vector("Features", 4, row => [.. TrainerCase.FeaturesOf(row).Select(x => -x)]));

        MlpPredictionTransformer validated = trainer.Create(new MLContext(1), o => o with { ValidationFraction = 0.5f, NumberOfEpochs = 1 })
            .Fit(trainer.Data, other);

        // One epoch is the best of one: the rows looked at cannot have changed the weights.
        Assert.NotNull(Assert.Single(validated.Model.Training!.History).ValidationLoss);
        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit(o => o with { NumberOfEpochs = 1 }))), ModelFiles.Network(ModelFiles.Save(validated)));
    }

    [Fact]
    public void ValidationSet_StopsATrainingThatLearnsTheOppositeOfIt()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        RowsView opposite = trainer.Data.With(ViewColumn.Boolean("Label", row => TrainerCase.ClassOf(row) != 0));

        MlpTrainingResult result = trainer.Create(new MLContext(1),
            o => o with { NumberOfEpochs = 50, EarlyStopping = new EarlyStopping { Patience = 3 }, LearningRate = 0.05f })
            .Fit(trainer.Data, opposite).Model.Training!;

        Assert.Equal(TrainingEnd.StoppedEarly, result.End);
        Assert.Equal((1, 4), (result.BestEpoch, result.History.Count));
    }
}
