using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary><c>MLContext.CancelExecution</c>, which AutoML calls, in the middle of work that would go on for hours.</summary>
public sealed class CancelExecutionTests
{
    private const int Endless = 1_000_000_000;

    private readonly MLContext _context = new(1);

    public static TheoryData<string> Trainings => ["mini-batches", "l-bfgs", "ensemble", "no exception asked for"];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Fit_Cancelled_Throws(string training)
    {
        var progress = new ImmediateProgress(_ => CancelExecution());
        MlpBinaryTrainer.Options options = new() { HiddenLayers = [new(8)], NumberOfEpochs = Endless, Seed = 1, Progress = progress };
        options = training switch
        {
            "l-bfgs" => options with { Optimizer = new Lbfgs { GradientTolerance = 0 }, HiddenLayers = [new(8) { Dropout = 0.5f }] },
            "ensemble" => options with { Ensemble = Ensemble.Bagging(3) },
            "no exception asked for" => options with { ThrowOnCancellation = false },
            _ => options,
        };

        AssertCancelled(() => _context.BinaryClassification.Trainers.Mlp(options).Fit(TrainerCase.Of("binary").Data));
    }

    [Fact]
    public void Fit_InAContextThatIsCancelled_ThrowsBeforeRowsAreRead()
    {
        RowsView data = TrainerCase.Of("binary").Data;
        MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp();
        CancelExecution();

        AssertCancelled(() => trainer.Fit(data));
        Assert.Empty(data.Requests);
    }

    /// <summary>The caller's own token is not mistaken for it, and comes back with the exception.</summary>
    [Fact]
    public void Fit_CancelledByTheToken_SaysSo()
    {
        using var source = new CancellationTokenSource();
        var progress = new ImmediateProgress(_ => source.Cancel());
        MlpBinaryTrainer.Options options = new()
        {
            NumberOfEpochs = Endless,
            Progress = progress,
            CancellationToken = source.Token,
            ThrowOnCancellation = true,
        };

        var exception = Assert.Throws<OperationCanceledException>(
            () => _context.BinaryClassification.Trainers.Mlp(options).Fit(TrainerCase.Of("binary").Data));
        Assert.Equal(source.Token, exception.CancellationToken);
    }

    [Fact]
    public void Search_Cancelled_Throws()
    {
        var progress = new ImmediateProgress<SearchTrial>(_ => CancelExecution());
        AssertCancelled(() => _context.BinaryClassification.SearchMlp(
            TrainerCase.Of("binary").Data, new(new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(4)], NumberOfEpochs = 1 }),
            new RandomSearch(10_000),
            new HeldOut(), options: new SearchOptions { Progress = progress, Parallelism = 2 }));
    }

    /// <summary>Cancelled while the last row is read.</summary>
    [Fact]
    public void DiagnoseAndCheckGradients_Cancelled_Throw()
    {
        RowsView data = TrainerCase.Of("binary").Data;
        RowsView cancelling = data.With(ViewColumn.Of("Label", BooleanDataViewType.Instance, row =>
        {
            if (row == 89)
            {
                CancelExecution();
            }

            return row % 2 == 0;
        }));
        MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp();

        AssertCancelled(() => trainer.Diagnose(cancelling));
        AssertCancelled(() => trainer.CheckGradients(data));
    }

    [Fact]
    public void Transform_CancelledBetweenBlocks_Throws()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpPredictionTransformer transformer = _context.BinaryClassification.Trainers.Mlp(
            new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(4)], NumberOfEpochs = 1 }).Fit(trainer.Data);
        IDataView scored = transformer.Transform(trainer.Data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        Assert.True(cursor.MoveNext());
        CancelExecution();

        AssertCancelled(() =>
        {
            while (cursor.MoveNext())
            {
            }

            return 0;
        });
    }

    /// <summary>At most the row that is being read is read to its end: in blocks, and one by one where a column holds objects.</summary>
    [Theory]
    [InlineData("blocks")]
    [InlineData("objects")]
    [InlineData("loaded")]
    public void Transform_CancelledAtARow_ReadsNoFurther(string kind)
    {
        const int Last = 700;
        ITransformer transformer = _context.BinaryClassification.Trainers.Mlp(
            new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(4)], NumberOfEpochs = 1 }).Fit(TrainerCase.Of("binary").Data);
        if (kind == "loaded")
        {
            using var file = new MemoryStream(ModelFiles.Save(transformer));
            transformer = _context.Model.Load(file, out _);
        }

        ViewColumn features = ViewColumn.Vector("Features", 4, row =>
        {
            if (row == Last)
            {
                CancelExecution();
            }

            return [row, 1, 2, 3];
        });
        RowsView rows = kind == "objects"
            ? new(2_000, features, ViewColumn.Of("Object", new ObjectType(), row => (object)row))
            : new(2_000, features);
        IDataView scored = transformer.Transform(rows);

        AssertCancelled(() =>
        {
            using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
            ValueGetter<float> getter = cursor.GetGetter<float>(scored.Schema["Score"]);
            float score = 0;
            while (cursor.MoveNext())
            {
                getter(ref score);
            }

            return score;
        });
        Assert.Equal(Last, rows.MovedTo);
    }

    private void CancelExecution() =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(_context, null);

    private static void AssertCancelled(Func<object> work) => Assert.Equal(
        "The execution was cancelled by MLContext.CancelExecution.", Assert.Throws<OperationCanceledException>(work).Message);

    /// <summary>A column type like that of images: what belongs to the cursor must not be kept.</summary>
    private sealed class ObjectType() : StructuredDataViewType(typeof(object))
    {
        public override bool Equals(DataViewType? other) => other is ObjectType;

        public override bool Equals(object? obj) => obj is ObjectType;

        public override int GetHashCode() => 0;
    }
}
