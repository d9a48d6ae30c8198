using System.Text;

namespace MlNetMlp.Interop;

/// <summary>Exports models in other forms.</summary>
public static class MlpModelExport
{
    /// <summary>
    /// Writes a source file with a static class that scores as the model does and needs nothing but .NET 8 or later and C# 12: no package, no file,
    /// no reflection.
    /// </summary>
    /// <remarks>
    /// The class has <c>void Score(ReadOnlySpan&lt;float&gt; features, Span&lt;float&gt; scores)</c> for one row, which is
    /// <see cref="MlpModel.Predict(ReadOnlySpan{float}, Span{float})"/>, and the constants <c>FeatureCount</c> and <c>OutputCount</c>, for two
    /// classes also <c>float Probability(float score)</c>, which is <see cref="MlpModel.Probability"/>; any number of threads may call it. Where the
    /// processor has a fused multiply-add, the scores are those of the model bit for bit; elsewhere the model's own
    /// kernels round more often, and the scores differ in their last digits. Loops are plain: a block of rows takes several times as long as in
    /// the model. What the model refuses with an <see cref="InvalidFeatureException"/>, the class refuses with an <see cref="ArgumentException"/>.
    /// The parameters are in the file as base64, six characters for each.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="writer">Where to write; it is left open.</param>
    /// <param name="options">The names; null: the default ones.</param>
    public static void ExportCSharp(this MlpModel model, TextWriter writer, CSharpExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(writer);
        new CSharpScorer(model, options ?? new CSharpExportOptions()).Write(writer);
    }

    /// <summary>Writes that source file, whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="options">The names; null: the default ones.</param>
    /// <exception cref="IOException">The file cannot be written; an old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an old one stays.</exception>
    public static void ExportCSharp(this MlpModel model, string path, CSharpExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        new AtomicFile(path).Write(stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            ExportCSharp(model, writer, options);
        });
    }
}
