namespace MlNetMlp.TestSupport;

/// <summary>Numbers in double precision, row after row; truth is 1.</summary>
internal sealed record Tensor(int[] Shape, double[] Values)
{
    public int Last => Shape[^1];

    public Tensor Map(Func<double, double> function) => this with { Values = [.. Values.Select(function)] };

    /// <summary>Combines two tensors as ONNX broadcasts them: shapes are aligned at their ends, and a dimension of 1 repeats.</summary>
    public static Tensor Zip(Tensor left, Tensor right, Func<double, double, double> function)
    {
        int rank = Math.Max(left.Shape.Length, right.Shape.Length);
        int[] shape = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= left.Shape.Length ? left.Shape[^i] : 1, b = i <= right.Shape.Length ? right.Shape[^i] : 1;
            Assert.True(a == b || a == 1 || b == 1, $"[{string.Join(", ", left.Shape)}] and [{string.Join(", ", right.Shape)}] do not fit.");
            shape[^i] = a == 1 ? b : a;
        }

        double[] values = new double[shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = function(left.At(i, shape), right.At(i, shape));
        }

        return new(shape, values);
    }

    private double At(int position, int[] shape)
    {
        int index = 0, step = 1;
        for (int i = 1; i <= shape.Length; i++)
        {
            int coordinate = position % shape[^i];
            position /= shape[^i];
            if (i <= Shape.Length)
            {
                index += Shape[^i] == 1 ? 0 : coordinate * step;
                step *= Shape[^i];
            }
        }

        return Values[index];
    }
}
