namespace MlNetMlp.Onnx;

/// <summary><c>f(X W + b)</c> of a file, with what comes between and around.</summary>
/// <param name="affine">The weighted sums; null: the unit matrix, which changes nothing.</param>
/// <param name="inputs">The number of inputs.</param>
/// <param name="sums">The number of weighted sums.</param>
internal sealed class ImportedLayer(Part.Affine? affine, int inputs, int sums)
{
    public int Inputs => inputs;

    public int Sums => sums;

    /// <summary>What is done to the inputs; null: nothing.</summary>
    public ColumnMap? Before { get; init; }

    /// <summary>The epsilon of inputs that have the length 1; null: they have any.</summary>
    public float? UnitLength { get; init; }

    /// <summary>What is done to the sums; null: nothing.</summary>
    public ColumnMap? After { get; set; }

    /// <summary>The epsilon of a normalization of the sums, row by row; null: there is none.</summary>
    public float? RowNormalization { get; set; }

    /// <summary>Gain and shift of normalized sums; null: 1 and 0.</summary>
    public ColumnMap? Normalized { get; set; }

    /// <summary>f; null as long as there is none.</summary>
    public Activation? Activation { get; set; }

    /// <summary>The learned slopes of a <see cref="Activation.PRelu"/>, one or as many as units.</summary>
    public float[] Slopes { get; set; } = [];

    /// <summary>Whether the inputs are added to the outputs.</summary>
    public bool IsResidual { get; set; }

    /// <summary>The number of outputs.</summary>
    public int Units => Activation is { SumsPerUnit: > 1 } maxout ? sums / maxout.SumsPerUnit : sums;

    /// <summary>Whether something is added to a sum.</summary>
    public bool HasBiases => After is { HasNoShift: false } || Before is { HasNoShift: false }
        || (affine is { Biases: { } biases, BiasFactor: not 0 } && Array.Exists(biases, bias => bias != 0));

    public HiddenLayer ToHiddenLayer() => new(Units)
    {
        Activation = Activation ?? Activation.Identity,
        Normalization = RowNormalization is { } rows ? new LayerNormalization { Epsilon = rows }
            : UnitLength is { } epsilon ? new CosineNormalization { Epsilon = epsilon }
            : null,
        Residual = IsResidual,
    };

    /// <summary>Writes W [inputs, sums], with the maps around it.</summary>
    public void WriteWeights(Span<float> weights)
    {
        float[]? values = affine?.Weights.Reals();
        for (int i = 0; i < inputs; i++)
        {
            double before = Before?.Scale(i) ?? 1;
            for (int j = 0; j < sums; j++)
            {
                double weight = affine is null ? i == j ? 1 : 0 : WeightOf(values!, i, j);
                weights[i * sums + j] = (float)(weight * before * (After?.Scale(j) ?? 1));
            }
        }

        if (UnitLength is { } epsilon)
        {
            Lengthen(weights, epsilon);
        }
    }

    /// <summary>Writes b [sums], with the maps around it.</summary>
    public void WriteBiases(Span<float> biases)
    {
        double[] values = new double[sums];
        if (affine?.Biases is { } given)
        {
            for (int j = 0; j < sums; j++)
            {
                values[j] = (double)affine.BiasFactor * given[given.Length == 1 ? 0 : j];
            }
        }

        if (Before is { HasNoShift: false })
        {
            float[]? weights = affine?.Weights.Reals();
            for (int i = 0; i < inputs; i++)
            {
                for (int j = 0; j < sums; j++)
                {
                    values[j] += Before.Shift(i) * (weights is null ? i == j ? 1 : 0 : WeightOf(weights, i, j));
                }
            }
        }

        for (int j = 0; j < sums; j++)
        {
            biases[j] = (float)(values[j] * (After?.Scale(j) ?? 1) + (After?.Shift(j) ?? 0));
        }
    }

    private double WeightOf(float[] weights, int input, int sum) =>
        (double)affine!.Factor * weights[affine.IsTransposed ? sum * inputs + input : input * sums + sum];

    /// <summary>
    /// The layer will divide the weights v of a unit by <c>sqrt(v v + epsilon)</c>. What comes out is to be the weights w of the file, with w w below 1:
    /// <c>v = w sqrt(epsilon / (1 - w w))</c>.
    /// </summary>
    private void Lengthen(Span<float> weights, float epsilon)
    {
        // Weights of length 1 would need infinitely long ones; from here on, single precision does not tell them apart.
        const double Rest = 1e-9, Tolerance = 2e-6;
        for (int j = 0; j < sums; j++)
        {
            double square = 0;
            for (int i = 0; i < inputs; i++)
            {
                square += (double)weights[i * sums + j] * weights[i * sums + j];
            }

            if (square > 1 + Tolerance)
            {
                throw affine!.Node.Refuse($"rows of length 1 are multiplied by weights of length {Math.Sqrt(square):g6}; those of up to 1 can be read");
            }

            double factor = Math.Sqrt(epsilon / Math.Max(1 - square, Rest));
            for (int i = 0; i < inputs; i++)
            {
                weights[i * sums + j] = (float)(weights[i * sums + j] * factor);
            }
        }
    }
}
