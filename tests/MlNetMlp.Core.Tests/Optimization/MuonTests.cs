using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// What <see cref="Muon"/> does to matrices; to all else it is <see cref="AdamW"/>, which the optimizers' contract tests. Expected numbers come from
/// matrices with known singular values, and from a reference in double precision that follows the paper: the iteration on the matrix itself.
/// </summary>
public sealed class MuonTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(9, 4)]
    [InlineData(4, 9)]
    [InlineData(6, 6)]
    [InlineData(70, 33)]
    public void Apply_KnownSingularValues_GoThroughThePolynomial(int rows, int columns)
    {
        int side = Math.Min(rows, columns);
        double[] values = [.. Enumerable.Range(0, side).Select(i => 7 * Math.Pow(0.9, i))];
        double bound = Math.Pow(values.Sum(s => s * s * s * s), 0.25);
        double[,] left = Orthogonal(rows, side, 1), right = Orthogonal(columns, side, 2);
        float[] matrix = Compose(left, values, right);

        new NewtonSchulz([new Parameter("w", rows, columns)], _team).Apply(new MatrixSpan(matrix, rows, columns), 2);

        float[] expected = Compose(left, [.. values.Select(s => 2 * Polynomials(s / bound))], right);
        Assert.All(expected.Zip(matrix), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    /// <summary>What the coefficients are chosen for: singular values from a hundredth of the largest on come near 1, measured on diagonal matrices.</summary>
    [Fact]
    public void Apply_SingularValuesFromAHundredthOn_ComeNearOne()
    {
        float[] matrix = new float[64 * 64];
        for (int i = 0; i < 64; i++)
        {
            matrix[i * 65] = MathF.Pow(0.01f, i / 63f);
        }

        double bound = Math.Pow(Enumerable.Range(0, 64).Sum(i => Math.Pow(matrix[i * 65], 4)), 0.25);
        float[] values = [.. Enumerable.Range(0, 64).Where(i => matrix[i * 65] / bound >= 0.01).Select(i => matrix[i * 65])];
        new NewtonSchulz([new Parameter("w", 64, 64)], _team).Apply(new MatrixSpan(matrix, 64, 64), 1);
        float[] after = [.. Enumerable.Range(0, values.Length).Select(i => matrix[i * 65])];
        Assert.InRange(values.Length, 50, 64);
        Assert.InRange(after.Min(), 0.29f, 1);
        Assert.InRange(after.Max(), 1, 1.71f);
    }

    [Fact]
    public void Apply_Zeros_Stay()
    {
        float[] matrix = new float[12];
        new NewtonSchulz([new Parameter("w", 3, 4)], _team).Apply(new MatrixSpan(matrix, 3, 4), 1);
        Assert.Equal(new float[12], matrix);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Apply_NotFinite_IsSeenInTheResult(float value)
    {
        float[] matrix = [1, value, 2, 3, 4, 5];
        new NewtonSchulz([new Parameter("w", 3, 2)], _team).Apply(new MatrixSpan(matrix, 3, 2), 1);
        Assert.All(matrix, x => Assert.True(float.IsNaN(x)));
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Apply_AnySize_GivesTheSameDirection(float size)
    {
        float[] matrix = Numbers(20, 3), scaled = [.. matrix.Select(x => x * size)];
        var orthogonal = new NewtonSchulz([new Parameter("w", 5, 4)], _team);
        orthogonal.Apply(new MatrixSpan(matrix, 5, 4), 1);
        orthogonal.Apply(new MatrixSpan(scaled, 5, 4), 1);
        Assert.All(matrix.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Step_TenSteps_MatricesFollowTheReferenceAndAllElseAdamW()
    {
        var muon = new Muon { Momentum = 0.8f };
        ParameterVector vector = Vector(), adam = Vector();
        IOptimizerRule rule = muon.CreateRule(vector, _team), others = new AdamW().CreateRule(adam, _team);
        Dictionary<string, MatrixReference> references =
            new[] { "tall", "wide" }.ToDictionary(name => name, name => new MatrixReference(vector, Named(vector, name)));
        for (int step = 1; step <= 10; step++)
        {
            FillGradients(vector, step);
            FillGradients(adam, step);
            foreach ((string name, MatrixReference reference) in references)
            {
                reference.Step(vector.Gradient(Named(vector, name)), 0.8, 0.01, 0.02);
            }

            Step(vector, rule, step);
            Step(adam, others, step);
        }

        foreach (Parameter parameter in vector.Layout.Parameters)
        {
            double[] expected = references.TryGetValue(parameter.Name, out MatrixReference? reference)
                ? reference.Values : [.. adam.Value(parameter).ToArray().Select(x => (double)x)];
            Assert.All(expected.Zip(vector.Value(parameter).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        }

        // The tolerance is far below what one mistake in a matrix' step makes.
        Assert.All(references.Values, reference => Assert.True(reference.Values.Zip(reference.Start).Max(pair => Math.Abs(pair.First - pair.Second)) > 2e-2));
    }

    [Fact]
    public void Step_CutAnywhereOnAnyNumberOfThreads_GivesTheSameBits()
    {
        float[] expected = Train(1, cuts: false);
        Assert.Equal(expected, Train(1, cuts: true));
        Assert.Equal(expected, Train(3, cuts: false));

        static float[] Train(int threads, bool cuts)
        {
            using var team = new ThreadTeam(threads);
            ParameterVector vector = Vector(scale: 20);
            IOptimizerRule rule = new Muon().CreateRule(vector, team);
            for (int step = 1; step <= 3; step++)
            {
                FillGradients(vector, step);
                if (!cuts)
                {
                    rule.Begin(new StepContext(0.01f, 1, step));
                    SharedStep.Run(vector, rule, team);
                    continue;
                }

                rule.Begin(new StepContext(0.01f, 1, step));
                foreach (ParameterSegment segment in vector.Segments)
                {
                    for (int at = segment.Offset, end = at + segment.Length, length = 1; at < end; at += length, length = 1 + (length * 7 % 61))
                    {
                        length = Math.Min(length, end - at);
                        rule.Step(vector.Values.Span.Slice(at, length), vector.Gradients.Span.Slice(at, length), at, segment.Group);
                    }
                }
            }

            return vector.Snapshot();
        }
    }

    [Fact]
    public void Step_UnitThatHasDied_LeavesNoSubnormals()
    {
        ParameterVector vector = Vector();
        IOptimizerRule rule = new Muon { Momentum = 0.5f }.CreateRule(vector, _team);
        FillGradients(vector, 1);
        for (int step = 1; step <= 200; step++)
        {
            Step(vector, rule, step);
            vector.ClearGradients();
            Assert.All(rule.State, slot => Assert.DoesNotContain(slot.Values.Span.ToArray(), float.IsSubnormal));
        }
    }

    [Fact]
    public void CreateRule_NoHiddenMatrices_IsAdamW()
    {
        var layout = new ParameterLayout();
        layout.Add(new("output", 5, 2) { Part = NetworkPart.Output, Decays = true });
        Assert.IsNotType<MuonRule>(new Muon().CreateRule(new ParameterVector(layout), _team));
    }

    [Fact]
    public void Train_SparseFeatures_LeavesTheirWeightsToAdamW()
    {
        var layout = new ParameterLayout();
        Parameter sparse = layout.Add(new("sparse", 50, 6) { Part = NetworkPart.Hidden(0), Decays = true });
        Assert.IsNotType<MuonRule>(new Muon().CreateRule(new ParameterVector(layout, [sparse]), _team));
        Assert.IsType<MuonRule>(new Muon().CreateRule(new ParameterVector(layout), _team));
    }

    /// <summary>
    /// Two teachers' directions, of which one is a hundred times as strong: the weak one is learned as well, which Adam with the same budget does not
    /// manage, however its rate is chosen.
    /// </summary>
    [Fact]
    public void Train_WeakDirection_IsLearnedInFewerStepsThanByAdamW()
    {
        double muon = Best(rate => (new Muon { WeightDecay = 0 }, rate)), adam = Best(rate => (new AdamW { WeightDecay = 0 }, rate));
        Assert.True(muon < 0.5 * adam, $"Muon {muon:G3}, AdamW {adam:G3}");

        static double Best(Func<float, (Optimizer, float)> choose) => new[] { 0.003f, 0.01f, 0.03f }.Min(rate =>
        {
            (Optimizer optimizer, float chosen) = choose(rate);
            var rows = new InMemoryRows(8, 2);
            var random = new SeededRandom(5);
            for (int i = 0; i < 512; i++)
            {
                float[] x = new float[8];
                random.At(i).FillNormal(x, 0, 1);
                rows.Add(x, [MathF.Sin(x[0] + x[1]), 0.01f * MathF.Sin(2 * x[2] - x[3])]);
            }

            var architecture = new MlpArchitecture(8, 2) { HiddenLayers = [new(32), new(32)] };
            var options = new MlpTrainingOptions
            {
                Optimizer = optimizer,
                LearningRate = Schedule.Cosine(chosen),
                NumberOfEpochs = 20,
                BatchSize = 32,
                Seed = 1,
            };
            var loss = new SquaredError { StandardizeTargets = false };
            MlpModel model = MlpTrainer.Train(new TrainingTask(architecture, loss, rows) { Options = options }).Model;
            float[] scores = new float[2];
            double error = 0;
            for (int i = 0; i < rows.Count; i++)
            {
                float[] x = new float[8];
                random.At(i).FillNormal(x, 0, 1);
                model.Predict(x, scores);
                double difference = scores[1] - (0.01 * Math.Sin(2 * x[2] - x[3]));
                error += difference * difference / rows.Count;
            }

            return error;
        });
    }

    private static double Polynomials(double s)
    {
        double first = (8.0934 * s) - (23.6204 * s * s * s) + (17.4462 * s * s * s * s * s);
        return (3.6366 * first) - (2.7219 * first * first * first) + (0.5365 * first * first * first * first * first);
    }

    private static float[] Numbers(int count, int seed)
    {
        float[] numbers = new float[count];
        new SeededRandom(seed).FillNormal(numbers, 0, 1);
        return numbers;
    }

    /// <summary>Orthonormal columns, by Gram and Schmidt in double precision.</summary>
    private static double[,] Orthogonal(int rows, int columns, int seed)
    {
        float[] numbers = Numbers(rows * columns, seed);
        double[,] result = new double[rows, columns];
        for (int j = 0; j < columns; j++)
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(i => (double)numbers[(i * columns) + j])];
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    double along = Enumerable.Range(0, rows).Sum(i => column[i] * result[i, k]);
                    column = [.. column.Select((x, i) => x - (along * result[i, k]))];
                }
            }

            double length = Math.Sqrt(column.Sum(x => x * x));
            for (int i = 0; i < rows; i++)
            {
                result[i, j] = column[i] / length;
            }
        }

        return result;
    }

    private static float[] Compose(double[,] left, double[] values, double[,] right)
    {
        int rows = left.GetLength(0), columns = right.GetLength(0);
        float[] matrix = new float[rows * columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (float)Enumerable.Range(0, values.Length).Sum(k => left[i / columns, k] * values[k] * right[i % columns, k]);
        }

        return matrix;
    }

    private static ParameterVector Vector(int scale = 1)
    {
        var layout = new ParameterLayout();
        layout.Add(new("scales", 2, 7) { Part = NetworkPart.Scales });
        layout.Add(new("tall", 7 * scale, 4 * scale) { Part = NetworkPart.Hidden(0), Decays = true });
        layout.Add(new("wide", 4 * scale, 9 * scale) { Part = NetworkPart.Hidden(1), Decays = true });
        layout.Add(new("bias", 1, 9 * scale) { Part = NetworkPart.Hidden(1), IsBias = true });
        layout.Add(new("column", 9, 1) { Part = NetworkPart.Hidden(2), Decays = true });
        layout.Add(new("output", 9, 2) { Part = NetworkPart.Output, Decays = true });
        var vector = new ParameterVector(layout);
        foreach (Parameter parameter in layout.Parameters)
        {
            new SeededRandom(4).At(parameter.Offset).FillNormal(vector.Value(parameter), 0, 0.6f);
        }

        return vector;
    }

    private static Parameter Named(ParameterVector vector, string name) => vector.Layout.Parameters.Single(parameter => parameter.Name == name);

    private static void FillGradients(ParameterVector vector, int step)
    {
        foreach (Parameter parameter in vector.Layout.Parameters)
        {
            new SeededRandom(6).At(step).At(parameter.Offset).FillNormal(vector.Gradient(parameter), 0, 0.1f);
        }
    }

    private void Step(ParameterVector vector, IOptimizerRule rule, int step)
    {
        rule.Begin(new StepContext(0.01f, 1, step, Decay: 0.02f));
        SharedStep.Run(vector, rule, _team);
    }

    /// <summary>The steps of one matrix as the paper has them, in double precision.</summary>
    private sealed class MatrixReference
    {
        private readonly int _rows;
        private readonly int _columns;
        private readonly double[] _momentum;

        public MatrixReference(ParameterVector vector, Parameter parameter)
        {
            (_rows, _columns) = (parameter.Rows, parameter.Columns);
            Start = [.. vector.Value(parameter).ToArray().Select(x => (double)x)];
            Values = [.. Start];
            _momentum = new double[Start.Length];
        }

        public double[] Start { get; }

        public double[] Values { get; }

        public void Step(ReadOnlySpan<float> gradient, double kept, double rate, double decay)
        {
            double[] x = new double[_momentum.Length];
            for (int i = 0; i < x.Length; i++)
            {
                _momentum[i] = (kept * _momentum[i]) + ((1 - kept) * gradient[i]);
                x[i] = (kept * _momentum[i]) + ((1 - kept) * gradient[i]);
            }

            double[] square = Product(Transposed(x, _rows, _columns), x, _columns, _rows, _columns);
            double bound = Math.Pow(square.Sum(value => value * value), 0.25);
            x = [.. x.Select(value => value / bound)];
            foreach ((double a, double b, double c) in new[] { (8.0934, -23.6204, 17.4462), (3.6366, -2.7219, 0.5365) })
            {
                double[] gram = Product(Transposed(x, _rows, _columns), x, _columns, _rows, _columns);
                double[] cubed = Product(x, gram, _rows, _columns, _columns), fifth = Product(cubed, gram, _rows, _columns, _columns);
                x = [.. x.Select((value, i) => (a * value) + (b * cubed[i]) + (c * fifth[i]))];
            }

            for (int i = 0; i < x.Length; i++)
            {
                Values[i] = (Values[i] * (1 - decay)) - (rate * 0.2 * Math.Sqrt(Math.Max(_rows, _columns)) * x[i]);
            }
        }

        private static double[] Transposed(double[] x, int rows, int columns) =>
            [.. Enumerable.Range(0, x.Length).Select(i => x[(i % rows * columns) + (i / rows)])];

        private static double[] Product(double[] x, double[] y, int rows, int depth, int columns)
        {
            double[] product = new double[rows * columns];
            for (int i = 0; i < product.Length; i++)
            {
                product[i] = Enumerable.Range(0, depth).Sum(k => x[(i / columns * depth) + k] * y[(k * columns) + (i % columns)]);
            }

            return product;
        }
    }
}
