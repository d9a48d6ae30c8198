namespace MlNetMlp;

/// <summary>A saved model.</summary>
/// <remarks>
/// Layout: an <see cref="Envelope"/> with the magic "MLNETMLP" and, as its body, the sections of <see cref="ModelBody"/>. Others may stand beside them.
/// Version history: 1, the first; 2, noise, residual connections and layer normalization; 3, ensembles, DropConnect, penalties on activations,
/// initial biases, PReLU, Maxout, and weight, cosine and batch renormalization; 4, sections. Versions 1 to 3 are read by <see cref="EarlierModelBody"/>.
/// </remarks>
internal static class SavedModel
{
    private static readonly Envelope _envelope = new("MLNETMLP", "saved network", Version: 4);

    /// <summary>Writes a model at the stream's position.</summary>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="model">The model.</param>
    /// <param name="addMore">Adds sections beside those of the model; null: there are none.</param>
    /// <exception cref="NotSupportedException">The model has more networks or layers than can be read again.</exception>
    public static void Save(Stream stream, MlpModel model, Action<SectionList>? addMore = null)
    {
        var sections = new SectionList();
        ModelBody.Write(sections, model);
        addMore?.Invoke(sections);
        _envelope.Seal(stream, sections);
    }

    /// <summary>Reads a model from the stream's position; leaves the position after its last byte.</summary>
    /// <param name="stream">The stream to read; it stays open.</param>
    /// <param name="budget">What the model may take; null: what a file of its length may.</param>
    /// <param name="more">The kinds of sections that the caller knows beside those of a model.</param>
    /// <returns>The model, and the sections; null for a version that had none.</returns>
    /// <exception cref="InvalidDataException">
    /// The bytes are not a model, end too early, are damaged, ask for too much, or were written by a later version; the message says which.
    /// </exception>
    public static (MlpModel Model, Sections? Sections) Load(Stream stream, ModelBudget? budget = null, params ReadOnlySpan<SectionKind> more)
    {
        (int version, BoundedReader body) = _envelope.Open(stream);
        budget ??= ModelBudget.OfFile(body.Left);
        try
        {
            if (version <= EarlierModelBody.LastVersion)
            {
                return (EarlierModelBody.Read(body, version, budget), null);
            }

            var sections = new Sections(body, [.. ModelBody.Kinds, .. more]);
            return (ModelBody.Read(sections, budget), sections);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            // An option that its own type refuses, such as a dropout of 2.
            throw new InvalidDataException("The saved network is damaged: " + exception.Message, exception);
        }
    }
}
