using System.Globalization;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>What a step costs in processor time, which other work on the machine does not lengthen: the cheapest epoch of several.</summary>
/// <param name="Units">The units of each of the two hidden layers.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Rows">The rows of a mini-batch.</param>
/// <param name="Shards">The number of shards.</param>
/// <param name="Silos">How many silos share them.</param>
/// <param name="Step">Seconds of a processor for a step, the mean of the silos.</param>
/// <param name="Bytes">Bytes that a silo sends in a step.</param>
internal sealed record ClusterPoint(int Units, int Parameters, int Rows, int Shards, int Silos, double Step, double Bytes)
{
    public const string Header = "units,parameters,rows,shards,silos,step,bytes";

    public static ClusterPoint Parse(string line)
    {
        string[] fields = line.Split(',');
        int Whole(int i) => int.Parse(fields[i], CultureInfo.InvariantCulture);
        double Number(int i) => double.Parse(fields[i], CultureInfo.InvariantCulture);
        return new ClusterPoint(Whole(0), Whole(1), Whole(2), Whole(3), Whole(4), Number(5), Number(6));
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Units},{Parameters},{Rows},{Shards},{Silos},{Step:R},{Bytes:R}");
}
