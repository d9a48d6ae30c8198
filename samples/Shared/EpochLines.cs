using System.Globalization;
using MlNetMlp;

namespace Samples;

/// <summary>A line for every epoch.</summary>
internal sealed class EpochLines : IProgress<EpochReport>
{
    public void Report(EpochReport value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"Epoch {value.Epoch}/{value.NumberOfEpochs}: training loss {value.TrainingLoss:F4}, {value.Elapsed.TotalSeconds:F1} s"));
}
