using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>ML.NET's calibrators on the scores of our networks and of its own trainers.</summary>
[Trait("Needs", "x64")]
public sealed class PeerCalibratorTests
{
    private static readonly Dictionary<string, Func<MLContext, IEstimator<ITransformer>>> _calibrators = new()
    {
        ["Platt"] = context => context.BinaryClassification.Calibrators.Platt(),
        ["Platt, fixed"] = context => context.BinaryClassification.Calibrators.Platt(-1.0, 0.0),
        ["Isotonic"] = context => context.BinaryClassification.Calibrators.Isotonic(),
        ["Naive"] = context => context.BinaryClassification.Calibrators.Naive(),
    };

    private readonly MLContext _context = new(1);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string trainer in (string[])["Mlp", "AveragedPerceptron", "LightGbmBinary", "FastTreeBinary", "LbfgsLogisticRegression"])
            {
                foreach (string calibrator in _calibrators.Keys)
                {
                    data.Add(trainer, calibrator);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calibrator_AfterAnyTrainer_AddsProbabilitiesThatRiseWithTheScore(string trainer, string calibrator)
    {
        IDataView scored = PeerPipeline.Of("binary", trainer).Scored(_context);
        IEstimator<ITransformer> estimator = _calibrators[calibrator](_context);

        ITransformer fitted = estimator.Fit(scored);
        IDataView calibrated = fitted.Transform(scored);

        (float Score, float Probability)[] rows =
            [.. calibrated.GetColumn<float>("Score").Zip(calibrated.GetColumn<float>("Probability")).OrderBy(row => row.First)];
        Assert.Equal(PeerPipeline.TestRows.Length, rows.Length);
        Assert.All(rows, row => Assert.InRange(row.Probability, 0, 1));
        if (calibrator != "Naive")
        {
            // That one is a histogram, which may fall from bin to bin.
            Assert.Equal(rows.Select(row => row.Probability).Order(), rows.Select(row => row.Probability));
        }

        Assert.True(rows[^1].Probability > 0.9 && rows[0].Probability < 0.1);
        Assert.Equal("Probability: Single", $"{calibrated.Schema[^1].Name}: {calibrated.Schema[^1].Type}");
        Assert.True(calibrated.Schema[^1].IsNormalized());
        SchemaAssert.SameShape(estimator.GetOutputSchema(SchemaAssert.ShapeOf(scored.Schema)), SchemaAssert.ShapeOf(calibrated.Schema));
        IDataView again = ModelFiles.Load(ModelFiles.Save(fitted)).Transform(scored);
        Assert.Equal(RowValues.ReadAll(calibrated, "Probability"), RowValues.ReadAll(again, "Probability"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calibrator_InThePipeline_IsEvaluated(string trainer, string calibrator)
    {
        IDataView data = _context.Data.LoadFromEnumerable(PeerPipeline.TrainingRows);
        IDataView scored = PeerPipeline.Of("binary", trainer).Model.Transform(data);

        IDataView calibrated = _calibrators[calibrator](_context).Fit(scored).Transform(scored);

        double expected = calibrated.GetColumn<bool>("Label").Zip(calibrated.GetColumn<float>("Probability"))
            .Average(pair => -Math.Log2(pair.First ? pair.Second : 1 - (double)pair.Second));
        CalibratedBinaryClassificationMetrics metrics = _context.BinaryClassification.Evaluate(calibrated);
        Assert.Equal(expected, metrics.LogLoss, 1e-5);
        Assert.True(metrics.LogLoss < 0.5, $"{metrics.LogLoss}");
    }

    /// <summary>A network's scores are log-odds, so the calibrator that leaves log-odds as they are gives the network's own probabilities.</summary>
    [Fact]
    public void Platt_OfSlopeMinusOne_IsOurProbability()
    {
        IDataView scored = PeerPipeline.Of("binary", "Mlp").Scored(_context);

        IDataView calibrated = _calibrators["Platt, fixed"](_context).Fit(scored).Transform(scored);

        Assert.Equal(scored.GetColumn<float>("Probability"), calibrated.GetColumn<float>("Probability"), (a, b) => Math.Abs(a - b) <= 1e-6f);
    }
}
