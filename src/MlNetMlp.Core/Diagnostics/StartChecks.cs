using MlNetMlp.Numerics;
using static System.FormattableString;

namespace MlNetMlp.Diagnostics;

/// <summary>The loss of the network before its first step.</summary>
internal static class StartChecks
{
    /// <summary>
    /// Outputs of a sound start are random numbers around the biases: of a variance of about 2 with standardized features and the default initial
    /// weights (2 n / (n + k) times the mean square of the n activations), twice as much for each residual layer. One network is one draw,
    /// and small ones scatter: a deviation of 2.4 is still fine, one of 6 is not.
    /// </summary>
    private const float FineDeviation = 2.4f, WildDeviation = 6;

    /// <summary>The strength that is tried where the options have no penalty.</summary>
    private const float TriedL2 = 0.01f;

    /// <param name="probe">The rows and the network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="initial">The parameters before the first step.</param>
    /// <param name="biases">The outputs that the output layer's biases make alone.</param>
    /// <param name="constant">The loss of the best constant.</param>
    /// <param name="random">For outputs to compare with.</param>
    public static DiagnosisFinding InitialLoss(
        NetworkProbe probe, Loss loss, ReadOnlySpan<float> initial, ReadOnlySpan<float> biases, double constant, SeededRandom random)
    {
        double measured = probe.MeanLoss(initial, PassMode.Collecting);
        double expected = probe.MeanLossOfConstant(new float[probe.Architecture.OutputSize]);

        // Of few rows, random outputs may be better than the biases alone.
        double least = probe.MeanLossOfConstant(biases);
        double fine = Math.Max(least, probe.MeanLossOfRandomOutputs(biases, FineDeviation, random));
        double wild = Math.Max(least, probe.MeanLossOfRandomOutputs(biases, WildDeviation, random));
        DiagnosisSeverity severity = measured <= fine ? DiagnosisSeverity.Ok : measured <= wild ? DiagnosisSeverity.Notice : DiagnosisSeverity.Warning;
        return new(DiagnosisCheck.InitialLoss, severity, measured,
            Invariant($"The loss of the untrained network is {measured:G4}; outputs of 0 would have ") +
            Invariant($"{expected:G4}{Formula(loss, probe.Architecture.OutputSize)}, the best constant has {constant:G4}, random outputs of deviation ") +
            Invariant($"{FineDeviation:G2} around the biases have {fine:G4}."),
            severity == DiagnosisSeverity.Ok ? "It knows nothing yet, and is not sure of anything."
                : "The untrained network is sure of wrong answers, which the first epochs have to undo.",
            severity == DiagnosisSeverity.Ok ? null
                : "Leave FeatureScaling out if it is None; else start with smaller weights (WeightInitializer and OutputInitializer, " +
                    "for example Initializer.GlorotUniform) or set Normalization on the hidden layers.");
    }

    public static DiagnosisFinding Penalty(NetworkProbe probe, ReadOnlySpan<float> initial, MlpTrainingOptions options)
    {
        double loss = probe.MeanLoss(initial, PassMode.Collecting);
        bool isTried = options is { L1Regularization.BaseRate: 0, L2Regularization.BaseRate: 0 };
        double penalty = probe.Penalty(initial, options.L1Regularization.BaseRate, isTried ? TriedL2 : options.L2Regularization.BaseRate);
        string measured = isTried
            ? Invariant($"L2Regularization of {TriedL2} would raise the initial loss from {loss:G4} to {loss + penalty:G4}.")
            : Invariant($"The penalties raise the initial loss from {loss:G4} to {loss + penalty:G4}.");
        if (!(penalty > 0))
        {
            return new(DiagnosisCheck.Penalty, DiagnosisSeverity.Notice, penalty, measured, "All weights start at 0, and units that start alike stay alike.",
                "Set WeightInitializer to one that is not Initializer.Zero.");
        }

        return isTried || penalty <= loss
            ? new(DiagnosisCheck.Penalty, DiagnosisSeverity.Ok, penalty, measured, "A penalty raises the loss, as it must.", null)
            : new(DiagnosisCheck.Penalty, DiagnosisSeverity.Warning, penalty, measured,
                "The penalties outweigh the loss of the rows, so the training will mostly shrink weights.",
                "Lower L2Regularization or L1Regularization to a tenth.");
    }

    private static string Formula(Loss loss, int outputs) => loss switch
    {
        SoftmaxCrossEntropy => $" (log {outputs})",
        SigmoidCrossEntropy => " (log 2)",
        SquaredError => " (half the mean square of the targets as they are learned)",
        _ => "",
    };
}
