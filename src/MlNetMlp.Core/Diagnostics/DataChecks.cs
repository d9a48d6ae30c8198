using static System.FormattableString;

namespace MlNetMlp.Diagnostics;

/// <summary>What the rows themselves tell, before any training.</summary>
internal static class DataChecks
{
    private const int NamesShown = 5;

    public static IEnumerable<DiagnosisFinding> Of(DataSurvey survey, DuplicateRows duplicates, Loss loss, MlpTrainingOptions options,
        DiagnosisOptions diagnosis)
    {
        if (loss is ClassificationLoss classification)
        {
            yield return ClassesDiffer(survey, diagnosis);
            yield return ClassBalance(survey, classification, diagnosis);
        }
        else
        {
            yield return TargetsDiffer(survey);
            yield return TargetScale(survey, loss);
        }

        yield return ConstantFeatures(survey, diagnosis);
        yield return FeatureScale(survey, options, diagnosis);
        yield return MissingValues(survey, diagnosis);
        yield return Duplicates(duplicates);
    }

    private static DiagnosisFinding ClassesDiffer(DataSurvey survey, DiagnosisOptions diagnosis)
    {
        int present = survey.ClassTotals.Count(total => total > 0);
        return present < 2
            ? new(DiagnosisCheck.Labels, DiagnosisSeverity.Warning, present,
                $"All rows are of one class, {diagnosis.NameOfClass(Array.FindIndex(survey.ClassTotals, total => total > 0))}.",
                "There is nothing to tell apart.", "Check the label column and the filters in front of the training.")
            : new(DiagnosisCheck.Labels, DiagnosisSeverity.Ok, present, $"{present} of {survey.ClassTotals.Length} classes have rows.",
                "There is something to tell apart.", null);
    }

    /// <summary>By how much the rarest class that has rows lies below an equal share: a fifth is still learned well, a fiftieth is mostly overlooked.</summary>
    private static DiagnosisFinding ClassBalance(DataSurvey survey, ClassificationLoss loss, DiagnosisOptions diagnosis)
    {
        double all = survey.ClassTotals.Sum();
        double[] shares = [.. survey.ClassTotals.Select(total => total / all)];
        int rarest = Array.IndexOf(shares, shares.Where(share => share > 0).Min()), commonest = Array.IndexOf(shares, shares.Max());
        int absent = shares.Count(share => share == 0), present = shares.Length - absent;
        double part = shares[rarest] * present;
        string measured =
            Invariant($"{shares[commonest]:P1} of the rows are of {diagnosis.NameOfClass(commonest)}, {shares[rarest]:P2} of {diagnosis.NameOfClass(rarest)}") +
            (absent > 0 ? $", and {absent} classes have none." : ".");
        if (part >= 0.2 || loss.ClassWeights is not null)
        {
            return new(DiagnosisCheck.ClassBalance, DiagnosisSeverity.Ok, part, measured,
                part >= 0.2 ? "No class is rare." : "The class weights of the loss make up for it.", null);
        }

        return new(DiagnosisCheck.ClassBalance, part >= 0.02 ? DiagnosisSeverity.Notice : DiagnosisSeverity.Warning, part, measured,
            "The rare class hardly counts in the loss, and a high accuracy may hide that it is never predicted.",
            Invariant($"Set ClassWeights.Balanced on the loss, as in Loss = new {loss} {{ ClassWeights = ClassWeights.Balanced }}, and ") +
            Invariant($"look at a metric of each class."));
    }

    private static DiagnosisFinding TargetsDiffer(DataSurvey survey)
    {
        int constant = survey.TargetDeviations.Count(deviation => deviation == 0);
        return constant > 0
            ? new(DiagnosisCheck.Labels, constant == survey.TargetDeviations.Length ? DiagnosisSeverity.Warning : DiagnosisSeverity.Notice, constant,
                Invariant($"{constant} of {survey.TargetDeviations.Length} target columns are the same in all rows."),
                    "There is nothing to predict in them.", "Check the label column and the filters in front of the training.")
            : new(DiagnosisCheck.Labels, DiagnosisSeverity.Ok, 0, Invariant($"No target column is constant, of {survey.TargetDeviations.Length}."),
                "There is something to predict.", null);
    }

    /// <summary>
    /// Outputs start near 0 with a deviation near 1, and steps are of the size of the learning rate: targets far from there take long to be
    /// reached.
    /// </summary>
    private static DiagnosisFinding TargetScale(DataSurvey survey, Loss loss)
    {
        double largest = survey.TargetMeans.Zip(survey.TargetDeviations,
            (mean, deviation) => Math.Sqrt((double)mean * mean + (double)deviation * deviation)).Max();
        string measured = Invariant($"The root mean square of the targets is {largest:G3}.");
        bool isFine = !loss.TargetsAreValues || loss.StandardizesTargets || largest is < 10 and > 0.1;
        return isFine
            ? new(DiagnosisCheck.TargetScale, DiagnosisSeverity.Ok, largest, measured, loss.StandardizesTargets
                ? "They are standardized." : "That is near 1.", null)
            : new(DiagnosisCheck.TargetScale, DiagnosisSeverity.Warning, largest, measured,
                "The outputs start near 0 and have far to go, or the gradients are tiny or huge.",
                $"Turn on StandardizeTargets of {loss}, which keeps the scores in the units of the targets.");
    }

    private static DiagnosisFinding ConstantFeatures(DataSurvey survey, DiagnosisOptions diagnosis)
    {
        int[] constant = [.. Enumerable.Range(0, survey.FeatureDeviations.Length).Where(feature => survey.FeatureDeviations[feature] == 0)];
        return constant.Length == 0
            ? new(DiagnosisCheck.ConstantFeatures, DiagnosisSeverity.Ok, 0, $"No feature is constant, of {survey.FeatureDeviations.Length}.",
                "Every one can tell something.", null)
            : new(DiagnosisCheck.ConstantFeatures, constant.Length == survey.FeatureDeviations.Length ? DiagnosisSeverity.Warning
                : DiagnosisSeverity.Notice, constant.Length,
                $"{constant.Length} of {survey.FeatureDeviations.Length} features are the same in all rows: {List(constant, diagnosis)}.", "They tell nothing.",
                "Leave them out, or check where they come from.");
    }

    /// <summary>Sums of inputs of very different size hear the large ones only, and one learning rate cannot suit the weights of all.</summary>
    private static DiagnosisFinding FeatureScale(DataSurvey survey, MlpTrainingOptions options, DiagnosisOptions diagnosis)
    {
        int[] varying = [.. Enumerable.Range(0, survey.FeatureDeviations.Length).Where(feature => survey.FeatureDeviations[feature] > 0)];
        if ((options.FeatureScaling.Scales && !options.FeatureScaling.OnlyCenters) || varying.Length == 0)
        {
            return new(DiagnosisCheck.FeatureScale, DiagnosisSeverity.Ok, 1, "The features are standardized.", "All have the mean 0 and the variance 1.", null);
        }

        int widest = varying.MaxBy(Size), narrowest = varying.MinBy(Size);
        double factor = Math.Max(Size(widest), Size(widest) / Size(narrowest));
        DiagnosisSeverity severity = factor > 1000 ? DiagnosisSeverity.Warning : factor > 30 ? DiagnosisSeverity.Notice : DiagnosisSeverity.Ok;
        return new(DiagnosisCheck.FeatureScale, severity, factor,
            Invariant($"The root mean square is {Size(widest):G3} for {diagnosis.NameOfFeature(widest)} and {Size(narrowest):G3} for ") +
            Invariant($"{diagnosis.NameOfFeature(narrowest)}."),
            severity == DiagnosisSeverity.Ok ? "That is near enough to 1." : "The large features drown the small ones, and no learning rate suits both.",
            severity == DiagnosisSeverity.Ok ? null : "Leave FeatureScaling out, or normalize the features before.");

        double Size(int feature)
        {
            double mean = options.FeatureScaling.OnlyCenters ? 0 : survey.FeatureMeans[feature], deviation = survey.FeatureDeviations[feature];
            return Math.Sqrt(mean * mean + deviation * deviation);
        }
    }

    private static DiagnosisFinding MissingValues(DataSurvey survey, DiagnosisOptions diagnosis)
    {
        int[] sparse = [.. Enumerable.Range(0, survey.FeatureDeviations.Length).Where(feature => survey.MissingShare(feature) > 0.3)];
        double worst = Enumerable.Range(0, survey.FeatureDeviations.Length).Max(survey.MissingShare);
        string measured = Invariant($"At most {worst:P1} of the values of a feature are missing.");
        return sparse.Length == 0
            ? new(DiagnosisCheck.MissingValues, DiagnosisSeverity.Ok, worst, measured, "The training mean can stand in for those.", null)
            : new(DiagnosisCheck.MissingValues, DiagnosisSeverity.Notice, worst, $"{measured} More than 30 % are in {List(sparse, diagnosis)}.",
                "The training mean stands in for them, so that the network cannot tell missing from average.",
                    "Add a feature that says whether the value is missing.");
    }

    private static DiagnosisFinding Duplicates(DuplicateRows duplicates)
    {
        double repeated = (double)duplicates.Repeated / duplicates.Count, contradicting = (double)duplicates.Contradicting / duplicates.Count;
        string measured =
            Invariant($"Of {duplicates.Count} rows, {repeated:P1} repeat another one and {contradicting:P1} have the features of ") +
            Invariant($"another one but not its label.");
        return repeated > 0.2 || contradicting > 0.2
            ? new(DiagnosisCheck.DuplicateRows, DiagnosisSeverity.Notice, Math.Max(repeated, contradicting), measured,
                contradicting > repeated ? "The loss cannot fall to 0, whatever the network."
                    : "If equal rows are on both sides of a split, the validation looks better than it is.",
                contradicting > repeated ? "Add features that tell these rows apart."
                    : "Keep each row once, with its number as its example weight, before the data are split.")
            : new(DiagnosisCheck.DuplicateRows, DiagnosisSeverity.Ok, Math.Max(repeated, contradicting), measured, "That is few.", null);
    }

    private static string List(int[] features, DiagnosisOptions diagnosis) =>
        string.Join(", ", features.Take(NamesShown).Select(diagnosis.NameOfFeature)) + (features.Length > NamesShown
            ? $" and {features.Length - NamesShown} more" : "");
}
