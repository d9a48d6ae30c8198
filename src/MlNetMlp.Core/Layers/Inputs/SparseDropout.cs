using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Dropout of the inputs, see <see cref="DropoutLayer"/>, for sparse rows: what is zero stays zero, so it is drawn for the others only.</summary>
/// <remarks>Every feature has the random number that it has among all of a dense row, so the result is the same.</remarks>
/// <param name="dropout">Probability and address.</param>
/// <param name="featureCount">The number of features of a row.</param>
internal sealed class SparseDropout(UnitDropout dropout, int featureCount)
{
    private readonly SparseFeatures _kept = new(featureCount);

    /// <summary>What is kept of <paramref name="input"/>, multiplied by <c>1 / (1 - p)</c>; valid until the next call.</summary>
    public SparseFeatures Apply(in Pass pass, SparseFeatures input)
    {
        if (pass.Mode != PassMode.Training)
        {
            return input;
        }

        SeededRandom random = dropout.Random(pass.Random);
        Span<float> mask = stackalloc float[1];
        _kept.Clear();
        _kept.Reserve(input.Count);
        for (int i = 0; i < input.Rows; i++)
        {
            ReadOnlySpan<int> indices = input.Indices(i);
            ReadOnlySpan<float> values = input.Values(i);
            for (int n = 0; n < indices.Length; n++)
            {
                random.FillKeepMask(mask, dropout.KeptAt(pass.DropoutFactor), ((long)i * featureCount) + indices[n]);
                _kept.Append(indices[n], values[n] * mask[0]);
            }

            _kept.EndRow();
        }

        return _kept;
    }

    /// <summary>Multiplies the gradient of the last inputs [rows, columns] by the mask that <see cref="Apply"/> drew for them.</summary>
    public void Mask(in Pass pass, MatrixSpan gradient)
    {
        if (pass.Mode != PassMode.Training)
        {
            return;
        }

        SeededRandom random = dropout.Random(pass.Random);
        Span<float> mask = stackalloc float[1];
        for (int i = 0; i < gradient.Rows; i++)
        {
            for (int c = 0; c < gradient.Columns; c++)
            {
                random.FillKeepMask(mask, dropout.KeptAt(pass.DropoutFactor), ((long)(i + 1) * featureCount) - gradient.Columns + c);
                gradient.Row(i)[c] *= mask[0];
            }
        }
    }
}
