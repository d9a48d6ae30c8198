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
    [InlineData("linear, sigmoid")]
    [InlineData("ensemble of input dropout")]
    public void Probability_ExportedClass_IsThatOfTheModelBitForBit(string name)
    {
        var probability = _exported.Method<Func<float, float>>(name, InvalidValueHandling.Impute, "Probability")!;

        float[] scores = [0, 1, -1, 16.5f, -80, 85.8f, -85.8f, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        Assert.Equal(Bits.Of([.. scores.Select(MlpModel.Probability)]), Bits.Of([.. scores.Select(probability)]));
        Assert.All(scores[..^1], score => Assert.True(probability(score) is > 0 and < 1));
    }

    /// <summary>What has no positive class has no probability of it.</summary>
    [Theory]
    [InlineData("linear, softmax")]
    [InlineData("linear, squared")]
    public void Probability_OfOtherTasks_IsNotThere(string name) =>
        Assert.Null(_exported.Method<Func<float, float>>(name, InvalidValueHandling.Impute, "Probability"));

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
    [InlineData("Probability")]
    [InlineData("Softmax")]
    [InlineData("LogProbability")]
    [InlineData("Span")]
    [InlineData("_")]
    public void ClassName_Unfit_IsRefused(string name) => Assert.Throws<ArgumentException>(nameof(CSharpExportOptions.ClassName),
        () => new CSharpExportOptions { ClassName = name });

    [Theory]
    [InlineData("")]
    [InlineData("A..B")]
    [InlineData("A.")]
    [InlineData("A.namespace")]
    [InlineData("_")]
    [InlineData("A._")]
    [InlineData("A.B{}")]
    [InlineData("A\nB")]
    public void Namespace_Unfit_IsRefused(string name) => Assert.Throws<ArgumentException>(nameof(CSharpExportOptions.Namespace),
        () => new CSharpExportOptions { Namespace = name });

    /// <summary>Every word that C# has, and every one that the file itself uses: what is not refused compiles.</summary>
    [Theory]
    [InlineData("12")]
    [InlineData("latest")]
    public void Export_AnyNameThatIsAllowed_Compiles(string language)
    {
        const string words = """
            _ __ abstract add alias allows and args as ascending async await base bool break by byte case catch char checked class const continue decimal
            default delegate descending do double dynamic else enum equals event explicit extension extern false field file finally fixed float for foreach
            from get global goto group if implicit in init int interface internal into is join let lock long managed nameof namespace new nint not
            notnull nuint null object on operator or orderby out override params partial private protected public readonly record ref remove required
            return sbyte scoped sealed select set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked
            unmanaged unsafe ushort using value var virtual void volatile when where while with yield
            """;
        MlpModel model = RandomModels.Create(new(2, 3) { HiddenLayers = [new(2) { Activation = Activation.Gelu }] }, new SoftmaxCrossEntropy());
        string[] own = [.. System.Text.RegularExpressions.Regex.Matches(Text(model), "[A-Za-z_][A-Za-z_0-9]{0,30}").Select(match => match.Value)];
        Dictionary<string, string> sources = [];
        int refused = 0;
        foreach (string name in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            Add(() => new CSharpExportOptions { Namespace = $"N{sources.Count}", ClassName = name });
            Add(() => new CSharpExportOptions { Namespace = $"{name}.N{sources.Count}" });
            Add(() => new CSharpExportOptions { Namespace = $"N{sources.Count}.{name}" });
        }

        foreach (string name in own.Distinct())
        {
            Add(() => new CSharpExportOptions { Namespace = $"N{sources.Count}", ClassName = name });
        }

        using var folder = new TemporaryFolder();
        CSharpCompiler.Compile(folder, sources, language);
        Assert.InRange(sources.Count, 100, int.MaxValue);
        Assert.InRange(refused, 100, int.MaxValue);

        void Add(Func<CSharpExportOptions> options)
        {
            try
            {
                sources.Add($"{sources.Count}.cs", Text(model, options()));
            }
            catch (ArgumentException)
            {
                refused++;
            }
        }
    }

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

        internal Score Scorer(string name, InvalidValueHandling handling) => Method<Score>(name, handling, "Score")!;

        /// <summary>A method of an exported class; null if it has none of that name.</summary>
        internal TDelegate? Method<TDelegate>(string name, InvalidValueHandling handling, string method)
            where TDelegate : Delegate =>
            _assembly.GetType("Some.System.Math." + NameOf(name, handling), throwOnError: true)!.GetMethod(method)?.CreateDelegate<TDelegate>();

        private static string NameOf(string name, InvalidValueHandling handling) =>
            string.Concat(name.Where(char.IsLetter)) + handling;
    }
}
