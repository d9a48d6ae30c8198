namespace MlNetMlp;

/// <summary>What trainings on sparse rows cannot do.</summary>
internal static class SparseTraining
{
    /// <summary>What of an architecture and of options does not go with sparse rows, and why, in one sentence; null: nothing.</summary>
    /// <remarks>See <see cref="SparseRows"/>.</remarks>
    public static string? ProblemWith(MlpArchitecture architecture, MlpTrainingOptions options)
    {
        HiddenLayer? first = architecture.HiddenLayers.Count > 0 ? architecture.HiddenLayers[0] : null;
        return architecture.InputNoise > 0
            ? FormattableString.Invariant($"InputNoise is {architecture.InputNoise}; with sparse rows it must be 0, for it would leave no feature zero.")
            : options.Augmentation is not null ? "Augmentation is set; with sparse rows it must be null, for it changes dense rows."
            : options.OrthogonalityRegularization > 0
                ? FormattableString.Invariant(
                $"OrthogonalityRegularization is {options.OrthogonalityRegularization}; with sparse rows it must be 0, for its gradient concerns all weights.")
            : first is null ? null
            : first.Residual
                ? "Residual of the first hidden layer is true; with sparse rows it must be false, for the inputs would have to be added as dense ones."
            : first.DropConnect > 0 ? FormattableString.Invariant(
                $"DropConnect of the first hidden layer is {first.DropConnect}; with sparse rows it must be 0, for it draws all weights.")
            : first.Normalization?.NeedsAllWeights == true
                ? $"Normalization of the first hidden layer is {first.Normalization.GetType().Name}; with sparse rows it must be " +
                    "another, for this one measures all weights."
            : null;
    }
}
