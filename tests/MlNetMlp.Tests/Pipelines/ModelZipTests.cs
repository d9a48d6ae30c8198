using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>The core reads the networks out of what mlContext.Model.Save writes.</summary>
public sealed class ModelZipTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Load_SavedTransformer_IsItsNetworkBitForBit(string name)
    {
        MlpPredictionTransformer transformer = TrainerCase.Of(name).Fit();

        ModelZipNetwork read = Load(ModelFiles.Save(transformer));

        Assert.Equal(Bytes(transformer.Model.Network), Bytes(read.Model));
        Assert.Equal(transformer.Model.OutputNames, read.OutputNames);
        Assert.Equal(transformer.Model.MonteCarloDropout, read.MonteCarloDropout);
        Assert.Equal("Features", read.FeatureColumnName);
        Assert.Equal(((VectorDataViewType)transformer.FeatureColumnType).Dimensions, read.FeatureDimensions);
        Assert.Equal(transformer.Model.Network.Loss switch
        {
            BinaryLoss => ModelZipTask.Binary,
            MulticlassLoss => ModelZipTask.Multiclass,
            _ => ModelZipTask.Regression
        }, read.Task);
    }

    [Fact]
    public void Load_Chain_FindsTheNetworkWhereItIs()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        var context = new MLContext(1);
        var model = context.Transforms.NormalizeMinMax("Features").Append(trainer.Create(context))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(trainer.Data);

        ModelZipNetwork read = Load(ModelFiles.Save(model, trainer.Data.Schema));

        Assert.Equal("TransformerChain/Transform_001", read.Location);
        Assert.Equal(["ash", "birch", "cedar"], read.OutputNames);
        Assert.Equal(Bytes(model.OfType<MlpPredictionTransformer>().Single().Model.Network), Bytes(read.Model));
    }

    [Fact]
    public void Load_SeveralNetworks_WantsToKnowWhich()
    {
        MlpPredictionTransformer[] both = [TrainerCase.Of("binary").Fit(), TrainerCase.Of("regression").Fit()];
        byte[] file = ModelFiles.Save(new TransformerChain<ITransformer>(both));
        string[] locations = ["TransformerChain/Transform_000", "TransformerChain/Transform_001"];

        Assert.Equal(locations, ModelZip.LoadAll(new MemoryStream(file)).Select(network => network.Location));
        Assert.Equal(both.Select(one => Bytes(one.Model.Network)), locations.Select(location => Bytes(ModelZip.Load(new MemoryStream(file), location).Model)));
        Assert.All(locations, location => Assert.Contains(location, Assert.Throws<InvalidOperationException>(() => Load(file)).Message,
            StringComparison.Ordinal));
        Assert.Contains(locations[1], Assert.Throws<ArgumentException>(() => ModelZip.Load(new MemoryStream(file), "elsewhere")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PipelineWithoutNetwork_SaysSo()
    {
        var context = new MLContext(1);
        TrainerCase trainer = TrainerCase.Of("binary");
        byte[] file = ModelFiles.Save(context.Transforms.NormalizeMinMax("Features").Fit(trainer.Data));

        Assert.Contains("no multilayer perceptron", Assert.Throws<InvalidDataException>(() => Load(file)).Message, StringComparison.Ordinal);
        Assert.Empty(ModelZip.LoadAll(new MemoryStream(file)));
    }

    /// <summary>The names of classes are written with their types; the core shows them as the transformer does.</summary>
    [Fact]
    public void Load_NamesOfEveryType_ReadAsTheTransformerShowsThem()
    {
        MlpPredictionTransformer transformer = TrainerCase.Of("multiclass without names").Fit();

        Check<bool>(BooleanDataViewType.Instance, true, false, true);
        Check<sbyte>(NumberDataViewType.SByte, -3, 4, sbyte.MinValue);
        Check<byte>(NumberDataViewType.Byte, 200, 4, 0);
        Check<short>(NumberDataViewType.Int16, -300, 4, short.MinValue);
        Check<ushort>(NumberDataViewType.UInt16, 60000, 4, 0);
        Check(NumberDataViewType.Int32, -70000, 4, int.MinValue);
        Check<uint>(NumberDataViewType.UInt32, 4_000_000_000, 4, 0);
        Check(NumberDataViewType.Int64, -5_000_000_000, 4, long.MinValue);
        Check<ulong>(NumberDataViewType.UInt64, ulong.MaxValue, 4, 0);
        Check(NumberDataViewType.Single, -1.5f, 1e20f, float.NaN);
        Check(NumberDataViewType.Double, 0.1, double.MaxValue, double.NegativeInfinity);
        Check(DateTimeDataViewType.Instance, new DateTime(2020, 2, 29, 1, 2, 3, DateTimeKind.Utc), DateTime.MaxValue, DateTime.MinValue);
        Check(DateTimeOffsetDataViewType.Instance, new DateTimeOffset(2020, 2, 29, 1, 2, 3, TimeSpan.FromHours(-5)), DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue);
        Check(TimeSpanDataViewType.Instance, new TimeSpan(3, 4, 5, 6, 7), TimeSpan.MinValue, TimeSpan.Zero);
        Check(RowIdDataViewType.Instance, new DataViewRowId(1, 2), new DataViewRowId(ulong.MaxValue, 0xABC), default);
        Check(TextDataViewType.Instance, "na\u00EFve \u8A66\u9A13".AsMemory(), "".AsMemory(), new string('x', 300).AsMemory());

        void Check<T>(PrimitiveDataViewType type, params T[] values)
        {
            var names = new LabelNames<T>((ValueCodec<T>)ValueCodec.For(type)!, values);
            var named = new MlpPredictionTransformer(
                new MLContext(1), new MlpModelParameters(MlpTask.Multiclass, transformer.Model.Network, true, names, training: null, null), "Features",
                    (VectorDataViewType)transformer.FeatureColumnType);
            Assert.Equal(names.Texts, Load(ModelFiles.Save(named)).OutputNames);
        }
    }

    private static ModelZipNetwork Load(byte[] file) => ModelZip.Load(new MemoryStream(file));

    private static byte[] Bytes(MlpModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
