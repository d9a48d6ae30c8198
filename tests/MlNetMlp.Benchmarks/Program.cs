// Programs that measure the product.
//
//     dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder> [part of a configuration's name]
//
// mnist: trains the networks of the literature on MNIST and prints the test error beside the published one. The folder holds the four
// original files, gzipped (train-images-idx3-ubyte.gz and so on).

using MlNetMlp.Benchmarks.Mnist;

switch (args)
{
    case ["mnist", var folder]:
        return MnistBenchmark.Run(folder, "");
    case ["mnist", var folder, var name]:
        return MnistBenchmark.Run(folder, name);
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/MlNetMlp.Benchmarks -- mnist <folder with the gzipped MNIST files> [part of a name]");
        return 2;
}
