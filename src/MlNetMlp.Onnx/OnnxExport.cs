using MlNetMlp.Onnx;

namespace MlNetMlp.Interop;

/// <summary>Writes trained networks as ONNX files, which other programs and languages can run.</summary>
/// <remarks>
/// The file has one input <c>features</c> [N, features] of Single, as <see cref="MlpModel.Predict(ReadOnlySpan{float}, Span{float})"/> takes
/// them: standardization and the replacement of missing values are part of the graph. Its outputs are <c>Score</c> [N, outputs], which is what
/// <see cref="MlpModel.Predict(ReadOnlySpan{float}, Span{float})"/> gives; for two classes also <c>Probability</c> [N, 1] and <c>PredictedLabel</c>
/// [N, 1] of Boolean; for more classes <c>PredictedLabel</c> [N, 1] of Int64, the number of the class from 0. N, the number of rows, is free.
/// A graph cannot throw: where the model refuses a value (a missing or an infinite one, by its options, or one too large to standardize), the
/// whole row of <c>Score</c> is NaN, and <c>PredictedLabel</c> means nothing.
/// <para>
/// The operators are those of opset 9 (ONNX 1.4 of 2019, file format 4), the first with Erf, IsNaN and Where, so that old runtimes can read the
/// file, too. The bytes are a function of the model and the names alone. Scores differ from the model's by the rounding of the runtime.
/// <see cref="OnnxModel"/> reads the file back.
/// </para>
/// </remarks>
public static class OnnxExport
{
    /// <summary>The key of the file's metadata under which the names of the outputs are, as a JSON array of strings.</summary>
    public const string OutputNamesKey = "OutputNames";

    /// <summary>The key of the file's metadata under which the name of the loss is, such as <c>SigmoidCrossEntropy</c>.</summary>
    internal const string LossKey = "Loss";

    /// <summary>Writes the model, or the ensemble, as an ONNX file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="outputNames">
    /// The names of the outputs: of the classes, in their order (for two classes, of the one output), or of the values. They become metadata,
    /// see <see cref="OutputNamesKey"/>, and part of the descriptions. Default null: none.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="outputNames"/> has another number of names than the model has outputs.</exception>
    /// <exception cref="NotSupportedException">The parameters do not fit into the 2 GiB that an ONNX file may have.</exception>
    public static void SaveAsOnnx(this MlpModel model, Stream stream, IReadOnlyList<string>? outputNames = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        FileOf(model, outputNames ?? []).WriteTo(stream);
    }

    /// <summary>Writes the model, or the ensemble, as an ONNX file; an existing file is replaced as a whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The path of the file; its folder must exist.</param>
    /// <param name="outputNames">As for a stream.</param>
    /// <exception cref="ArgumentException"><paramref name="outputNames"/> has another number of names than the model has outputs.</exception>
    /// <exception cref="NotSupportedException">The parameters do not fit into the 2 GiB that an ONNX file may have.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one stays.</exception>
    public static void SaveAsOnnx(this MlpModel model, string path, IReadOnlyList<string>? outputNames = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        // Whatever the model or its names are refused for has nothing to do with the file.
        Message file = FileOf(model, outputNames ?? []);
        new AtomicFile(path).Write(file.WriteTo);
    }

    private static Message FileOf(MlpModel model, IReadOnlyList<string> outputNames)
    {
        if (outputNames.Count > 0 && outputNames.Count != model.OutputCount)
        {
            throw new ArgumentException(
                $"'{nameof(outputNames)}' has {outputNames.Count} names; the model has {model.OutputCount} outputs.", nameof(outputNames));
        }

        return ModelFile.Of(ModelGraph.Of(model), model.FeatureCount, model.Loss, outputNames);
    }
}
