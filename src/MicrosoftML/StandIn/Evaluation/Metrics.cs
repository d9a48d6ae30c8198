namespace Microsoft.ML.Data;

/// <summary>How well two classes are told apart by a score.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryEvaluation evaluation)
    {
        AreaUnderRocCurve = evaluation.AreaUnderRocCurve;
        AreaUnderPrecisionRecallCurve = evaluation.AreaUnderPrecisionRecallCurve;
        ConfusionMatrix = evaluation.ConfusionMatrix;
        Accuracy = evaluation.Accuracy;
        PositivePrecision = ConfusionMatrix.PerClassPrecision[0];
        PositiveRecall = ConfusionMatrix.PerClassRecall[0];
        NegativePrecision = ConfusionMatrix.PerClassPrecision[1];
        NegativeRecall = ConfusionMatrix.PerClassRecall[1];
        double sum = PositivePrecision + PositiveRecall;
        F1Score = sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;
    }

    public double AreaUnderRocCurve { get; }
    public double Accuracy { get; }
    public double PositivePrecision { get; }
    public double PositiveRecall { get; }
    public double NegativePrecision { get; }
    public double NegativeRecall { get; }
    public double F1Score { get; }
    public double AreaUnderPrecisionRecallCurve { get; }
    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>The same, and how good the probabilities are; logarithms to base 2.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryEvaluation evaluation) : base(evaluation)
    {
        LogLoss = evaluation.LogLoss;
        Entropy = evaluation.Entropy;
        LogLossReduction = evaluation.LogLossReduction;
    }

    public double LogLoss { get; }
    public double LogLossReduction { get; }
    public double Entropy { get; }
}

/// <summary>How well many classes are told apart; natural logarithms.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassEvaluation evaluation, int topKPredictionCount)
    {
        LogLoss = evaluation.LogLoss;
        LogLossReduction = evaluation.LogLossReduction;
        MacroAccuracy = evaluation.MacroAccuracy;
        MicroAccuracy = evaluation.MicroAccuracy;
        PerClassLogLoss = evaluation.PerClassLogLoss;
        ConfusionMatrix = evaluation.ConfusionMatrix;
        TopKPredictionCount = topKPredictionCount;
        if (topKPredictionCount > 0)
            TopKAccuracyForAllK = evaluation.TopKAccuracies(topKPredictionCount);
    }

    public double LogLoss { get; }
    public double LogLossReduction { get; }
    public double MacroAccuracy { get; }
    public double MicroAccuracy { get; }
    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } all ? all[^1] : 0;
    public int TopKPredictionCount { get; }
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }
    public IReadOnlyList<double> PerClassLogLoss { get; }
    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>How far predicted numbers are from true ones.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(RegressionEvaluation evaluation)
    {
        MeanAbsoluteError = evaluation.MeanAbsoluteError;
        MeanSquaredError = evaluation.MeanSquaredError;
        RootMeanSquaredError = Math.Sqrt(evaluation.MeanSquaredError);
        LossFunction = evaluation.Loss;
        RSquared = evaluation.RSquared;
    }

    public double MeanAbsoluteError { get; }
    public double MeanSquaredError { get; }
    public double RootMeanSquaredError { get; }
    public double LossFunction { get; }
    public double RSquared { get; }
}
