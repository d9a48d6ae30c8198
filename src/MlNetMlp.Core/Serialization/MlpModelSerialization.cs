namespace MlNetMlp.Networks;

/// <summary>Writes models to streams and reads them back, bit for bit.</summary>
/// <remarks>
/// Layout: an <see cref="Envelope"/> with the magic "MLNETMLP" and, as its body, a <see cref="ModelBody"/>.
/// Version history: 1, the first; 2, noise, residual connections and layer normalization; 3, ensembles, DropConnect, penalties on activations,
/// initial biases, PReLU, Maxout, and weight, cosine and batch renormalization.
/// </remarks>
internal static class MlpModelSerialization
{
    private const int Version = 3;

    private static readonly Envelope _envelope = new("MLNETMLP", "saved network", Version);

    /// <summary>See <see cref="MlpModel.Save(Stream)"/>.</summary>
    public static void Save(MlpModel model, Stream stream) => _envelope.Seal(stream, writer => ModelBody.Write(writer, model));

    /// <summary>See <see cref="MlpModel.Load(Stream)"/>.</summary>
    public static MlpModel Load(Stream stream)
    {
        (int version, BoundedReader body) = _envelope.Open(stream);
        return ModelBody.Read(body, version);
    }
}
