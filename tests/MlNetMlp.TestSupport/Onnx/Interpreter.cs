namespace MlNetMlp.TestSupport;

/// <summary>Runs a file in double precision, operator by operator, by the definitions in the public operator list of ONNX, version 9.</summary>
internal static class Interpreter
{
    /// <summary>The values of all outputs for these rows of the one input.</summary>
    public static Dictionary<string, Tensor> Run(OnnxFile file, float[] features)
    {
        int columns = (int)file.Inputs.Single().Columns;
        return Run(file, file.Inputs.Single().Name, new([features.Length / columns, columns], [.. features.Select(value => (double)value)]));
    }

    /// <summary>The values of all outputs that depend on nothing but one input.</summary>
    public static Dictionary<string, Tensor> Run(OnnxFile file, string input, Tensor rows)
    {
        var values = new Dictionary<string, Tensor>(file.Constants) { [input] = rows };
        string[] others = [.. file.Inputs.Select(other => other.Name).Where(name => name != input)];
        foreach (OnnxOperator node in file.Operators)
        {
            // Values are defined before they are used, and once.
            if (!node.Inputs.Any(others.Contains))
            {
                values.Add(node.Output, Apply(node, [.. node.Inputs.Select(name => values[name])]));
            }
        }

        return file.Outputs.Where(output => values.ContainsKey(output.Name)).ToDictionary(output => output.Name, output => values[output.Name]);
    }

    private static Tensor Apply(OnnxOperator node, Tensor[] x) => node.Name switch
    {
        "Abs" => x[0].Map(Math.Abs),
        "Add" => Tensor.Zip(x[0], x[1], (a, b) => a + b),
        "ArgMax" => ArgMax(node, x[0]),
        "Cast" => node.Number("to") is 1 or 12 ? x[0] : throw new NotSupportedException(),
        "Cos" => x[0].Map(Math.Cos),
        "Concat" => Concat(node, x),
        "Div" => Tensor.Zip(x[0], x[1], (a, b) => a / b),
        "Elu" => x[0].Map(z => z > 0 ? z : node.Number("alpha") * (Math.Exp(z) - 1)),
        "Erf" => x[0].Map(Erf),
        "Exp" => x[0].Map(Math.Exp),
        "Flatten" => new([x[0].Shape[0], x[0].Values.Length / x[0].Shape[0]], x[0].Values),
        "Floor" => x[0].Map(Math.Floor),
        "Gather" => Gather(node, x[0], x[1]),
        "Gemm" => Tensor.Zip(Product(x[0], x[1]), x[2], (a, b) => a + b),
        "Greater" => Tensor.Zip(x[0], x[1], (a, b) => a > b ? 1 : 0),
        "Identity" => x[0],
        "IsNaN" => x[0].Map(z => double.IsNaN(z) ? 1 : 0),
        "LeakyRelu" => x[0].Map(z => z >= 0 ? z : node.Number("alpha") * z),
        "Log" => x[0].Map(Math.Log),
        "MatMul" => x[1].Shape.Length == 2 ? Product(x[0], x[1]) : Products(x[0], x[1]),

        // A runtime is free to lose a NaN in these two and in Relu; this one does.
        "Max" => Tensor.Zip(x[0], x[1], (a, b) => a > b ? a : b),
        "Min" => Tensor.Zip(x[0], x[1], (a, b) => a < b ? a : b),
        "Mean" => x.Aggregate((a, b) => Tensor.Zip(a, b, (p, q) => p + q)).Map(sum => sum / x.Length),
        "Mul" => Tensor.Zip(x[0], x[1], (a, b) => a * b),
        "Neg" => x[0].Map(z => -z),
        "PRelu" => Tensor.Zip(x[0], x[1], (z, slope) => z < 0 ? slope * z : z),
        "ReduceMax" => Reduce(node, x[0], values => values.Max()),
        "ReduceMean" => Reduce(node, x[0], values => values.Average()),
        "ReduceSum" => Reduce(node, x[0], values => values.Sum()),
        "Relu" => x[0].Map(z => z > 0 ? z : 0),
        "Reshape" => x[0] with { Shape = [.. x[1].Values.Select((size, i) => size == 0 ? x[0].Shape[i] : (int)size)] },
        "Selu" => x[0].Map(z => node.Number("gamma") * (z > 0 ? z : node.Number("alpha") * (Math.Exp(z) - 1))),
        "Sigmoid" => x[0].Map(z => 1 / (1 + Math.Exp(-z))),
        "Softmax" => Softmax(node, x[0]),
        "Softplus" => x[0].Map(z => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)))),
        "Sqrt" => x[0].Map(Math.Sqrt),
        "Sub" => Tensor.Zip(x[0], x[1], (a, b) => a - b),
        "Tanh" => x[0].Map(Math.Tanh),
        "Where" => Tensor.Zip(Tensor.Zip(x[0], x[1], (truth, a) => truth == 1 ? a : 0), Tensor.Zip(x[0], x[2], (truth, b) => truth == 1 ? 0 : b),
            (a, b) => a + b),
        _ => throw new NotSupportedException(node.Name),
    };

    private static Tensor Product(Tensor left, Tensor right)
    {
        int rows = left.Shape[0], inner = left.Shape[1], columns = right.Shape[1];
        Assert.Equal(inner, right.Shape[0]);
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < inner; k++)
            {
                for (int j = 0; j < columns; j++)
                {
                    result[i * columns + j] += left.Values[i * inner + k] * right.Values[k * columns + j];
                }
            }
        }

        return new([rows, columns], result);
    }

    /// <summary>One product for each number of a row: [rows, numbers, 1, inner] times [numbers, inner, columns].</summary>
    private static Tensor Products(Tensor left, Tensor right)
    {
        (int numbers, int inner, int columns) = (right.Shape[0], right.Shape[1], right.Shape[2]);
        Assert.Equal([numbers, 1, inner], left.Shape[1..]);
        return new([left.Shape[0], numbers, 1, columns], [.. left.Values.Chunk(inner).SelectMany((own, i) => Enumerable.Range(0, columns)
            .Select(j => own.Select((value, k) => value * right.Values[((i % numbers * inner) + k) * columns + j]).Sum()))]);
    }

    private static Tensor Softmax(OnnxOperator node, Tensor x)
    {
        Assert.Equal(1, node.Number("axis"));
        return x with
        {
            Values = [.. x.Values.Chunk(x.Last).SelectMany(row =>
            {
                double greatest = row.Max(), sum = row.Sum(z => Math.Exp(z - greatest));
                return row.Select(z => Math.Exp(z - greatest) / sum);
            })],
        };
    }

    private static Tensor ArgMax(OnnxOperator node, Tensor x)
    {
        Assert.Equal((1, 1), (node.Number("axis"), node.Number("keepdims")));
        return new([x.Shape[0], 1], [.. x.Values.Chunk(x.Last).Select(row => (double)Array.IndexOf(row, row.Max()))]);
    }

    private static Tensor Gather(OnnxOperator node, Tensor x, Tensor columns)
    {
        Assert.Equal(1, node.Number("axis"));
        return new([x.Shape[0], columns.Values.Length], [.. x.Values.Chunk(x.Last).SelectMany(row => columns.Values.Select(column => row[(int)column]))]);
    }

    private static Tensor Concat(OnnxOperator node, Tensor[] x)
    {
        Assert.Equal(1, node.Number("axis"));
        return new(
            [x[0].Shape[0], x.Sum(part => part.Last)],
            [.. Enumerable.Range(0, x[0].Shape[0]).SelectMany(row => x.SelectMany(part => part.Values.Skip(row * part.Last).Take(part.Last)))]);
    }

    /// <summary>Over the second dimension, of two or three.</summary>
    private static Tensor Reduce(OnnxOperator node, Tensor x, Func<IEnumerable<double>, double> function)
    {
        Assert.Equal([1], node.Attributes["axes"]);
        int rows = x.Shape[0], reduced = x.Shape[1], rest = x.Shape.Length == 3 ? x.Shape[2] : 1;
        double[] values = [.. Enumerable.Range(0, rows * rest).Select(place =>
            function(Enumerable.Range(0, reduced).Select(k => x.Values[(place / rest * reduced + k) * rest + place % rest])))];
        return new(node.Number("keepdims") == 1 ? [rows, 1, .. x.Shape[2..]] : [rows, .. x.Shape[2..]], values);
    }

    /// <summary><c>2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))</c>, all terms of one sign.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; n < 300; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
