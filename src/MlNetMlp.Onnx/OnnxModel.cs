using MlNetMlp.Onnx;

namespace MlNetMlp.Interop;

/// <summary>Reads plain dense networks from ONNX files: of PyTorch, scikit-learn and others, and of <see cref="OnnxExport"/>.</summary>
/// <remarks>
/// <para>
/// The graph is followed back from one of its outputs to its one input, a matrix with a row for each example. On that way there may be: a standardization
/// of the features (Scaler, or Sub, Add, Mul and Div with constants), also one that replaces missing or infinite values, and behind it an encoding of the
/// features as <see cref="OnnxExport"/> writes it (clipped, in bins, and which are missing); dense layers (Gemm, or MatMul
/// and Add); behind each an activation (Relu, LeakyRelu, PRelu, Elu, Selu, Tanh, Sigmoid, Gelu, Mish, or the operators that GELU, SiLU, Mish, maxout and
/// hard thresholds are written as); normalizations by row (LayerNormalization, or its parts) and by length; residual connections around one layer;
/// scalings and batch normalizations, which are folded into the weights beside them; what changes no number (Identity, Dropout, Cast between real numbers,
/// Flatten); and at the end Softmax, LogSoftmax or Sigmoid, or the mean of several networks that differ in their weights alone. The operands of every
/// operator have to be those with which it computes what this library computes. Everything else is refused, by the names of the operator and of the node.
/// </para>
/// <para>
/// What does not lie on that way is left out, such as labels; and behind the Sigmoid of two classes what scikit-learn's converter adds:
/// <c>Concat(1 - p, p)</c>, also with a ZipMap.
/// </para>
/// <para>
/// The model is one like any other: it can be saved, trained on, scored with, and used in a pipeline of ML.NET by <c>ApplyMlp</c>. It refuses missing values
/// unless the file replaces them, as the file's operators would make NaN of them. Scores are those of the file up to rounding. Of what
/// <see cref="OnnxExport"/> has written they are those of the model that was written, bit for bit, but for a <see cref="CosineNormalization"/> and members
/// that share a network, which become networks of their own (up to rounding); batch and weight normalizations, and the units of
/// targets, have become part of the weights beside them.
/// </para>
/// <para>
/// A file is refused before it takes much: more than 131,072 operators, 20,000 layers of all networks, 10,000 layers of one or 10,000 networks; and
/// networks that take more than 128 MiB and 32 times the bytes of the file, as many that share their weights could.
/// </para>
/// </remarks>
public static class OnnxModel
{
    /// <summary>Reads a network, or an ensemble, from the stream's position to its end.</summary>
    /// <param name="stream">Where to read; it stays open.</param>
    /// <param name="loss">
    /// What the outputs mean. Default null: decided by the end of the network: <see cref="SoftmaxCrossEntropy"/> for Softmax and LogSoftmax, whose
    /// scores are probabilities; <see cref="SigmoidCrossEntropy"/> for a Sigmoid of a single output, whose score is the log-odds (see
    /// <see cref="MlpModel.Probability"/>); for anything else the loss that <see cref="OnnxExport"/> has named in the file (with default settings), or
    /// <see cref="SquaredError"/>, whose scores are the outputs as they are. A file that ends in logits, as those
    /// of PyTorch often do, needs to be told <see cref="SoftmaxCrossEntropy"/> or <see cref="SigmoidCrossEntropy"/>.
    /// </param>
    /// <param name="output">
    /// The name of the graph's output that has the scores. Default null: the only one; among several, the only one of real numbers, or <c>Score</c>.
    /// Of a <c>Probability</c> the scores are the log-odds, unless <paramref name="loss"/> says that it is a value like any other.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="loss"/> does not fit the number of outputs; there is no such <paramref name="output"/>.</exception>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file, a damaged one, or one that asks for too much; the message says which.</exception>
    /// <exception cref="NotSupportedException">The file is no plain dense network; the message names what is not.</exception>
    public static MlpModel Load(Stream stream, Loss? loss = null, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> file = ReadAll(stream);
        ImportedGraph graph = FileReader.Read(file);
        ModelBudget budget = ModelBudget.OfFile(file.Length);
        return ModelBuilder.Build(graph, GraphReader.Read(graph, output, budget), loss, budget);
    }

    /// <summary>Reads a network, or an ensemble, from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="loss">As for a stream.</param>
    /// <param name="output">As for a stream.</param>
    /// <exception cref="ArgumentException"><paramref name="loss"/> does not fit the number of outputs; there is no such <paramref name="output"/>.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX file, one that is damaged, or one that asks for too much; the message says which.</exception>
    /// <exception cref="NotSupportedException">The file is no plain dense network; the message names what is not.</exception>
    public static MlpModel Load(string path, Loss? loss = null, string? output = null)
    {
        using FileStream file = File.OpenRead(path);
        return Load(file, loss, output);
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream stream)
    {
        if (!stream.CanSeek)
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }

        long length = Math.Max(0, stream.Length - stream.Position);
        if (length > Array.MaxLength)
        {
            throw new InvalidDataException($"The bytes are no ONNX file: there are {length}, and such a file ends at 2 GiB.");
        }

        byte[] file = new byte[length];
        stream.ReadExactly(file);
        return file;
    }
}
