using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MlNetMlp.Tests.Support;

/// <summary>Runs an ONNX file in ONNX Runtime, on the columns of data views that have the names of its inputs.</summary>
public sealed class RuntimeSession : IDisposable
{
    private readonly InferenceSession _session;

    public RuntimeSession(byte[] file)
    {
        // ML.NET's own one-hot encoding declares another shape than it computes, of which the runtime warns.
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(file, options);
    }

    /// <summary>Inputs and outputs, by name and type.</summary>
    public IEnumerable<string> Signature => _session.InputMetadata.Select(input => $"in {input.Key}: {input.Value.ElementDataType}")
        .Concat(_session.OutputMetadata.Select(output => $"out {output.Key}: {output.Value.ElementDataType}"));

    /// <summary>The file of a pipeline, as ML.NET converts it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="rows">Rows of its input.</param>
    /// <param name="columns">The columns wanted; all if none are given.</param>
    public static byte[] Convert(MLContext context, ITransformer model, IDataView rows, params string[] columns)
    {
        using var stream = new MemoryStream();
        if (columns.Length == 0)
        {
            context.Model.ConvertToOnnx(model, rows, stream);
        }
        else
        {
            context.Model.ConvertToOnnx(model, rows, stream, columns);
        }

        return stream.ToArray();
    }

    /// <summary>Runs the rows in batches.</summary>
    /// <returns>The values of every output, one array for each row; truth is 1.</returns>
    public Dictionary<string, double[][]> Run(IDataView rows, int batchSize = int.MaxValue)
    {
        var feeds = _session.InputMetadata.ToDictionary(input => input.Key, input => Values(rows, input.Key));
        int count = feeds.Values.First().Length;
        var results = _session.OutputMetadata.Keys.ToDictionary(name => name, _ => new List<double[]>());
        for (int first = 0; first < count; first += batchSize)
        {
            int size = Math.Min(batchSize, count - first);
            NamedOnnxValue[] inputs = [.. feeds.Select(feed => Feed(feed.Key, feed.Value.AsSpan(first, size).ToArray()))];
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = _session.Run(inputs);
            foreach (DisposableNamedOnnxValue output in outputs)
            {
                double[] values = Numbers(output.Value);
                if (values.Length >= size)
                {
                    results[output.Name].AddRange(values.Chunk(values.Length / size));
                }
            }
        }

        return results.ToDictionary(result => result.Key, result => result.Value.ToArray());
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue Feed(string name, object[][] rows)
    {
        int[] shape = [rows.Length, rows[0].Length];
        return rows[0][0] switch
        {
            float => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(All<float>(), shape)),
            bool => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<bool>(All<bool>(), shape)),
            uint => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<uint>(All<uint>(), shape)),
            string => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(All<string>(), shape)),
            object other => throw new NotSupportedException($"{other.GetType()} is fed to no input."),
        };

        T[] All<T>() => [.. rows.SelectMany(row => row).Cast<T>()];
    }

    private static object[][] Values(IDataView rows, string name) => rows.Schema[name].Type switch
    {
        VectorDataViewType => [.. rows.GetColumn<float[]>(name).Select(vector => vector.Cast<object>().ToArray())],
        TextDataViewType => [.. rows.GetColumn<string>(name).Select(text => new object[] { text })],
        BooleanDataViewType => [.. rows.GetColumn<bool>(name).Select(value => new object[] { value })],
        KeyDataViewType => [.. rows.GetColumn<uint>(name).Select(value => new object[] { value })],
        _ => [.. rows.GetColumn<float>(name).Select(value => new object[] { value })],
    };

    private static double[] Numbers(object tensor) => tensor switch
    {
        DenseTensor<float> values => [.. values.Select(value => (double)value)],
        DenseTensor<bool> values => [.. values.Select(value => value ? 1.0 : 0)],
        DenseTensor<uint> values => [.. values.Select(value => (double)value)],
        DenseTensor<long> values => [.. values.Select(value => (double)value)],
        _ => [],
    };
}
