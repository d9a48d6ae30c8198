using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class OrthogonalityPenaltyTests : IDisposable
{
    private const float Lambda = 0.3f;

    private readonly ThreadTeam _team = new(1);
    private readonly ParameterVector _vector;

    public OrthogonalityPenaltyTests()
    {
        // More inputs than units, more units than inputs, as many; then a bias and the output layer, which have no part in it.
        var layout = new ParameterLayout();
        layout.Add(new("tall", 7, 4) { Decays = true });
        layout.Add(new("bias", 1, 4));
        layout.Add(new("wide", 4, 9) { Decays = true });
        layout.Add(new("square", 5, 5) { Decays = true });
        layout.Add(new("output", 5, 2) { Part = NetworkPart.Output, Decays = true });
        layout.Add(new("output bias", 1, 2));
        _vector = new ParameterVector(layout);
        foreach (Parameter parameter in layout.Parameters)
        {
            new SeededRandom(4).At(parameter.Offset).FillNormal(_vector.Value(parameter), 0, 0.6f);
        }
    }

    public void Dispose() => _team.Dispose();

    [Fact]
    public void Value_HiddenWeights_IsTheSumOfMagnitudes()
    {
        double expected = Lambda * (Reference("tall") + Reference("wide") + Reference("square"));
        Assert.Equal(expected, new OrthogonalityPenalty(_vector, Lambda, _team).Value, 1e-6 * expected);
    }

    [Theory]
    [InlineData("tall")]
    [InlineData("wide")]
    [InlineData("square")]
    public void Value_OrthonormalWeights_IsNothing(string name)
    {
        Parameter parameter = Named(name);
        double before = new OrthogonalityPenalty(_vector, Lambda, _team).Value;
        double own = Lambda * Reference(name);
        Initializer.Orthogonal().Fill(_vector.Value(parameter), parameter.Rows, parameter.Columns, new SeededRandom(1));
        Assert.Equal(before - own, new OrthogonalityPenalty(_vector, Lambda, _team).Value, 1e-5);
    }

    [Fact]
    public void AddGradient_EveryParameter_IsTheSlopeOfTheReference()
    {
        _vector.Gradients.Span.Fill(1);
        new OrthogonalityPenalty(_vector, Lambda, _team).AddGradient();
        foreach (Parameter parameter in _vector.Layout.Parameters)
        {
            double[] slopes = new double[parameter.Length];
            if (parameter.Name is "tall" or "wide" or "square")
            {
                double[] weights = Array.ConvertAll(_vector.Value(parameter).ToArray(), value => (double)value);

                // No entry is so near to its kink that a difference would reach over it.
                Assert.True(Distances(weights, parameter.Rows, parameter.Columns).Min(Math.Abs) > 1e-4);
                slopes = GradientCheck.Differences(() => Lambda * Distances(weights, parameter.Rows, parameter.Columns).Sum(Math.Abs), weights);
            }

            float[] found = _vector.Gradient(parameter).ToArray();
            Assert.All(slopes.Zip(found), pair => Assert.Equal(1 + pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void AddGradient_AnyNumberOfThreads_GivesTheSameBits()
    {
        var layout = new ParameterLayout();
        Parameter weights = layout.Add(new("weights", 300, 200) { Decays = true });
        layout.Add(new("output", 200, 1) { Part = NetworkPart.Output, Decays = true });
        float[] Gradient(int threads)
        {
            using var team = new ThreadTeam(threads);
            var vector = new ParameterVector(layout);
            new SeededRandom(4).FillNormal(vector.Value(weights), 0, 0.05f);
            new OrthogonalityPenalty(vector, Lambda, team).AddGradient();
            return vector.Gradient(weights).ToArray();
        }

        Assert.Equal(Bits.Of(Gradient(1)), Bits.Of(Gradient(3)));
    }

    [Fact]
    public void Train_WithPenalty_MakesHiddenWeightsNearlyOrthonormalAndLeavesTheOutputsFree()
    {
        var loss = new SquaredError();
        (double free, double freeOutput) = Train(0);
        (double penalised, double output) = Train(0.01f);

        // 24 x 8 and 8 x 16: the mean distance of an entry from the identity.
        Assert.True(free > 0.1, $"{free}");
        Assert.True(penalised < 0.01, $"{penalised}");
        Assert.True(output > 0.5 * freeOutput, $"{output} of {freeOutput}");

        (double Hidden, double Output) Train(float lambda)
        {
            var architecture = new MlpArchitecture(24, 3) { HiddenLayers = [new(8), new(16) { Activation = Activation.Tanh }] };
            MlpTrainingOptions options = new()
            {
                NumberOfEpochs = 60,
                BatchSize = 20,
                LearningRate = Schedule.Cosine(0.01f),
                OrthogonalityRegularization = lambda,
                NumberOfThreads = 1
            };
            ParameterVector trained = MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 200, 24))
            {
                Options = options,
            }).Model.RestoreParameters();
            return ((MeanDistance(trained, "Hidden1.Weights") + MeanDistance(trained, "Hidden2.Weights")) / 2, MeanDistance(trained, "Output.Weights"));
        }
    }

    [Fact]
    public void Train_WithoutValidationButPatience_ChoosesByTheSumWithThePenalty()
    {
        // The data loss rises from the weights that fit best while the penalty falls by more.
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, 30);
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(4) { Activation = Activation.Tanh }] };
        MlpTrainingOptions options = new() { NumberOfEpochs = 500, BatchSize = 30, Optimizer = new Sgd(), LearningRate = 0.1f, NumberOfThreads = 1 };
        MlpModel fitted = MlpTrainer.Train(new(architecture, loss, rows) { Options = options }).Model;
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = options with { NumberOfEpochs = 10, OrthogonalityRegularization = 1, LearningRate = 0.001f, EarlyStopping = new() { Patience = 10 } },
            InitialModel = fitted,
        });
        Assert.True(result.History[^1].TrainingLoss > result.History[0].TrainingLoss);
        Assert.Equal(10, result.BestEpoch);
    }

    private Parameter Named(string name) => _vector.Layout.Parameters.Single(parameter => parameter.Name == name);

    private double Reference(string name)
    {
        Parameter parameter = Named(name);
        return Distances(Array.ConvertAll(_vector.Value(parameter).ToArray(), value => (double)value), parameter.Rows, parameter.Columns).Sum(Math.Abs);
    }

    private static double MeanDistance(ParameterVector parameters, string name)
    {
        Parameter parameter = parameters.Layout.Parameters.Single(parameter => parameter.Name == name);
        return Distances(Array.ConvertAll(parameters.Value(parameter).ToArray(), value => (double)value), parameter.Rows, parameter.Columns).Average(Math.Abs);
    }

    /// <summary>The entries of the Gram matrix of the columns, or of the rows if they are fewer, minus those of the identity.</summary>
    private static IEnumerable<double> Distances(double[] weights, int rows, int columns)
    {
        double At(int vector, int k) => columns <= rows ? weights[k * columns + vector] : weights[vector * columns + k];
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        return
            from one in Enumerable.Range(0, count)
            from other in Enumerable.Range(0, count)
            select Enumerable.Range(0, length).Sum(k => At(one, k) * At(other, k)) - (one == other ? 1 : 0);
    }
}
