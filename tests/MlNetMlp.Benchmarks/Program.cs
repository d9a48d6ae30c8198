// Programs that measure the product.
//
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- compare
//         products|training|prediction|scoring|parts|shared|encoded|scaling|allocation [rounds]
// [folder of onnxruntime-node] [--kernel avx512|avx2|portable] [--only part of the work's name]...
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- growth <folder> [rounds] [part of a quantity's name]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- benchmark [arguments of BenchmarkDotNet]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder> [part of a configuration's name] [seeds, such as 1,2,3]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- stream [rows] [rounds]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- reading [rows] [rounds] [part of a source's name]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- sparse [rows features non-zeros epochs rows-of-a-mini-batch]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- fuzz [number of mutations] [seed]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- reliability saves|training|threads|cancellation|cluster|redis|cut [count] [seed]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- quality <folder> [--only set,set] [--ours variant,variant+Option=Value]
// [--set Option=Value]... [--peers name,name|none] [--seeds n] [--cv folds] [--threads n|all] [--jobs n] [--out folder] [--baselines folder]...
// [--fresh] [--report]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-training <folder> [--bandwidth MB/s] [--latency ms] [--message ms] [--cores n]
// [--measured]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-memory <folder> <rows>
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-overhead [rounds] [silo processes]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-link [rounds] [Mbit/s] [part of a name]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- bits
//
// compare: the same work by us and by other libraries, in turns, with medians and ratios. The peers are NumPy, PyTorch and scikit-learn of
// /usr/bin/python3 (or of the Python that PYTHON names) and the npm package onnxruntime-node of a folder; those that are missing are left out.
// --kernel avx2 (or MLNETMLP_KERNEL=avx2) compares our kernels for that instruction set with those of OpenBLAS: its process alone gets
// OPENBLAS_CORETYPE=Haswell. --only 1024 measures again only the work in whose name that is; several of them add up.
// DOTNET_PROCESSOR_COUNT=1 compares training on one thread: on a machine that does other work, peers with several threads wait for each other
// most of the time.
// Among ourselves: scoring is the transformer on a data view against the bare network, and one row against what it may take; parts is the training with
// each activation, normalization and loss against that with ReLU; shared is an ensemble inside of one network against a plain network with as much to
// multiply; encoded is the default's scoring against its columns written out, and one row of it against 10 microseconds; scaling is two threads against one;
// allocation is bytes.
//
// growth: how the time of an epoch grows with the rows, the features, the width, the depth, the size of a mini-batch and the threads. Writes
// growth.md, in which the part from "## Notes" on is kept, and growth.svg into the folder.
//
// benchmark: kernels, a step, an epoch and scoring with BenchmarkDotNet; further arguments are its own, such as --filter *Product* --job short.
//
// mnist: trains the networks of the literature on MNIST and prints the test error beside the published one. The folder holds the four
// original files, gzipped (train-images-idx3-ubyte.gz and so on).
//
// stream: trains a network on made-up rows (10,000,000 of 28 features) in memory and on disk, in turns, and prints the speed of an epoch and
// the most memory that each process had.
//
// reading: how much of Fit on made-up rows (1,000,000 of 30 features), in memory and in a text file, is spent outside of the epochs.
//
// sparse: trains one hidden layer of 64 units on made-up rows of many features of which few are not zero, and prints time and memory. The
// default is 100000 100000 40 3 64.
//
// fuzz: reads mutated .mlp, model.zip and ONNX files and prints how they ended, how long the slowest took and the most memory that one asked for.
//
// reliability: saves kills a program that saves, so many times for each kind of file, and makes saves fail; training kills trainings that have a checkpoint,
// so many times, and lets them go on; threads predicts with 64 threads for so many seconds while the model is replaced; cancellation cancels trainings of
// every kind at every request for rows, and so many times from another thread; cluster kills so many silos of searches, silos of trainings, clients of
// searches and clients of trainings on three silo processes; redis kills silos, any of three that find each other in a Redis (redis-server); cut cuts the
// network between such silos in the middle of searches and of trainings, as root on Linux, in a network of its own (unshare --net dotnet ...).
//
// quality: how good the models are. Learns every set of a folder (train.csv, test.csv and schema.json; train.tsv and test.tsv of texts; see QualitySet) with
// our variants and with LightGBM, FastTree, SDCA, L-BFGS (texts) and scikit-learn's boosted trees with their defaults, on the same prepared rows, and writes
// quality.md and quality.svg: RMSE or log-loss, error rate, AUC, time of Fit alone, of scoring, and the size of the model. The part of the table from
// "## Notes" on is kept. Every training is a line of results.jsonl in the output folder (default artifacts/quality) and is not done again; those of our
// variants count for the code and the options that gave them. LightGBM runs first, ours last, so that a run that was stopped is of use.
// --cv 3 uses the training files alone, cut into three folds that are the same for everybody: for tuning. --ours fast,wide:fast+HiddenLayers=512x512 adds a
// variant of a variant under a name of its own; --set gives an option to all of ours. A variant that stays is one line in OurSide. --threads 1 is the default.
// --jobs 2 does two trainings side by side, which lengthens their times. --baselines takes results of another folder, too. --fresh does ours again, --report
// makes table and picture of what is there, also of the code before the last change.
//
// cluster-training: what a step costs that one silo makes alone, or two share, with one thread each: computing, exchanging, bytes. From these points comes a
// model of a step, which is checked against others, and a table and a picture of the same training on 8, 64 and 512 machines: the bandwidth (1250) and the
// latency (0.1) between them, the time for messages with another one (0.24), and their cores (16) can be given. Writes scaling.md, in which the part
// from "## Notes" on is kept, measured.csv and scaling.svg into the folder; --measured takes the points of measured.csv.
//
// cluster-memory: writes files of so many made-up rows of 30 features into the folder, trains on them for an epoch on two silo processes that read them, and
// prints the most memory that the client and the silos had.
//
// cluster-overhead: a search of 60 trials on 1, 2 and 4 silo processes that are warm, against two threads of one process, and a training of
// 784-1024-1024-10 in eight shards on one silo process and on two, in turns: the time of the processors and of the clock. With a number of silo processes,
// the search on as many alone.
//
// cluster-link: a step of that training on two silo processes, each on a machine of its own of a network in which it can send only so much, against the
// larger of half of one silo's step and of the time for the bytes; as root on Linux, in a network of its own (unshare --net dotnet ...), with redis-server.
//
// bits: trains the networks of RecordedTraining on this processor and compares what they give with the recorded hashes. For arm64 without such a machine,
// publish the program for it (-r linux-arm64 --self-contained -p:EnableLightGBMUnsupportedPlatformTargetCheck=false), put the libssl.so.3 and libcrypto.so.3 of
// Debian's arm64 package libssl3 beside it, and run it by qemu-aarch64-static -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=<the folder>, with
// DOTNET_EnableWriteXorExecute=0 and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1.

using System.Globalization;
using MlNetMlp.Benchmarks;
using MlNetMlp.Benchmarks.Cluster;
using MlNetMlp.Benchmarks.Fuzzing;
using MlNetMlp.Benchmarks.Growth;
using MlNetMlp.Benchmarks.Mnist;
using MlNetMlp.Benchmarks.Quality;
using MlNetMlp.Benchmarks.Reading;
using MlNetMlp.Benchmarks.Reliability;
using MlNetMlp.Benchmarks.SideBySide;
using MlNetMlp.Benchmarks.Sparse;
using MlNetMlp.Benchmarks.Stream;

string python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
switch (args)
{
    case ["compare", var what, .. string[] rest] when ComparisonOptions.Parse(rest, python) is { } options:
        return Comparison.Run(what, options);
    case ["growth", var folder, .. var rest] when rest.Length <= 2:
        return GrowthBenchmark.Run(folder, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 5, rest.Length > 1 ? rest[1] : "");
    case ["benchmark", .. var arguments]:
        return Runner.Run(arguments);
    case ["mnist", var folder]:
        return MnistBenchmark.Run(folder, "", [1]);
    case ["mnist", var folder, var name]:
        return MnistBenchmark.Run(folder, name, [1]);
    case ["mnist", var folder, var name, var seeds]:
        return MnistBenchmark.Run(folder, name, [.. seeds.Split(',').Select(int.Parse)]);
    case ["stream", .. var rest] when rest.Length <= 2:
        return StreamBenchmark.Run(
            rest.Length > 0 ? long.Parse(rest[0], CultureInfo.InvariantCulture) : 10_000_000, rest.Length > 1
                ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 3);
    case ["stream-training", var storage, var rows]:
        return StreamTraining.Run(storage, long.Parse(rows, CultureInfo.InvariantCulture));
    case ["reading", .. var rest] when rest.Length <= 3:
        return ReadingBenchmark.Run(
            rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1_000_000,
            rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 3, rest.Length > 2 ? rest[2] : "");
    case ["sparse", .. var numbers] when numbers.Length is 0 or 5:
        int[] sizes = numbers.Length == 0 ? [100_000, 100_000, 40, 3, 64] : [.. numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return SparseBenchmark.Run(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    case ["fuzz", .. var numbers] when numbers.Length <= 2:
        return Fuzz.Run(
            numbers.Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : 100_000, numbers.Length > 1
                ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : 1);
    case ["reliability", var what, .. var numbers] when numbers.Length <= 2:
        return await ReliabilityTrials.Run(
            what, numbers.Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : null, numbers.Length > 1
                ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : 1);
    case ["cluster-silo", var port, var number, var atOnce, var log, var files, var address, var redis]:
        return await ClusterSilo.Run(
            int.Parse(port, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture), int.Parse(atOnce, CultureInfo.InvariantCulture),
            log, files, address, redis);
    case ["cluster-client", var what, var port, var seed, var checkpoint]:
        return await ClusterWork.RunClient(
            what, int.Parse(port, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture), checkpoint);
    case ["cluster-memory", var folder, var rows]:
        return await ClusterMemory.Run(folder, long.Parse(rows, CultureInfo.InvariantCulture));
    case ["cluster-memory-client", var port, var rows]:
        return await ClusterMemory.RunClient(int.Parse(port, CultureInfo.InvariantCulture), long.Parse(rows, CultureInfo.InvariantCulture));
    case ["cluster-overhead", .. var rest] when rest.Length <= 2:
        return await ClusterOverhead.Run(
            rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 3, rest.Length > 1
                ? int.Parse(rest[1], CultureInfo.InvariantCulture) : null);
    case ["cluster-link", .. var rest] when rest.Length <= 3:
        return await ClusterLink.Run(
            rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 3, rest.Length > 1
                ? int.Parse(rest[1], CultureInfo.InvariantCulture) : null, rest.Length > 2 ? rest[2] : "");
    case ["quality", .. string[] rest] when QualityOptions.Parse(rest, python) is { } options:
        return QualityBenchmark.Run(options);
    case ["cluster-training", var folder, .. var rest] when ScalingAssumptions.Parse(rest) is { } assumptions:
        return ClusterTrainingBenchmark.Run(folder, assumptions, rest.Contains("--measured"));
    case ["bits"]:
        (string Name, string Expected, string Found)[] trainings =
            [.. RecordedTraining.All.Select(training => (training.Name, training.Hash, training.Train()))];
        Array.ForEach(trainings, one => Console.WriteLine($"{one.Found} {(one.Found == one.Expected ? "as recorded" : "not " + one.Expected)}: {one.Name}"));
        return trainings.All(one => one.Found == one.Expected) ? 0 : 1;
    default:
        Console.Error.WriteLine(
            "Usage: dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- compare " +
            "products|training|prediction|scoring|parts|shared|encoded|scaling|allocation [rounds] [folder of onnxruntime-node] [--kernel " +
            "avx512|avx2|portable] [--only part of the work's name]...");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- growth <folder> [rounds] [part of a quantity's name]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- benchmark [arguments of BenchmarkDotNet]");
        Console.Error.WriteLine(
            "       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder with the gzipped MNIST files> [part of a name] [seeds]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- stream [rows] [rounds]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- reading [rows] [rounds] [part of a source's name]");
        Console.Error.WriteLine(
            "       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- sparse [rows features non-zeros epochs rows-of-a-mini-batch]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- fuzz [number of mutations] [seed]");
        Console.Error.WriteLine(
            "       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- reliability " +
            "saves|training|threads|cancellation|cluster|redis|cut [count] [seed]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- " + QualityOptions.Usage);
        Console.Error.WriteLine(
            "       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-training <folder> [--bandwidth MB/s] [--latency ms] " +
            "[--message ms] [--cores n] [--measured]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-memory <folder> <rows>");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-overhead [rounds] [silo processes]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- cluster-link [rounds] [Mbit/s] [part of a name]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- bits");
        return 2;
}
