namespace MlNetMlp.Onnx;

/// <summary><c>f(X W + b)</c> of a file.</summary>
internal sealed class ImportedLayer(float[] weights, int inputs, int outputs, float[] biases)
{
    /// <summary>W [inputs, outputs].</summary>
    public float[] Weights => weights;

    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <summary>b [outputs].</summary>
    public float[] Biases => biases;

    /// <summary>f; null as long as there is none.</summary>
    public Activation? Activation { get; set; }

    /// <summary>The learned slopes [outputs] of a <see cref="Activation.PRelu"/>.</summary>
    public float[] Slopes { get; set; } = [];

    /// <summary>Replaces the sums by <c>scale sums + shift</c>, column by column.</summary>
    public void ScaleOutputs(ColumnMap map)
    {
        for (int j = 0; j < outputs; j++)
        {
            double scale = map.Scale(j);
            for (int i = 0; i < inputs; i++)
            {
                weights[i * outputs + j] = (float)(weights[i * outputs + j] * scale);
            }

            biases[j] = (float)(biases[j] * scale + map.Shift(j));
        }
    }

    /// <summary>Replaces the inputs by <c>scale inputs + shift</c>, column by column.</summary>
    public void ScaleInputs(ColumnMap map)
    {
        double[] sums = [.. biases.Select(bias => (double)bias)];
        for (int i = 0; i < inputs; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                sums[j] += weights[i * outputs + j] * map.Shift(i);
                weights[i * outputs + j] = (float)(weights[i * outputs + j] * map.Scale(i));
            }
        }

        for (int j = 0; j < outputs; j++)
        {
            biases[j] = (float)sums[j];
        }
    }
}
