using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Diagnostics;

/// <summary>What a diagnosis finds in the rows themselves.</summary>
public class DataCheckTests
{
    private static readonly MlpArchitecture _linear = new(3, 2);
    private static readonly DiagnosisOptions _short = new()
    {
        NumberOfEpochs = 1,
        FeatureName = feature => $"'f{feature}'",
        ClassName = index => $"'c{index}'"
    };

    [Fact]
    public void Labels_OfOneClass_IsAWarning()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.Labels, DiagnosisSeverity.Warning, Rows((x, i) => [1]));

        Assert.Contains("of one class, 'c1'", finding.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_OneConstantTarget_IsAWarning()
    {
        Find(DiagnosisCheck.Labels, DiagnosisSeverity.Warning, Rows((x, i) => [7]), new MlpArchitecture(3, 1), new SquaredError());
        Find(DiagnosisCheck.Labels, DiagnosisSeverity.Notice, Rows((x, i) => [7, x[0]]), _linear, new SquaredError());
        Find(DiagnosisCheck.Labels, DiagnosisSeverity.Ok, Rows((x, i) => [x[1], x[0]]), _linear, new SquaredError());
    }

    [Fact]
    public void ClassBalance_RareClass_IsFoundAndClassWeightsMendIt()
    {
        InMemoryRows rare = Rows((x, i) => [i % 20 == 0 ? 1 : 0]), veryRare = Rows((x, i) => [i % 200 == 0 ? 1 : 0]);

        DiagnosisFinding finding = Find(DiagnosisCheck.ClassBalance, DiagnosisSeverity.Notice, rare);
        Assert.Equal(0.1, finding.Value, 1e-6);
        Assert.Contains("95.0 % of the rows are of 'c0', 5.00 % of 'c1'", finding.Measured, StringComparison.Ordinal);
        Assert.Contains("new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }", finding.Advice, StringComparison.Ordinal);
        Find(DiagnosisCheck.ClassBalance, DiagnosisSeverity.Warning, veryRare);
        Find(DiagnosisCheck.ClassBalance, DiagnosisSeverity.Ok, veryRare, _linear, new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced });
    }

    [Fact]
    public void ConstantFeatures_One_IsNamed()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.ConstantFeatures, DiagnosisSeverity.Notice, Rows((x, i) => [i % 2], x => [x[0], 3, x[2]]));

        Assert.Contains("1 of 3 features are the same in all rows: 'f1'", finding.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureScale_MattersWithoutStandardizationOnly()
    {
        InMemoryRows rows = Rows((x, i) => [i % 2], x => [x[0], 1e5f * x[1], x[2]]);

        DiagnosisFinding finding = Find(DiagnosisCheck.FeatureScale, DiagnosisSeverity.Warning, rows, options: new()
        {
            FeatureScaling = FeatureScaling.None,
            LearningRate = 1e-9f
        });
        Assert.Contains("for 'f1'", finding.Measured, StringComparison.Ordinal);
        Assert.Contains("FeatureScaling", finding.Advice, StringComparison.Ordinal);
        Find(DiagnosisCheck.FeatureScale, DiagnosisSeverity.Ok, rows);
        Find(DiagnosisCheck.FeatureScale, DiagnosisSeverity.Ok, Rows((x, i) => [i % 2]), options: new() { FeatureScaling = FeatureScaling.None });
    }

    [Fact]
    public void TargetScale_MattersWithoutStandardizationOnly()
    {
        InMemoryRows rows = Rows((x, i) => [300 + x[0]]);
        MlpArchitecture architecture = new(3, 1);

        DiagnosisFinding finding = Find(DiagnosisCheck.TargetScale, DiagnosisSeverity.Warning, rows, architecture,
            new SquaredError { StandardizeTargets = false });
        Assert.Contains("StandardizeTargets of SquaredError", finding.Advice, StringComparison.Ordinal);
        Assert.Equal(300, finding.Value, 1.0);
        Find(DiagnosisCheck.TargetScale, DiagnosisSeverity.Ok, rows, architecture, new SquaredError());
    }

    [Fact]
    public void MissingValues_InHalfOfTheRows_IsANotice()
    {
        int row = 0;
        DiagnosisFinding finding = Find(DiagnosisCheck.MissingValues, DiagnosisSeverity.Notice,
            Rows((x, i) => [i % 2], x => [x[0], x[1], row++ % 2 == 0 ? float.NaN : x[2]]));

        Assert.Equal(0.5, finding.Value);
        Assert.Contains("'f2'", finding.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void DuplicateRows_AreCounted()
    {
        // Four different rows in turn; the classes contradict themselves in the second case.
        float[][] four = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]];
        int row = 0;
        DiagnosisFinding repeated = Find(DiagnosisCheck.DuplicateRows, DiagnosisSeverity.Notice, Rows((x, i) => [i % 2], _ => four[row++ % 4], count: 40));
        Assert.Equal(0.9, repeated.Value, 1e-9);
        Assert.Contains("example weight", repeated.Advice, StringComparison.Ordinal);

        row = 0;
        DiagnosisFinding contradicting = Find(DiagnosisCheck.DuplicateRows, DiagnosisSeverity.Notice,
            Rows((x, i) => [i < 4 ? 0 : 1], _ => four[row++ % 4], count: 40));
        Assert.Contains("tell these rows apart", contradicting.Advice, StringComparison.Ordinal);
        Find(DiagnosisCheck.DuplicateRows, DiagnosisSeverity.Ok, Rows((x, i) => [i % 2]));
    }

    private static DiagnosisFinding Find(
        DiagnosisCheck check, DiagnosisSeverity severity, InMemoryRows rows, MlpArchitecture? architecture = null, Loss? loss = null,
            MlpTrainingOptions? options = null)
    {
        DiagnosisReport report = Diagnosis.Run(new(architecture ?? _linear, loss ?? new SoftmaxCrossEntropy(), rows)
        {
            Options = options ?? new(),
        }, _short);
        DiagnosisFinding? finding = report.Find(check);
        Assert.True(finding?.Severity == severity, report.ToString());
        return finding;
    }

    private static InMemoryRows Rows(Func<float[], int, float[]> targets, Func<float[], float[]>? features = null, int count = 400)
    {
        InMemoryRows? rows = null;
        for (int i = 0; i < count; i++)
        {
            float[] x = new float[3];
            new SeededRandom(3).At(i).FillNormal(x, 0, 1);
            x = features?.Invoke(x) ?? x;
            float[] y = targets(x, i);
            rows ??= new InMemoryRows(3, y.Length);
            rows.Add(x, y);
        }

        return rows!;
    }
}
