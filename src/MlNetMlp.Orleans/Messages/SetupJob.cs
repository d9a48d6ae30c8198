namespace MlNetMlp.Search;

/// <summary>What a silo needs to know to pass over the rows of a training, all of which are in files, before its first epoch.</summary>
/// <param name="Options">The options.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Groups">The features that are categories.</param>
/// <param name="StandardizesTargets">Whether the targets are standardized.</param>
/// <param name="ClampsPredictions">Whether scores are kept within the targets.</param>
/// <param name="Rows">The rows to learn from.</param>
/// <param name="Validation">The validation rows; null: there are none.</param>
internal sealed record SetupJob(
    MlpTrainingOptions Options, MlpArchitecture Architecture, Loss Loss, IReadOnlyList<CategoricalGroup> Groups, bool StandardizesTargets,
    bool ClampsPredictions, SharedRows Rows, SharedRows? Validation)
{
    private static readonly Envelope _envelope = new("MLPSETJB", "rows to look at", 1), _answer = new("MLPSETUP", "what is known of rows", 1);

    /// <summary>A model whose preparation of the features is kept; null: they are prepared anew.</summary>
    public MlpModel? KnownModel { get; init; }

    /// <summary>Whether the training continues from that model, so that the units of its targets are kept, too.</summary>
    public bool Continues { get; init; }

    /// <exception cref="NotSupportedException">An option belongs to this program; the message names it.</exception>
    public byte[] ToBytes() => RemoteFormats.Seal(_envelope, writer =>
    {
        var settings = new SettingsWriter(writer);
        settings.Write("", Options);
        settings.Write("", Architecture);
        settings.Write(nameof(Loss), Loss);
        writer.Write(Groups.Count);
        foreach (CategoricalGroup group in Groups)
        {
            writer.Write(group.First);
            writer.Write(group.Last);
        }

        writer.Write(StandardizesTargets);
        writer.Write(ClampsPredictions);
        Rows.Write(writer);
        writer.Write(Validation is not null);
        Validation?.Write(writer);
        writer.Write(KnownModel is not null);
        if (KnownModel is not null)
        {
            Write(writer, KnownModel);
        }

        writer.Write(Continues);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged, or an option is refused.</exception>
    public static SetupJob Read(byte[] bytes) => RemoteFormats.Open(_envelope, bytes, reader =>
    {
        var settings = new SettingsReader(reader);
        (MlpTrainingOptions options, MlpArchitecture architecture, Loss loss) = (
            settings.Read<MlpTrainingOptions>("options"), settings.Read<MlpArchitecture>("network"), settings.Read<Loss>("loss"));
        var groups = new CategoricalGroup[reader.Count(2 * sizeof(int), "groups")];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = new CategoricalGroup(reader.Int32(), reader.Int32());
        }

        return new SetupJob(
            options, architecture, loss, groups, reader.Boolean(), reader.Boolean(), SharedRows.Read(reader),
            reader.Boolean() ? SharedRows.Read(reader) : null)
        {
            KnownModel = reader.Boolean() ? ReadModel(reader) : null,
            Continues = reader.Boolean(),
        };
    });

    /// <summary>What a silo has found out, as <see cref="ReadAnswer"/> reads it.</summary>
    public byte[] ToAnswer(TrainingSetup setup)
    {
        ParameterLayout layout = setup.Architecture.Layout();
        float[] parameters = new float[layout.TrainableLength + layout.StatisticLength];
        return RemoteFormats.Seal(_answer, writer =>
        {
            Write(writer, new MlpModel(setup.Architecture, Loss, setup.Standardizer, setup.Targets, parameters));
            writer.Write(setup.TotalWeight);
            writer.Write(setup.ValidationWeight);
            writer.Write(setup.RowsWithWeight);
            writer.Write(setup.LargestFeature);
            writer.Write(setup.StartingOutputs?.Length ?? -1);
            Envelope.Write(writer, setup.StartingOutputs ?? []);
        });
    }

    /// <summary>What a silo has found out.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public TrainingSetup ReadAnswer(byte[] bytes) => RemoteFormats.Open(_answer, bytes, reader =>
    {
        MlpModel known = ReadModel(reader);
        double total = reader.Double(), validation = reader.Double();
        int withWeight = reader.Int32();
        double largest = reader.Double();
        int outputs = reader.Int32();
        return new TrainingSetup(Architecture.WithPreparationOf(known.Architecture), known.Standardizer, known.Targets, total, classes: null)
        {
            ValidationWeight = validation,
            RowsWithWeight = withWeight,
            LargestFeature = largest,
            StartingOutputs = outputs < 0 ? null : reader.Singles(outputs, "starting outputs"),
        };
    });

    private static void Write(BinaryWriter writer, MlpModel model)
    {
        using var bytes = new MemoryStream();
        model.Save(bytes);
        writer.Write((int)bytes.Length);
        writer.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static MlpModel ReadModel(BoundedReader reader)
    {
        using var bytes = new MemoryStream(reader.Bytes(reader.Count(1, "bytes of the model")).ToArray(), writable: false);
        return MlpModel.Load(bytes);
    }
}
