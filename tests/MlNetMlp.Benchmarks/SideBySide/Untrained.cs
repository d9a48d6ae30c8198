using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Networks with their starting weights, for measurements that do not care what was learned.</summary>
internal static class Untrained
{
    public static MlpModel Create(MlpArchitecture architecture, Loss loss)
    {
        var network = new MlpNetwork(architecture, maximumRows: 0);
        network.Initialize(new SeededRandom(1));
        float[] ones = new float[architecture.InputSize];
        ones.AsSpan().Fill(1);
        var standardizer = new FeatureStandardizer(
            new float[architecture.InputSize], ones, new float[architecture.InputSize], InvalidValueHandling.Impute, InvalidValueHandling.Fail);
        return new MlpModel(architecture, loss, standardizer, TargetUnits.AsGiven(architecture.OutputSize), network.Parameters.Snapshot());
    }
}
