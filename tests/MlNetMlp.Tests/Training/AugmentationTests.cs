using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class AugmentationTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Custom_AnyTask_SeesTheTrainingRowsAndNotThoseSetAside(string task)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        var seen = new List<float[]>();
        Augmentation hook = Augmentation.Custom((features, _) => seen.Add(features.ToArray()));

        MlpPredictionTransformer transformer = trainer.Fit(o => o with { Augmentation = hook, ValidationFraction = 0.2f });

        // 90 rows, of which every class gives a fifth; three epochs.
        Assert.Equal(3 * 72, seen.Count);
        Assert.Equal(72, seen.DistinctBy(row => string.Join(' ', row)).Count());
        Assert.All(seen, row => Assert.Contains(Enumerable.Range(0, 90), i => TrainerCase.FeaturesOf(i).SequenceEqual(row)));

        // A hook that changes nothing changes nothing.
        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit(o => o with { ValidationFraction = 0.2f }))),
            ModelFiles.Network(ModelFiles.Save(transformer)));
    }

    [Fact]
    public void Image_Option_ChangesWhatIsLearnedAndIsNoPartOfTheModel()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");

        MlpPredictionTransformer plain = trainer.Fit(),
            augmented = trainer.Fit(o => o with { Augmentation = new ImageAugmentation(2, 2) { HorizontalFlip = 0.5f } });

        byte[] file = ModelFiles.Save(augmented);
        Assert.NotEqual(ModelFiles.Network(ModelFiles.Save(plain)), ModelFiles.Network(file));
        Assert.Equal(ModelFiles.Network(file), ModelFiles.Network(ModelFiles.Save((MlpPredictionTransformer)ModelFiles.Load(file))));
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    public void ClassBalancedBatches_RareClass_GetsItsShareOfTheRows(string task)
    {
        // Of 90 rows, four are of the first class, told by its first feature; in each epoch it has half or a third of the places.
        TrainerCase trainer = TrainerCase.Of(task);
        RowsView data = trainer.Data.With(
            task == "binary"
                ? ViewColumn.Boolean("Label", row => row < 4)
                : ViewColumn.Key("Label", 3, row => row < 4 ? 1u : row % 2 == 0 ? 2u : 3u, "ash", "birch", "cedar"),
            ViewColumn.Vector("Features", 4, row => [row < 4 ? 1 : 0, row, 0, 0]));
        int rare = 0;
        Augmentation hook = Augmentation.Custom((features, _) => rare += (int)features[0]);

        trainer.Create(new MLContext(1), o => o switch
        {
            MlpBinaryTrainer.Options binary => binary with { ClassBalancedBatches = true, Augmentation = hook },
            MlpMulticlassTrainer.Options multiclass => multiclass with { ClassBalancedBatches = true, Augmentation = hook },
            _ => o,
        }).Fit(data);

        Assert.Equal(task == "binary" ? 3 * 45 : 3 * 30, rare);
    }
}
