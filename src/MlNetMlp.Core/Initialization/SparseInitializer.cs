using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Initializer.Sparse"/>.</summary>
internal sealed record SparseInitializer(int InputsPerUnit, float StandardDeviation) : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random)
    {
        weights.Clear();
        int count = Math.Min(InputsPerUnit, fanIn);
        int[] inputs = [.. Enumerable.Range(0, fanIn)];
        for (int unit = 0; unit < fanOut; unit++)
        {
            SeededRandom choices = random.At(unit).At(0);
            SeededRandom values = random.At(unit).At(1);

            // The first steps of a shuffle: any order that the unit before has left will do.
            for (int i = 0; i < count; i++)
            {
                int other = i + choices.Below(fanIn - i, i);
                (inputs[i], inputs[other]) = (inputs[other], inputs[i]);
                weights[(inputs[i] * fanOut) + unit] = StandardDeviation * values.Normal(i);
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Sparse({InputsPerUnit}, {StandardDeviation})");
}
