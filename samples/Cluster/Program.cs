// A search for good options on several machines, and a training that several machines share: whether an income is over 50,000 dollars a year.
//
//     dotnet run -c Release --project samples/Cluster [-- --epochs 8]     a search, with silos in this process
//     dotnet run -c Release --project samples/Cluster -- train-here       a training in eight shards, all of them in this process
//     samples/Cluster/three-silos.sh search                               three silo processes on this machine, and a search
//     samples/Cluster/three-silos.sh train                                three silo processes on this machine, and the same training
//     docker compose -f samples/Cluster/compose.yaml up                   the same in containers, with Redis
//     kubectl apply -f samples/Cluster/kubernetes.yaml                    the same in Kubernetes, with Redis and a certificate
//
// Where silos and clients meet is told by the environment; see ClusterPlace.

using System.Globalization;
using Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlNetMlp.Search;
using Orleans;
using Orleans.Hosting;

switch (args)
{
    case ["silo", ..]:
        HostApplicationBuilder silo = Host.CreateApplicationBuilder();
        silo.Logging.SetMinimumLevel(LogLevel.Warning);
        silo.UseOrleans(builder => ClusterPlace.FromEnvironment().Configure(builder.AddMlpTraining()));
        await silo.Build().RunAsync();
        break;

    case ["search" or "train", .. var rest]:
        HostApplicationBuilder client = Host.CreateApplicationBuilder();
        client.Logging.SetMinimumLevel(LogLevel.Error);
        client.UseOrleansClient(builder => ClusterPlace.FromEnvironment().Configure(builder));
        using (IHost host = client.Build())
        {
            await host.StartAsync();
            using var runner = new OrleansRunner(host.Services.GetRequiredService<IClusterClient>());
            if (args[0] == "search")
            {
                IncomeSearch.Run(runner, EpochsOf(rest));
            }
            else
            {
                IncomeTraining.Run(runner, EpochsOf(rest));
            }

            await host.StopAsync();
        }

        break;

    case ["train-here", .. var rest]:
        IncomeTraining.Run(null, EpochsOf(rest));
        break;

    default:
        using (OrleansRunner runner = OrleansRunner.Local(silos: 2))
        {
            IncomeSearch.Run(runner, EpochsOf(args));
        }

        break;
}

static int EpochsOf(string[] arguments) => arguments is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 8;
