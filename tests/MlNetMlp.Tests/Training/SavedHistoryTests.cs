using Microsoft.ML;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>How a model was trained is still known when it is loaded again.</summary>
public sealed class SavedHistoryTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Training_IsThere_AfterLoading(string name) => AssertKept(TrainerCase.Of(name).Fit());

    public static TheoryData<string, Func<MlpTrainerOptions, MlpTrainerOptions>> Changes => new()
    {
        { "validation", options => options with { EarlyStopping = new() { Patience = 1 }, ValidationFraction = 0.2f, NumberOfEpochs = 20 } },
        { "out of bag", options => options with { Ensemble = Ensemble.Bagging(2, validatesOutOfBag: true) } },
        { "cycles of different lengths", options => options with { Ensemble = Ensemble.Snapshots(2) } },
        { "stopped", options => options with { Ensemble = Ensemble.Seeds(2), AfterEpoch = _ => new() { StopsTraining = true, KeepsModel = true } } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Training_OfEveryKind_IsThere(string what, Func<MlpTrainerOptions, MlpTrainerOptions> change)
    {
        MlpPredictionTransformer model = TrainerCase.Of("regression").Fit(change);
        Assert.True(model.Model.Training!.History.Count > 0, what);
        AssertKept(model);
    }

    [Fact]
    public void Training_OfAnEnsembleThatWasCancelled_HasTheEpochsOfAll()
    {
        using var cancellation = new CancellationTokenSource();
        MlpPredictionTransformer model = TrainerCase.Of("binary").Fit(options => options with
        {
            Ensemble = Ensemble.Seeds(4),
            CancellationToken = cancellation.Token,
            Progress = new Synchronous<EpochReport>(report => Cancel(report)),
        });
        Assert.Equal((2, 8), (model.Model.Training!.Members.Count, model.Model.Training.History.Count));
        AssertKept(model);

        void Cancel(EpochReport report)
        {
            if ((report.Member, report.Epoch) == (3, 2))
            {
                cancellation.Cancel();
            }
        }
    }

    [Fact]
    public void Training_IsThereWithoutMLNet_AndOfAModelThatWasLoadedTwice()
    {
        MlpPredictionTransformer model = TrainerCase.Of("binary").Fit();
        byte[] file = ModelFiles.Save(model);
        AssertSame(model.Model.Training!, ModelZip.Load(new MemoryStream(file)).Training!);
        AssertKept((MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(ModelFiles.Load(file))));
    }

    /// <summary>The section tells of epochs that there are not, of networks that there are not, or ends.</summary>
    [Fact]
    public void History_ThatMakesNoSense_IsRefused()
    {
        byte[] file = ModelFiles.Save(TrainerCase.Of("regression, seeds").Fit());
        for (int place = 0; place < 500; place++)
        {
            string? message = null;
            byte[] changed = ModelFiles.Change(file, "Network", bytes =>
            {
                var sections = new SectionedFile(bytes);
                byte[] content = sections["HISTORY"];
                content = place % 2 == 0 ? content[..Math.Min(place * 3, content.Length - 1)] : With(content, place * content.Length / 500);
                int number = sections.Sections.FindIndex(section => section.Id == "HISTORY");
                sections.Sections[number] = ("HISTORY", 0, content);
                return sections.ToBytes();
            });
            try
            {
                ModelZip.Load(new MemoryStream(changed));
            }
            catch (InvalidDataException exception)
            {
                message = exception.Message;
            }

            // A number of another size is still a number; but nothing may be missing, and no other exception come.
            Assert.True(place % 2 == 1 || message is not null);
        }

        static byte[] With(byte[] content, int place)
        {
            byte[] changed = [.. content];
            changed[place] ^= 0x81;
            return changed;
        }
    }

    private static void AssertKept(MlpPredictionTransformer model)
    {
        var loaded = (MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(model));
        AssertSame(model.Model.Training!, loaded.Model.Training!);
        Assert.Same(loaded.Model.Network, loaded.Model.Training!.Model);
    }

    private static void AssertSame(MlpTrainingResult expected, MlpTrainingResult actual)
    {
        Assert.Equal(expected.History, actual.History);
        Assert.Equal(expected.History.MetricName, actual.History.MetricName);
        Assert.Equal((expected.BestEpoch, expected.End, expected.IsInitialModel), (actual.BestEpoch, actual.End, actual.IsInitialModel));
        Assert.Equal((expected.HeldOutLoss, expected.HeldOutMetric, expected.HeldOutRows), (actual.HeldOutLoss, actual.HeldOutMetric, actual.HeldOutRows));
        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(actual.Model));
        Assert.Equal(expected.Members.Count, actual.Members.Count);
        foreach ((MlpTrainingResult one, MlpTrainingResult other) in expected.Members.Zip(actual.Members))
        {
            AssertSame(one, other);
        }
    }
}
