namespace MlNetMlp;

/// <summary>Writes models to streams and reads them back, bit for bit.</summary>
/// <remarks>
/// Layout: an <see cref="Envelope"/> with the magic "MLNETMLP" and, as its body, a <see cref="ModelBody"/>.
/// Version history: 1, the first; 2, noise, residual connections and layer normalization; 3, ensembles, DropConnect, penalties on activations,
/// initial biases, PReLU, Maxout, and weight, cosine and batch renormalization.
/// </remarks>
public static class MlpModelSerialization
{
    private const int Version = 3;

    private static readonly Envelope _envelope = new("MLNETMLP", "saved network", Version);

    extension(MlpModel model)
    {
        /// <summary>Writes the model at the stream's position. The bytes are a function of the model alone.</summary>
        /// <param name="stream">Where to write; it stays open.</param>
        public void Save(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(stream);
            _envelope.Seal(stream, writer => ModelBody.Write(writer, model));
        }

        /// <summary>Reads a model from the stream's position; leaves the position behind its last byte.</summary>
        /// <param name="stream">Where to read; it stays open.</param>
        /// <exception cref="InvalidDataException">
        /// The bytes are no model, end too early, are damaged, or were written by a later version; the message says which.
        /// </exception>
        public static MlpModel Load(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            (int version, BoundedReader body) = _envelope.Open(stream);
            return ModelBody.Read(body, version);
        }
    }
}
