using System.Globalization;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Networks;
using MlNetMlp.Search;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>
/// What a step costs that two silo processes share, each on a machine of its own of a <see cref="SiloNetwork"/>, against the larger of half of one silo's
/// step and of the time for the bytes of the gradient.
/// </summary>
internal static class ClusterLink
{
    /// <summary>What is left of a cable for the content of packets of 1,500 bytes.</summary>
    private const double Payload = 1448.0 / 1514;

    private static readonly (string Name, MlpTrainingOptions Options)[] _all =
    [
        ("2 shards", new() { Shards = 2 }),
        ("8 shards", new() { Shards = 8 }),
        ("2 shards, 16-bit gradients", new() { Shards = 2, GradientPrecision = GradientPrecision.BFloat16 }),
    ];

    /// <param name="rounds">How often each side is measured, in turns.</param>
    /// <param name="megabits">What a silo can send, in Mbit/s; null: as much as the machine can.</param>
    /// <param name="part">Part of the names of the trainings that are measured; empty: all of them.</param>
    public static async Task<int> Run(int rounds, int? megabits, string part)
    {
        (string Name, MlpTrainingOptions Options)[] trainings = [.. _all.Where(training => training.Name.Contains(part, StringComparison.Ordinal))];
        var steps = new Dictionary<(string Training, int Silos), List<ClusterStep>>();
        using (var folder = new TemporaryFolder())
        {
            using var network = new SiloNetwork(2);
            if (megabits is { } rate)
            {
                network.Limit(rate);
            }

            using RedisServer redis = await RedisServer.Start(folder.Path(""), SiloNetwork.Here, RedisServer.Port);
            using var two = new SiloProcesses(folder.Path(""), trainingsAtOnce: 1, redis: redis.Connection, isOnNetwork: true);
            await two.Start(2);
            using var one = new SiloProcesses(Directory.CreateDirectory(folder.Path("one")).FullName, trainingsAtOnce: 1);
            await one.Start(1);
            using IHost clientOfTwo = await SiloProcesses.Connect(two.Port, redis.Connection), clientOfOne = await SiloProcesses.Connect(one.Port);
            for (int round = 0; round < rounds; round++)
            {
                foreach ((string name, MlpTrainingOptions options) in trainings)
                {
                    foreach ((SiloProcesses silos, IHost client) in new[] { (one, clientOfOne), (two, clientOfTwo) })
                    {
                        using var runner = new OrleansRunner(SiloProcesses.ClientOf(client));
                        (string, int) side = (name, silos.All.Count);
                        steps.TryAdd(side, []);
                        steps[side].Add(ClusterStep.Measure(silos, runner, options));
                    }
                }
            }
        }

        Console.WriteLine("| training | step of one silo, ms | sending, ms | step of two silos, ms | by the larger | processors of a step, ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach ((string name, MlpTrainingOptions options) in trainings)
        {
            double alone = steps[(name, 1)].Min(step => step.Clock), shared = steps[(name, 2)].Min(step => step.Clock);
            double bytes = ClusterStep.GradientBytes / (options.GradientPrecision == GradientPrecision.Full ? 1 : 2);
            double sending = megabits is { } rate ? 8 * bytes / (1e6 * rate * Payload) : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {1e3 * alone:F0} | {1e3 * sending:F0} | {1e3 * shared:F0} | {shared / Math.Max(alone / 2, sending):F2} | ") +
                string.Create(CultureInfo.InvariantCulture, $"{1e3 * steps[(name, 2)].Min(step => step.Processors):F0} |"));
        }

        bool isSame = trainings.All(training => steps[(training.Name, 1)].Concat(steps[(training.Name, 2)]).DistinctBy(step => step.Result).Count() == 1);
        Console.WriteLine(isSame ? "\nThe same bits everywhere." : "\nNOT the same bits.");
        return isSame ? 0 : 1;
    }
}
