using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Bagging"/>.</summary>
internal sealed record BaggingEnsemble(int Count) : Ensemble(Count)
{
    /// <summary>The first part of the address of a bag's chance, beside those of <see cref="TrainingRun"/>.</summary>
    private const int BagAddress = 1 << 20;

    internal override NetworkTraining Member(NetworkTraining training, int number, MlpModel? previous, MlpModel? initial)
    {
        var bag = BootstrapRows.Draw(training.Training, new SeededRandom(training.Options.SeedOrDefault).At(BagAddress), training.Preparing);
        return training with { Training = bag, Setup = training.Setup.ForSample(bag), Initial = initial?.Members[number] };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} bags");
}
