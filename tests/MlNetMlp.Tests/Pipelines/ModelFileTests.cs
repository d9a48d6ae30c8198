using System.Reflection;
using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

public sealed class ModelFileTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Chain_SavedAndLoaded_GivesTheSameBits(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        var context = new MLContext(1);
        var pipeline = context.Transforms.Concatenate("Features", "Features", "Other", "Weight")
            .Append(context.Transforms.NormalizeMinMax("Features"))
            .AppendCacheCheckpoint(context)
            .Append(trainer.Create(context));
        var model = pipeline.Fit(trainer.Data);

        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(model, trainer.Data.Schema));

        SchemaAssert.SameShape(pipeline.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema)),
            SchemaAssert.ShapeOf(model.GetOutputSchema(trainer.Data.Schema)));
        SchemaAssert.SameSchema(model.GetOutputSchema(trainer.Data.Schema), loaded.GetOutputSchema(trainer.Data.Schema));
        Assert.Equal(RowValues.ReadAll(model.Transform(trainer.Data)), RowValues.ReadAll(loaded.Transform(trainer.Data)));
    }

    [Fact]
    public void FeaturesOfSeveralDimensions_KeepThem()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var type = new Microsoft.ML.Data.VectorDataViewType(Microsoft.ML.Data.NumberDataViewType.Single, 2, 2);
        RowsView data = trainer.Data.With(ViewColumn.Of("Features", type, row => new Microsoft.ML.Data.VBuffer<float>(4, TrainerCase.FeaturesOf(row))));

        MlpPredictionTransformer transformer = trainer.Create(new MLContext(1)).Fit(data);

        Assert.Equal(type, ((MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(transformer))).FeatureColumnType);
    }

    [Theory]
    [InlineData("/Network")]
    [InlineData("/Model.key")]
    public void DamagedEntry_AtAnyByte_IsRefusedOrReadsAsAModel(string entry)
    {
        TrainerCase trainer = TrainerCase.Of("multi-output regression");
        byte[] file = ModelFiles.Save(trainer.Fit());
        var outcomes = new HashSet<string>();

        foreach (int part in Enumerable.Range(1, 40))
        {
            byte[] cut = ModelFiles.Change(file, entry, bytes => entry == "/Model.key" && bytes.Length < 60 ? bytes : bytes[..(bytes.Length * part / 41)]);
            Exception? exception = Record.Exception(() => ModelFiles.Load(cut));
            outcomes.Add(exception is null ? "read" : "refused");
            Assert.True(exception is null or InvalidOperationException or FormatException or InvalidDataException or EndOfStreamException,
                exception?.ToString());
        }

        Assert.Contains("refused", outcomes);
    }

    [Fact]
    public void MissingNetwork_IsRefusedInWords()
    {
        byte[] file = ModelFiles.Change(ModelFiles.Save(TrainerCase.Of("binary").Fit()), "/Network", _ => null);

        Exception exception = Record.Exception(() => ModelFiles.Load(file))!;

        Assert.IsNotType<TargetInvocationException>(exception);
        Assert.Equal("The multilayer perceptron in this model file cannot be loaded from its entry 'TransformerChain/Network'. The entry is missing. "
            + "Load a copy of the file that is whole, or save the model again.", exception.GetBaseException().Message);
    }

    /// <summary>Column, task, names, passes and network lie under one checksum.</summary>
    [Fact]
    public void OneBitOfTheNetworkEntryChanged_IsRefusedWithTheCauseInnermost()
    {
        byte[] file = ModelFiles.Save(TrainerCase.Of("multi-output regression, bagging with uncertainty").Fit());
        int length = ModelFiles.Entry(file, "/Network").Length;
        for (int i = 0; i < length; i += 3)
        {
            byte[] damaged = ModelFiles.Change(file, "/Network", bytes => [.. bytes[..i], (byte)(bytes[i] ^ (1 << (i % 8))), .. bytes[(i + 1)..]]);
            string message = Record.Exception(() => ModelFiles.Load(damaged))!.GetBaseException().Message;
            Assert.StartsWith("The multilayer perceptron in this model file cannot be loaded from its entry '", message, StringComparison.Ordinal);
            Assert.Contains("/Network'. ", message, StringComparison.Ordinal);
            Assert.EndsWith("Load a copy of the file that is whole, or save the model again.", message, StringComparison.Ordinal);
        }
    }

    /// <summary>ML.NET's own <c>Load</c> says "Error during class instantiation" of most of them.</summary>
    [Fact]
    public void LoadWithCause_MutatedFile_SaysFileCauseAndWhatToDo()
    {
        byte[] original = ModelFiles.Save(TrainerCase.Of("multi-output regression").Fit(), TrainerCase.Of("multi-output regression").Data.Schema);
        using var folder = new TemporaryFolder();
        string path = folder.Path("model.zip");
        int refused = 0;
        for (int number = 0; number < 200; number++)
        {
            File.WriteAllBytes(path, Mutations.OfZip(original, 5, number));
            if (Record.Exception(() => new MLContext(1).Model.LoadWithCause(path, out _)) is { } exception)
            {
                refused++;
                Assert.IsType<InvalidDataException>(exception);
                Assert.StartsWith($"The model file '{path}' cannot be loaded. ", exception.Message, StringComparison.Ordinal);
                Assert.Contains(exception.GetBaseException().Message, exception.Message, StringComparison.Ordinal);
                Assert.EndsWith("Load a copy of the file that is whole, or save the model again.", exception.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("class instantiation", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 20, 200);
    }

    [Fact]
    public void LoadWithCause_WholeFile_IsTheModel()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        using var folder = new TemporaryFolder();
        new MLContext(1).Model.SaveAtomically(trainer.Fit(), trainer.Data.Schema, folder.Path("model.zip"));

        ITransformer loaded = new MLContext(1).Model.LoadWithCause(folder.Path("model.zip"), out Microsoft.ML.DataViewSchema? schema);

        Assert.Equal(RowValues.ReadAll(trainer.Fit().Transform(trainer.Data)), RowValues.ReadAll(loaded.Transform(trainer.Data)));
        SchemaAssert.SameSchema(trainer.Data.Schema, schema!);
        Assert.Throws<FileNotFoundException>(() => new MLContext(1).Model.LoadWithCause(folder.Path("none"), out _));
        Assert.Throws<ArgumentException>(() => new MLContext(1).Model.LoadWithCause(" ", out _));
    }

    [Fact]
    public void OneBitOfTheMainEntryChanged_IsRefusedOrOfNoEffect()
    {
        TrainerCase trainer = TrainerCase.Of("multi-output regression");
        MlpPredictionTransformer transformer = trainer.Fit();
        byte[] file = ModelFiles.Save(transformer);
        object expected = RowValues.ReadAll(transformer.Transform(trainer.Data));
        for (int i = 0; i < 0x100; i++)
        {
            byte[] damaged = ModelFiles.Change(file, "/Model.key", bytes => [.. bytes[..i], (byte)(bytes[i] ^ (1 << (i % 8))), .. bytes[(i + 1)..]]);
            ITransformer? loaded = null;
            if (Record.Exception(() => loaded = ModelFiles.Load(damaged)) is null)
            {
                Assert.Equal(expected, RowValues.ReadAll(loaded!.Transform(trainer.Data)));
            }
        }
    }

    /// <summary>The entry that a network of another task comes from brings its own task along; what is left to fit is the input.</summary>
    [Fact]
    public void NetworkOfAnotherTask_IsATransformerOfThatTask()
    {
        byte[] other = ModelFiles.Entry(ModelFiles.Save(TrainerCase.Of("regression").Fit()), "/Network");
        byte[] file = ModelFiles.Change(ModelFiles.Save(TrainerCase.Of("binary").Fit()), "/Network", _ => other);

        var loaded = (MlpPredictionTransformer)ModelFiles.Load(file);

        Assert.Equal(["Score"], loaded.GetOutputSchema(TrainerCase.Of("regression").Data.Schema).Skip(TrainerCase.Of("regression").Data.Schema.Count)
            .Select(column => column.Name));
    }
}
