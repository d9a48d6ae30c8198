using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public sealed class PReluTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(600)]
    public void ForwardAndBackward_AnyNumberOfUnits_FollowTheDefinition(int units)
    {
        const int Rows = 3;
        (PReluLayer layer, ParameterVector parameters) = Create(units, 0.25f);
        Parameter slopes = parameters.Layout.Parameters[0];
        new SeededRandom(1).FillUniform(parameters.Value(slopes), -2, 2);
        float[] z = new float[Rows * units], y = new float[z.Length], above = new float[z.Length], below = new float[z.Length];
        new SeededRandom(2).FillNormal(z, 0, 1);
        new SeededRandom(3).FillNormal(above, 0, 1);
        z[0] = 0;
        parameters.Gradients.Span.Fill(99);
        var pass = new Pass(PassMode.Training, parameters, _team, default);
        layer.Forward(pass, new ReadOnlyMatrixSpan(z, Rows, units), new MatrixSpan(y, Rows, units));
        layer.Backward(pass, new ReadOnlyMatrixSpan(z, Rows, units), new ReadOnlyMatrixSpan(y, Rows, units), new MatrixSpan([.. above], Rows, units),
            new MatrixSpan(below, Rows, units));
        for (int j = 0; j < units; j++)
        {
            float slope = parameters.Value(slopes)[j];
            double slopeGradient = 0;
            for (int i = j; i < z.Length; i += units)
            {
                Assert.Equal(z[i] > 0 ? z[i] : slope * z[i], y[i]);
                Assert.Equal(z[i] > 0 ? above[i] : slope * above[i], below[i]);
                slopeGradient += z[i] > 0 ? 0 : (double)above[i] * z[i];
            }

            Assert.Equal(slopeGradient, parameters.Gradient(slopes)[j], 1e-5);
        }
    }

    [Fact]
    public void Train_SlopesThatTheDataAsksFor_AreFound()
    {
        // y = |x| is PReLU with the slope -1: one unit, with nothing else to learn but scales.
        var rows = new InMemoryRows(1, 1);
        for (int i = -20; i <= 20; i++)
        {
            rows.Add([i / 10f], [Math.Abs(i / 10f)]);
        }

        var architecture = new MlpArchitecture(1, 1) { HiddenLayers = [new(1) { Activation = Activation.PRelu() }] };
        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 400,
            BatchSize = 41,
            NumberOfThreads = 1,
            Seed = 7,
            LearningRate = 0.02f,
            FeatureScaling = FeatureScaling.None,
            L2Regularization = 1e-4f,
            Constraint = new NonNegative(),
        };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, new SquaredError { StandardizeTargets = false }, rows) { Options = options });
        ParameterVector parameters = result.Model.RestoreParameters();
        Assert.Equal(-1, parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == "Hidden1.Slopes"))[0], 0.02);
        Assert.InRange(result.History[^1].TrainingLoss, 0, 1e-3);
    }

    [Fact]
    public void Initialize_Slopes_AreTheOption()
    {
        (PReluLayer layer, ParameterVector parameters) = Create(3, -0.5f);
        Assert.Equal([-0.5f, -0.5f, -0.5f], parameters.Value(parameters.Layout.Parameters[0]).ToArray());
        Assert.Equal(0.25f, ((PReluActivation)Activation.PRelu()).InitialSlope);
        Assert.Equal(Initializer.He, Activation.PRelu().DefaultInitializer);
        Assert.NotEqual(Activation.PRelu(), Activation.PRelu(0.3f));
        Assert.Equal(3, layer.OutputSize);
    }

    [Fact]
    public void Apply_WithoutItsLayer_IsRefused() => Assert.Throws<NotSupportedException>(() => Activation.PRelu().Apply([1, 2]));

    private static (PReluLayer Layer, ParameterVector Parameters) Create(int units, float slope)
    {
        var layout = new ParameterLayout();
        var layer = new PReluLayer(NetworkPart.Hidden(0), units, slope, layout);
        var parameters = new ParameterVector(layout);
        parameters.Initialize(default);
        return (layer, parameters);
    }
}
