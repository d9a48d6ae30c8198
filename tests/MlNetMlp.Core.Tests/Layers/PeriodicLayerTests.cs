using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The layer against its scoring step, which works row by row; <see cref="GradientTests"/> check values and gradients, too.</summary>
public sealed class PeriodicLayerTests
{
    private const int Features = 5, Rows = 29;

    private static readonly Dictionary<string, PeriodicNumbers> _all = new()
    {
        ["pbld"] = new(new PbldEmbedding(), [0, 2, 4]),
        ["plr"] = new(new PlrEmbedding(), [1]),
        ["plr, narrow"] = new(new PlrEmbedding { Frequencies = 1, Width = 1, InitialScale = 2 }, [0, 1, 2, 3, 4]),
        ["pbld, wide"] = new(new PbldEmbedding { Frequencies = 3, Width = 37 }, [0, 1, 3, 4]),
    };

    public static TheoryData<string> Names => [.. _all.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ForwardAndBackward_ThreadsAndKernels_HaveTheSameBits(string name)
    {
        Result one = Run(_all[name], 1);
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            foreach (int threads in (int[])[1, 2, 5])
            {
                Result other = Run(_all[name], threads);
                Assert.Equal(Bits.Of(one.Output), Bits.Of(other.Output));
                Assert.Equal(Bits.Of(one.Gradients), Bits.Of(other.Gradients));
                Assert.Equal(Bits.Of(one.InputGradient), Bits.Of(other.InputGradient));
                Assert.Equal(Bits.Of(one.Scored), Bits.Of(other.Scored));
            }
        }
    }

    /// <summary>Sums of up to a hundred terms in another order, and with one rounding less each.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_Rows_IsWhatTheScoringStepComputes(string name)
    {
        Result result = Run(_all[name], 1);
        Assert.All(result.Output.Zip(result.Scored), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Initialize_SomeSeed_HasThePromisedSpread(string name)
    {
        var layout = new ParameterLayout();
        _ = new PeriodicLayer(400, new(_all[name].Embedding, [.. Enumerable.Range(0, 400)]), layout);
        var parameters = new ParameterVector(layout);
        parameters.Initialize(new SeededRandom(1));
        foreach (Parameter parameter in layout.Parameters)
        {
            PeriodicEmbedding embedding = _all[name].Embedding;
            double spread = Math.Sqrt(OrderedSum.OfSquares(parameters.Value(parameter)) / parameter.Length);
            double expected = parameter.Name switch
            {
                "Numbers.Frequencies" => embedding.InitialScale,
                "Numbers.Phases" => Math.Sqrt(1.0 / 12),
                "Numbers.Weights" => Math.Sqrt(1.0 / 3 / (embedding is PbldEmbedding ? embedding.Frequencies : 2 * embedding.Frequencies)),
                _ => 0,
            };
            Assert.Equal(expected, spread, 0.1 * expected);
        }
    }

    [Fact]
    public void Predict_EmbeddedNumbers_AllocatesNothing()
    {
        MlpModel model = RandomModels.Named("embedded, with missing values");
        float[] features = RandomModels.Features(model, 9), scores = new float[9];
        Assert.Equal(0, Allocations.Of(() => model.Predict(features.AsSpan(0, 5), scores.AsSpan(0, 1))));
        Assert.Equal(0, Allocations.Of(() => model.Predict(features, scores, 9)));
    }

    [Fact]
    public void ForwardAndBackward_Again_AllocateNothing()
    {
        var layout = new ParameterLayout();
        var chain = new LayerChain([new PeriodicLayer(Features, _all["pbld"], layout)], Rows);
        var parameters = new ParameterVector(layout);
        using var team = new ThreadTeam(1);
        var pass = new Pass(PassMode.Training, parameters, team, default);
        float[] features = new float[Rows * Features];
        Assert.Equal(0, Allocations.Of(() =>
        {
            var input = new ReadOnlyMatrixSpan(features, Rows, Features);
            chain.Forward(pass, input);
            chain.Backward(pass, input, default);
        }));
    }

    [Fact]
    public void Create_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new PeriodicNumbers(new PbldEmbedding(), []));
        Assert.Throws<ArgumentException>(() => new PeriodicNumbers(new PbldEmbedding(), [-1, 0]));
        Assert.Throws<ArgumentException>(() => new PeriodicNumbers(new PbldEmbedding(), [1, 1]));
        Assert.Throws<ArgumentException>(() => new MlpArchitecture(3, 1) { Numbers = new(new PbldEmbedding(), [1, 3]) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlrEmbedding { Frequencies = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlrEmbedding { Width = 1025 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlrEmbedding { InitialScale = 0 });
    }

    private static Result Run(PeriodicNumbers numbers, int threads)
    {
        var layout = new ParameterLayout();
        var layer = new PeriodicLayer(Features, numbers, layout);
        var chain = new LayerChain([layer], Rows);
        var parameters = new ParameterVector(layout);
        RandomModels.Randomize(parameters, new SeededRandom(1));
        float[] features = new float[Rows * Features], inputGradient = new float[features.Length], scored = new float[Rows * layer.OutputSize];
        new SeededRandom(2).FillNormal(features, 0, 1.5f);
        using var team = new ThreadTeam(threads);
        var pass = new Pass(PassMode.Training, parameters, team, default);
        var input = new ReadOnlyMatrixSpan(features, Rows, Features);
        float[] output = chain.Forward(pass, input).Values.ToArray();
        new SeededRandom(3).FillNormal(chain.OutputGradient(Rows).Values, 0, 1);
        chain.Backward(pass, input, new MatrixSpan(inputGradient, Rows, Features));
        var plan = new ScoringPlan();
        layer.AppendTo(plan, parameters);
        plan.Build()[0].Apply(input, new MatrixSpan(scored, Rows, layer.OutputSize));
        return new(output, parameters.Gradients.Span.ToArray(), inputGradient, scored);
    }

    private sealed record Result(float[] Output, float[] Gradients, float[] InputGradient, float[] Scored);
}
