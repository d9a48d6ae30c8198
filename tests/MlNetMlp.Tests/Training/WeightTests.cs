using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class WeightTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void RowsOfWeightZero_AreAsIfTheyWereNotThere(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        RowsView data = trainer.Data.WithRows(150).With(ViewColumn.Number("Weight", row => row < 90 ? 1 : 0));

        MlpPredictionTransformer weighted = trainer.Create(new MLContext(1), o => o with { ExampleWeightColumnName = "Weight" }).Fit(data);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit())), ModelFiles.Network(ModelFiles.Save(weighted)));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Weights_ChangeTheModel(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);

        MlpPredictionTransformer weighted = trainer.Fit(o => o with { ExampleWeightColumnName = "Weight" });

        Assert.NotEqual(ModelFiles.Network(ModelFiles.Save(trainer.Fit())), ModelFiles.Network(ModelFiles.Save(weighted)));
        Assert.Equal(["Features", "Label", "Weight"], trainer.Data.Requests[0].Order());
    }

    [Fact]
    public void AWeightOfThree_IsThreeRows()
    {
        // Full-batch gradient descent on means: three equal rows and one row of weight 3 have the same gradient, but for the order of a sum.
        TrainerCase trainer = TrainerCase.Of("regression");
        static int Original(int row) => row < 90 ? row : (row - 90) / 2 * 3;
        RowsView repeated = trainer.Data.WithRows(150)
            .With(ViewColumn.Number("Label", row => TrainerCase.TargetOf(Original(row), 0)),
                ViewColumn.Vector("Features", 4, row => TrainerCase.FeaturesOf(Original(row))));
        RowsView weighted = trainer.Data.With(ViewColumn.Number("Weight", row => row % 3 == 0 ? 3 : 1));
        static MlpTrainerOptions FullBatch(MlpTrainerOptions options) => options with
        {
            BatchSize = 1000,
            Optimizer = new Sgd(),
            LearningRate = 0.1f,
            NumberOfEpochs = 10
        };

        MlpModel first = trainer.Create(new MLContext(1), FullBatch).Fit(repeated).Model.Network;
        MlpModel second = trainer.Create(new MLContext(1), o => FullBatch(o) with { ExampleWeightColumnName = "Weight" }).Fit(weighted).Model.Network;

        float[] a = new float[1], b = new float[1];
        for (int row = 0; row < 90; row++)
        {
            first.Predict(TrainerCase.FeaturesOf(row), a);
            second.Predict(TrainerCase.FeaturesOf(row), b);

            // Targets are around 100; ten steps in single precision agree to about 1e-6 of that. Without weights they differ by more than 0.1.
            Assert.Equal(a[0], b[0], 1e-3f);
        }
    }
}
