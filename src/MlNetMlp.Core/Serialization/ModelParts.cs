namespace MlNetMlp;

/// <summary>What the networks of a model have in common.</summary>
internal sealed record ModelParts(MlpArchitecture Architecture, Loss Loss, FeatureStandardizer Standardizer, TargetUnits Targets);
