using MlNetMlp.Onnx;

namespace MlNetMlp.Interop;

/// <summary>Reads plain dense networks from ONNX files, as PyTorch, scikit-learn and others write them.</summary>
/// <remarks>
/// A file may have: a standardization of the features (Scaler, or Sub, Add, Mul and Div with constants); dense layers (Gemm, or MatMul and
/// Add); behind each an activation (Relu, LeakyRelu, PRelu, Elu, Selu, Tanh, Sigmoid, Gelu, Mish, or the operators that GELU, SiLU and Mish
/// are written as); scalings and batch normalizations, which are folded into the weights beside them; and what does nothing when scoring (Identity, Dropout,
/// Cast, Flatten). It ends in Softmax, LogSoftmax, Sigmoid or nothing. After that, operators that turn scores into labels, as scikit-learn's
/// converter adds them, are ignored. Everything else is refused, by the name of the operator.
/// <para>
/// The model is like any other: it can be saved, trained further and used to score. It refuses missing values, which the file's operators would turn into NaN.
/// </para>
/// </remarks>
public static class OnnxModel
{
    /// <summary>Reads a network from the stream's position to its end.</summary>
    /// <param name="stream">The stream to read; it stays open.</param>
    /// <param name="loss">
    /// What the outputs mean. Default null: decided by the end of the network: <see cref="SoftmaxCrossEntropy"/> for Softmax and LogSoftmax, whose
    /// scores are probabilities; <see cref="SigmoidCrossEntropy"/> for a Sigmoid of a single output, whose score is the log-odds (see
    /// <see cref="MlpModel.Probability"/>); <see cref="SquaredError"/>, whose scores are the outputs as they are, for anything else. A file
    /// that ends in logits, as those
    /// of PyTorch often do, needs to be told <see cref="SoftmaxCrossEntropy"/> or <see cref="SigmoidCrossEntropy"/>.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="loss"/> does not fit the number of outputs.</exception>
    /// <exception cref="InvalidDataException">The bytes are not an ONNX file or are damaged; the message says which.</exception>
    /// <exception cref="NotSupportedException">The file is not a plain dense network; the message says why.</exception>
    public static MlpModel Load(Stream stream, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return ModelBuilder.Build(GraphReader.Read(FileReader.Read(bytes.GetBuffer().AsMemory(0, (int)bytes.Length))), loss);
    }

    /// <summary>Reads a network from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="loss">As for a stream.</param>
    /// <exception cref="ArgumentException"><paramref name="loss"/> does not fit the number of outputs.</exception>
    /// <exception cref="InvalidDataException">The file is not an ONNX file or is damaged; the message says which.</exception>
    /// <exception cref="NotSupportedException">The file is not a plain dense network; the message says why.</exception>
    public static MlpModel Load(string path, Loss? loss = null)
    {
        using FileStream file = File.OpenRead(path);
        return Load(file, loss);
    }
}
