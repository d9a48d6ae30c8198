using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>The same seed, data and options give the same bytes of the network's entry.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void OneThreadAndTwo_AndAgain_GiveTheSameBytes(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        byte[] Train(int threads) => ModelFiles.Network(ModelFiles.Save(trainer.Fit(o => o with
        {
            NumberOfThreads = threads,
            HiddenLayers = [new(64) { Dropout = 0.2f }, new(32)],
            ValidationFraction = 0.2f,
        })));

        byte[] first = Train(1);

        Assert.Equal(first, Train(1));
        Assert.Equal(first, Train(2));
    }

    [Fact]
    public void WithoutASeed_TheContextDecides()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        byte[] Train(int seed, int fits = 1)
        {
            MlpTrainerBase estimator = trainer.Create(new MLContext(seed), o => o with { Seed = null });
            MlpPredictionTransformer transformer = estimator.Fit(trainer.Data);
            for (int i = 1; i < fits; i++)
            {
                transformer = estimator.Fit(trainer.Data);
            }

            return ModelFiles.Network(ModelFiles.Save(transformer));
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
        Assert.Equal(Train(1, fits: 2), Train(1, fits: 2));
        Assert.NotEqual(Train(1), Train(1, fits: 2));
    }

    [Fact]
    public void Seed_MakesTheContextUnimportant()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        byte[] Train(int context, int seed) =>
            ModelFiles.Network(ModelFiles.Save(trainer.Create(new MLContext(context), o => o with { Seed = seed }).Fit(trainer.Data)));

        Assert.Equal(Train(1, 7), Train(2, 7));
        Assert.NotEqual(Train(1, 7), Train(1, 8));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Training_ReadsTheNeededColumnsOnceInOrder(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        RowsView awkward = new RowsView(0) { CountIsKnown = false, CanShuffle = false };
        awkward = awkward.With([.. TrainerCase.ColumnsOf(name)]).WithRows(90);

        byte[] fromAwkward = ModelFiles.Network(ModelFiles.Save(trainer.Create(new MLContext(1)).Fit(awkward)));

        Assert.Equal(["Features", "Label"], Assert.Single(awkward.Requests).Order());
        Assert.Equal(0, awkward.OpenCursors);
        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit())), fromAwkward);
    }
}
