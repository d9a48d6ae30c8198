namespace MlNetMlp.Search;

/// <summary>
/// A training whose mini-batches are shared, as data: all that it depends on, but for the rows, which it names, and the state that it starts from.
/// </summary>
/// <param name="Training">What the training is known by.</param>
/// <param name="Attempt">Which of its attempts this is, from 1.</param>
/// <param name="Place">The place of the silo that gets it, among <paramref name="Peers"/>.</param>
/// <param name="Peers">The silos.</param>
/// <param name="Options">The options.</param>
/// <param name="Architecture">The network, without what was learned of the features.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Model">A saved model, for what was learned of features and targets.</param>
/// <param name="TotalWeight">The sum of the weights of the training rows.</param>
/// <param name="ValidationWeight">The sum of the weights of the validation rows.</param>
/// <param name="Rows">The rows to learn from.</param>
/// <param name="Validation">The validation rows; null: there are none.</param>
internal sealed record ShardJob(
    string Training, int Attempt, int Place, IReadOnlyList<ShardPeer> Peers, MlpTrainingOptions Options, MlpArchitecture Architecture, Loss Loss, byte[] Model,
    double TotalWeight, double ValidationWeight, SharedRows Rows, SharedRows? Validation)
{
    private const int PeerBytes = 12;

    private static readonly Envelope _envelope = new("MLPSHJOB", "training in shards", 1);

    /// <summary>The silo that gets it.</summary>
    public ShardPeer Here => Peers[Place];

    /// <summary>The key of the grain of a silo in an attempt of a training.</summary>
    public static string KeyOf(ShardPeer peer, string training, int attempt) => SiloKey.Of(peer.Silo, FormattableString.Invariant($"{training}-{attempt}"));

    /// <summary>The names of the content that the silo needs.</summary>
    public IReadOnlyList<string> Content =>
    [
        .. new[] { Rows, Validation }.OfType<SharedRows>().SelectMany(rows => rows.Of(Here.First, Here.End, Options.Shards)).Select(part => part.Content)
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <exception cref="NotSupportedException">An option belongs to this program; the message names it.</exception>
    public byte[] ToBytes() => RemoteFormats.Seal(_envelope, writer =>
    {
        Envelope.Write(writer, Training);
        writer.Write(Attempt);
        writer.Write(Place);
        writer.Write(Peers.Count);
        foreach (ShardPeer peer in Peers)
        {
            Envelope.Write(writer, peer.Silo);
            writer.Write(peer.First);
            writer.Write(peer.End);
        }

        WriteSettings(writer);
        writer.Write(Model.Length);
        writer.Write(Model);
        writer.Write(TotalWeight);
        writer.Write(ValidationWeight);
        Rows.Write(writer);
        writer.Write(Validation is not null);
        Validation?.Write(writer);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged, or an option is refused.</exception>
    public static ShardJob Read(byte[] bytes) => RemoteFormats.Open(_envelope, bytes, reader =>
    {
        string training = reader.Text("name of the training");
        int attempt = reader.Int32(), place = reader.Int32();
        var peers = new ShardPeer[reader.Count(PeerBytes, "silos")];
        for (int i = 0; i < peers.Length; i++)
        {
            peers[i] = new ShardPeer(reader.Text("address of a silo"), reader.Int32(), reader.Int32());
        }

        var settings = new SettingsReader(reader);
        var job = new ShardJob(
            training, attempt, place, peers,
            settings.Read<MlpTrainingOptions>("options"), settings.Read<MlpArchitecture>("network"), settings.Read<Loss>("loss"),
            reader.Bytes(reader.Count(1, "bytes of the model")).ToArray(), reader.Double(), reader.Double(), SharedRows.Read(reader),
            reader.Boolean() ? SharedRows.Read(reader) : null);
        return job.IsSound() ? job : throw reader.Damaged($"its {peers.Length} silos do not share {job.Options.Shards} shards.");
    });

    /// <summary>Writes what belongs to the settings of the user.</summary>
    /// <exception cref="NotSupportedException">An option belongs to this program; the message names it.</exception>
    public static void CheckSettings(MlpTrainingOptions options, MlpArchitecture architecture, Loss loss)
    {
        using var writer = new BinaryWriter(Stream.Null);
        WriteSettings(writer, options, architecture, loss);
    }

    private static void WriteSettings(BinaryWriter writer, MlpTrainingOptions options, MlpArchitecture architecture, Loss loss)
    {
        var settings = new SettingsWriter(writer);
        settings.Write("", options);
        settings.Write("", architecture);
        settings.Write(nameof(Loss), loss);
    }

    private void WriteSettings(BinaryWriter writer) => WriteSettings(writer, Options, Architecture, Loss);

    private bool IsSound()
    {
        int next = 0;
        bool isSound = Place >= 0 && Place < Peers.Count;
        foreach (ShardPeer peer in Peers)
        {
            isSound &= peer.First == next && peer.End > next;
            next = peer.End;
        }

        return isSound && next == Options.Shards;
    }
}
