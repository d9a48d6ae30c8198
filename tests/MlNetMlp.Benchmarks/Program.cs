// Programs that measure the product.
//
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- compare products|training|prediction [rounds] [folder of onnxruntime-node]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder> [part of a configuration's name]
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- fuzz [number of mutations] [seed]
//
// compare: the same work by us and by other libraries, in turns, with medians and ratios. The peers are NumPy, PyTorch and scikit-learn of
// /usr/bin/python3 (or of the Python that PYTHON names) and the npm package onnxruntime-node of a folder; those that are missing are left out.
// MLNETMLP_KERNEL=avx2 compares products with OpenBLAS' kernels for that instruction set.
//
// mnist: trains the networks of the literature on MNIST and prints the test error beside the published one. The folder holds the four
// original files, gzipped (train-images-idx3-ubyte.gz and so on).
//
// fuzz: reads mutated .mlp and model.zip files and prints how they ended, how long the slowest took and the most memory that one asked for.

using System.Globalization;
using MlNetMlp.Benchmarks.Fuzzing;
using MlNetMlp.Benchmarks.Mnist;
using MlNetMlp.Benchmarks.SideBySide;

string python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
switch (args)
{
    case ["compare", var what, .. var rest] when rest.Length <= 2:
        return Comparison.Run(what, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 7, python, rest.Length > 1 ? rest[1] : null);
    case ["mnist", var folder]:
        return MnistBenchmark.Run(folder, "");
    case ["mnist", var folder, var name]:
        return MnistBenchmark.Run(folder, name);
    case ["fuzz", .. var numbers] when numbers.Length <= 2:
        return Fuzz.Run(
            numbers.Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : 100_000, numbers.Length > 1 ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : 1);
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- compare products|training|prediction [rounds] [folder of onnxruntime-node]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder with the gzipped MNIST files> [part of a name]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- fuzz [number of mutations] [seed]");
        return 2;
}
