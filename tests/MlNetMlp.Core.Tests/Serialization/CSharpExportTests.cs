using System.Globalization;
using System.Reflection;
using MlNetMlp.Interop;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class CSharpExportTests : IClassFixture<CSharpExportTests.Exported>
{
    private const int Rows = 33;

    internal delegate void Score(ReadOnlySpan<float> features, Span<float> scores);

    private readonly Exported _exported;

    public CSharpExportTests(Exported exported) => _exported = exported;

    public static TheoryData<string> Names => RandomModels.Names;

    /// <summary>The model itself rounds as often where its kernels have a fused multiply-add, and then there is no tolerance.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Score_ExportedClass_IsTheModelBitForBit(string name)
    {
        foreach (InvalidValueHandling handling in Enum.GetValues<InvalidValueHandling>())
        {
            MlpModel model = RandomModels.Named(name, handling, handling);
            float[] features = RandomModels.Features(model, Rows);
            if (handling == InvalidValueHandling.Impute)
            {
                features[0] = float.NaN;
                features[model.FeatureCount] = float.NegativeInfinity;
            }

            float[] expected = RandomModels.Scores(model, features), actual = new float[expected.Length];
            Score score = _exported.Scorer(name, handling);
            for (int i = 0; i < Rows; i++)
            {
                score(features.AsSpan(i * model.FeatureCount, model.FeatureCount), actual.AsSpan(i * model.OutputCount, model.OutputCount));
            }

            if (InstructionSet.Active != KernelSet.Portable || System.Runtime.Intrinsics.X86.Fma.IsSupported
                || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)
            {
                Assert.Equal(Bits.Of(expected), Bits.Of(actual));
            }
            else
            {
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * Math.Max(1, Math.Abs(pair.First))));
            }
        }
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("ensemble of residual")]
    public void Score_WhatTheModelRefuses_IsRefused(string name)
    {
        MlpModel model = RandomModels.Named(name, InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        Score score = _exported.Scorer(name, InvalidValueHandling.Fail);

        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.MaxValue])
        {
            float[] features = new float[model.FeatureCount];
            features[^1] = value;
            Assert.Throws<InvalidFeatureException>(() => model.Predict(features, new float[model.OutputCount]));
            Assert.Throws<ArgumentException>(() => score(features, new float[model.OutputCount]));
        }

        Assert.Throws<ArgumentException>(() => score(new float[model.FeatureCount + 1], new float[model.OutputCount]));
        Assert.Throws<ArgumentException>(() => score(new float[model.FeatureCount], new float[model.OutputCount - 1]));
    }

    [Fact]
    public void Export_EqualModels_WriteTheSameText()
    {
        Assert.Equal(Text(RandomModels.Named("maxout")), Text(RandomModels.Named("maxout")));
        Assert.DoesNotContain('\r', Text(RandomModels.Named("maxout")));
    }

    [Fact]
    public void Export_Path_WritesTheFileAndNothingBeside()
    {
        using var folder = new TemporaryFolder();
        MlpModel model = RandomModels.Named("maxout");

        model.ExportCSharp(folder.Path("Network.cs"));

        Assert.Equal(Text(model), File.ReadAllText(folder.Path("Network.cs")));
        Assert.Equal(["Network.cs"], folder.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("two words")]
    [InlineData("class")]
    [InlineData("record")]
    [InlineData("@class")]
    [InlineData("a;b")]
    [InlineData("Score")]
    [InlineData("Softmax")]
    [InlineData("LogProbability")]
    [InlineData("Span")]
    public void ClassName_Unfit_IsRefused(string name) => Assert.Throws<ArgumentException>(nameof(CSharpExportOptions.ClassName),
        () => new CSharpExportOptions { ClassName = name });

    [Theory]
    [InlineData("")]
    [InlineData("A..B")]
    [InlineData("A.")]
    [InlineData("A.namespace")]
    [InlineData("A.B{}")]
    [InlineData("A\nB")]
    public void Namespace_Unfit_IsRefused(string name) => Assert.Throws<ArgumentException>(nameof(CSharpExportOptions.Namespace),
        () => new CSharpExportOptions { Namespace = name });

    private static string Text(MlpModel model, CSharpExportOptions? options = null)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture);
        model.ExportCSharp(writer, options);
        return writer.ToString();
    }

    /// <summary>All models as classes of one assembly: the compiler is started once.</summary>
    public sealed class Exported : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Assembly _assembly;

        public Exported()
        {
            Dictionary<string, string> sources = [];
            foreach (string name in Names.Cast<object[]>().Select(row => (string)row[0]))
            {
                foreach (InvalidValueHandling handling in Enum.GetValues<InvalidValueHandling>())
                {
                    string type = NameOf(name, handling);

                    // A namespace in which System and Math mean something else.
                    var options = new CSharpExportOptions { Namespace = "Some.System.Math", ClassName = type, IsPublic = true };
                    sources.Add(type + ".cs", Text(RandomModels.Named(name, handling, handling), options));
                }
            }

            _assembly = CSharpCompiler.Compile(_folder, sources);
        }

        public void Dispose() => _folder.Dispose();

        internal Score Scorer(string name, InvalidValueHandling handling) =>
            _assembly.GetType("Some.System.Math." + NameOf(name, handling), throwOnError: true)!.GetMethod("Score")!.CreateDelegate<Score>();

        private static string NameOf(string name, InvalidValueHandling handling) =>
            string.Concat(name.Where(char.IsLetter)) + handling;
    }
}
