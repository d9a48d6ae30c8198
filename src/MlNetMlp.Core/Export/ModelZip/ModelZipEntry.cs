namespace MlNetMlp.Interop;

/// <summary>What a transformer has in a model.zip besides its network.</summary>
/// <remarks>
/// <para>
/// Since entry version 0x00010002 it stands in the entry "Network", a <see cref="SavedModel"/>, in sections that <see cref="MlpModel"/> skips: so it lies under
/// the checksum of that file.
/// </para>
/// <code>
/// COLUMN  name of the feature column: int32 number of bytes, UTF-8
///         int32  number of dimensions of the feature column, then int32 for each
/// TASK    byte   1 binary, 2 multiclass, 3 regression, 4 features
///         byte   1 if the score is a vector
/// NAMES   names of the outputs, see <see cref="OutputNameValues"/>; only there if there are any
/// OUTPUT  name of the column that is added; only there for features
/// PASSES  int32  number of passes and int32 seed of the Monte-Carlo dropout; only there if the columns for uncertainty are
/// TRAINING  int32  number of sentences about the training, then the text of each; only there if there are any
/// HISTORY the epochs of the training, see <see cref="TrainingResultRecord"/>; only there if the model was trained here
/// </code>
/// <para>In version 0x00010001 it stands in the body of "Model.key", and the passes in an entry of their own, "Uncertainty":</para>
/// <code>
/// int32  number of the feature column's name among the texts of the <see cref="MLNetHeader"/>
/// int32  number of dimensions of the feature column, then int32 for each
/// byte   task
/// byte   1 if the score is a vector
/// byte   1 if names of the outputs follow
/// </code>
/// </remarks>
internal sealed record ModelZipEntry(
    string FeatureColumnName, int[] FeatureDimensions, ModelZipTask Task, bool IsVector, OutputNameValues? OutputNames, MonteCarloDropout? MonteCarloDropout)
{
    private const int MostDimensions = 64;

    private static readonly SectionKind _column = new("COLUMN", IsRequired: false);
    private static readonly SectionKind _task = new("TASK", IsRequired: false);
    private static readonly SectionKind _names = new("NAMES", IsRequired: false);
    private static readonly SectionKind _output = new("OUTPUT", IsRequired: false);
    private static readonly SectionKind _passes = new("PASSES", IsRequired: false);
    private static readonly SectionKind _training = new("TRAINING", IsRequired: false);
    private static readonly SectionKind _history = new("HISTORY", IsRequired: false);

    /// <summary>An int32 and no byte of text.</summary>
    private const int SmallestText = 4;

    private const int MostSentences = 100;

    /// <summary>What an epoch takes in memory, for a byte that it has in a file.</summary>
    private const double HistoryFactor = 4;

    /// <summary>How the model was trained, in sentences for people; see <see cref="ModelSummary.Training"/>.</summary>
    public IReadOnlyList<string> Training { get; init; } = [];

    /// <summary>The name of the column that is added; null: those of the task.</summary>
    public string? OutputColumnName { get; init; }

    /// <summary>The epochs of the training; null: they are not known.</summary>
    public MlpTrainingResult? History { get; init; }

    /// <summary>Writes the network and this at the stream's position.</summary>
    public void Save(Stream stream, MlpModel model) => SavedModel.Save(stream, model, sections =>
    {
        sections.Add(_column, writer =>
        {
            Envelope.Write(writer, FeatureColumnName);
            writer.Write(FeatureDimensions.Length);
            Array.ForEach(FeatureDimensions, writer.Write);
        });
        sections.Add(_task, writer =>
        {
            writer.Write((byte)Task);
            writer.Write(IsVector);
        });
        if (OutputColumnName is { } output)
        {
            sections.Add(_output, writer => Envelope.Write(writer, output));
        }

        if (OutputNames is { } names)
        {
            sections.Add(_names, names.Write);
        }

        if (MonteCarloDropout is { } passes)
        {
            sections.Add(_passes, writer =>
            {
                writer.Write(passes.Passes);
                writer.Write(passes.Seed);
            });
        }

        if (Training.Count > 0)
        {
            sections.Add(_training, writer =>
            {
                writer.Write(Training.Count);
                foreach (string sentence in Training)
                {
                    Envelope.Write(writer, sentence);
                }
            });
        }

        if (History is { } history)
        {
            sections.Add(_history, writer => TrainingResultRecord.Write(writer, history));
        }
    });

    /// <summary>Reads a network, and what stands with it.</summary>
    /// <param name="stream">At the beginning of the entry "Network".</param>
    /// <param name="budget">What the network may take; null: what a file of its length may.</param>
    /// <param name="earlier">Reads what stands beside the network in version 0x00010001, given the number of outputs.</param>
    /// <exception cref="InvalidDataException">Something is damaged, or does not fit the network.</exception>
    public static (MlpModel Model, ModelZipEntry Entry) Load(Stream stream, ModelBudget? budget, Func<int, ModelZipEntry> earlier)
    {
        (MlpModel model, Sections? sections) = SavedModel.Load(stream, budget, _column, _task, _output, _names, _passes, _training, _history);
        if (sections is null || !sections.Has(_column))
        {
            return Fitting(model, earlier(model.OutputCount));
        }

        // In memory a text has two bytes for one.
        SectionKind[] texts = [_column, _output, _names, _training];
        budget?.TakeBytes(texts.Sum(kind => 2.0 * sections.Left(kind)), "a list of names");
        budget?.TakeBytes(HistoryFactor * sections.Left(_history), "the history of the training");
        return Fitting(model, Read(sections, model));
    }

    /// <summary>Reads what stands behind the name of the feature column in "Model.key" of version 0x00010001.</summary>
    /// <param name="reader">At the number of dimensions.</param>
    /// <param name="featureColumnName">The name.</param>
    /// <param name="outputs">The number of outputs of the network; there are as many names or none.</param>
    /// <param name="passes">The Monte-Carlo dropout, or null.</param>
    /// <exception cref="InvalidDataException">The content is damaged.</exception>
    public static ModelZipEntry ReadEarlier(BoundedReader reader, string featureColumnName, int outputs, MonteCarloDropout? passes)
    {
        int[] dimensions = ReadDimensions(reader);
        ModelZipTask task = ReadTask(reader);
        bool isVector = reader.Boolean();
        return new(featureColumnName, dimensions, task, isVector, reader.Boolean() ? OutputNameValues.Read(reader, outputs) : null, passes);
    }

    /// <summary>Reads the Monte-Carlo dropout, also as the whole of the entry "Uncertainty" of version 0x00010001.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static MonteCarloDropout ReadPasses(BoundedReader reader)
    {
        int passes = reader.Int32(), seed = reader.Int32();
        try
        {
            return new MonteCarloDropout { Passes = passes, Seed = seed };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw reader.Damaged(exception.Message);
        }
    }

    private static ModelZipEntry Read(Sections sections, MlpModel model)
    {
        (string name, int[] dimensions) = sections.Read(_column, reader => (reader.Text("name of the feature column"), ReadDimensions(reader)));
        (ModelZipTask task, bool isVector) = sections.Read(_task, reader => (ReadTask(reader), reader.Boolean()));
        return new(
            name,
            dimensions,
            task,
            isVector,
            sections.Has(_names) ? sections.Read(_names, reader => OutputNameValues.Read(reader, model.OutputCount)) : null,
            sections.Has(_passes) ? sections.Read(_passes, ReadPasses) : null)
        {
            OutputColumnName = sections.Has(_output) ? sections.Read(_output, reader => reader.Text("name of the output column")) : null,
            Training = sections.Has(_training) ? sections.Read(_training, ReadTraining) : [],
            History = sections.Has(_history) ? sections.Read(_history, reader => TrainingResultRecord.Read(reader, model)) : null,
        };
    }

    private static string[] ReadTraining(BoundedReader reader)
    {
        int count = reader.Count(SmallestText, "sentences about the training");
        if (count > MostSentences)
        {
            throw reader.Damaged($"it has {count} sentences about the training; at most {MostSentences} are read.");
        }

        string[] sentences = new string[count];
        for (int i = 0; i < count; i++)
        {
            sentences[i] = reader.Text("sentence about the training");
        }

        return sentences;
    }

    private static int[] ReadDimensions(BoundedReader reader)
    {
        int count = reader.Count(sizeof(int), "dimensions");
        if (count is < 1 or > MostDimensions)
        {
            throw reader.Damaged($"its feature column has {count} dimensions.");
        }

        int[] dimensions = new int[count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = reader.Int32();
        }

        return dimensions;
    }

    private static ModelZipTask ReadTask(BoundedReader reader)
    {
        var task = (ModelZipTask)reader.Byte();
        return Enum.IsDefined(task) ? task : throw reader.Damaged("its task is unknown.");
    }

    private static (MlpModel Model, ModelZipEntry Entry) Fitting(MlpModel model, ModelZipEntry entry) =>
        entry.Fits(model) ? (model, entry) : throw new InvalidDataException("The network does not fit its columns.");

    /// <summary>Whether a network can have been saved with this.</summary>
    private bool Fits(MlpModel model)
    {
        long size = 1;
        foreach (int dimension in FeatureDimensions)
        {
            size = dimension > 0 && size <= int.MaxValue ? size * dimension : 0;
        }

        return FeatureColumnName.Length > 0 && OutputColumnName is not null == (Task == ModelZipTask.Features) && size == model.FeatureCount && Task switch
        {
            ModelZipTask.Binary => model.Loss.Task == LossTask.Binary && model.OutputCount == 1 && !IsVector,
            ModelZipTask.Multiclass => model.Loss.Task == LossTask.Multiclass && model.OutputCount >= 2 && IsVector,
            ModelZipTask.Features => model.Loss.Task == LossTask.Regression && IsVector && OutputColumnName!.Length > 0,
            _ => model.Loss.Task == LossTask.Regression && (IsVector || model.OutputCount == 1),
        };
    }
}
