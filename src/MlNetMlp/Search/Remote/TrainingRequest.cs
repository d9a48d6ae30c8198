using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>A training run as data: all that its result depends on, but for the rows, which it names.</summary>
/// <param name="Task">The task.</param>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Options">The options.</param>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Test">The rows to evaluate on.</param>
/// <param name="Limits">The loss after each epoch that it must not exceed; null: losses are not compared.</param>
internal sealed record TrainingRequest(MlpTask Task, string Metric, MlpTrainerOptions Options, RowChoice Training, RowChoice Test,
    IReadOnlyList<double>? Limits = null)
{
    /// <summary>Refuses what cannot be sent.</summary>
    /// <exception cref="NotSupportedException">The metric or an option belongs to this program; the message names it.</exception>
    public static void Check(TrainingPlan plan)
    {
        if (plan.Metric is null)
        {
            throw new NotSupportedException(
                $"The metric '{plan.MetricText}' is a function of this program and cannot be sent to another; take one of {nameof(BinaryMetric)}, " +
                $"{nameof(MulticlassMetric)} or {nameof(RegressionMetric)}, or search without {nameof(SearchOptions)}.{nameof(SearchOptions.Runner)}.");
        }

        using var writer = new BinaryWriter(Stream.Null);
        foreach (MlpTrainerOptions options in plan.Options)
        {
            new SettingsWriter(writer).Write("", options);
        }
    }

    /// <exception cref="NotSupportedException">An option belongs to this program; the message names it.</exception>
    public byte[] ToBytes() => RemoteFormats.Seal(RemoteFormats.Request, writer =>
    {
        writer.Write(Task.Code);
        Envelope.Write(writer, Metric);
        new SettingsWriter(writer).Write("", Options);
        Training.Write(writer);
        Test.Write(writer);
        writer.Write(Limits is not null);
        RemoteFormats.WriteNumbers(writer, Limits ?? []);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged, or an option is refused.</exception>
    public static TrainingRequest Read(byte[] bytes) => RemoteFormats.Open(RemoteFormats.Request, bytes, reader => new TrainingRequest(
        reader.Byte() is var code && MlpTask.FromCode(code) is { } task ? task : throw reader.Damaged($"there is no task {code}."),
        reader.Text("name of the metric"),
        new SettingsReader(reader).Read<MlpTrainerOptions>("options"),
        RowChoice.Read(reader),
        RowChoice.Read(reader),
        reader.Boolean() is var compares && RemoteFormats.ReadNumbers(reader) is var limits && compares ? limits : null));

    /// <summary>The names of the content that the training run needs.</summary>
    /// <param name="find">Finds content; null: it is not there, and what it names is left out.</param>
    /// <exception cref="InvalidDataException">A table is damaged.</exception>
    public IReadOnlyList<string> Names(Func<string, byte[]?> find) =>
    [
        .. new[] { Training, Test }.SelectMany(rows => find(rows.Table) is { } table ? [.. rows.Names, .. RowTable.Read(table).Chunks] : rows.Names)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Trains and evaluates.</summary>
    /// <param name="find">Finds content.</param>
    /// <param name="open">Finds a chunk of rows, and opens it.</param>
    /// <param name="cancellationToken">Ends the training run.</param>
    /// <exception cref="InvalidDataException">Content is damaged, or a name is not known.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Whatever else is thrown is why the training run failed.</exception>
    public FoldScore Run(Func<string, byte[]> find, Func<string, BoundedReader> open, CancellationToken cancellationToken) => Options switch
    {
        MlpBinaryTrainer.Options options when Task == MlpTask.Binary => Run(SearchTasks.Binary, options, find, open, cancellationToken),
        MlpMulticlassTrainer.Options options when Task == MlpTask.Multiclass => Run(SearchTasks.Multiclass, options, find, open, cancellationToken),
        MlpRegressionTrainer.Options options when Task == MlpTask.Regression => Run(SearchTasks.Regression, options, find, open, cancellationToken),
        _ => throw new InvalidDataException($"{Options.GetType().FullName} are no options for {Task.Name}."),
    };

    private FoldScore Run<TOptions, TMetrics>(
        SearchTask<TOptions, TMetrics> task, TOptions options, Func<string, byte[]> find, Func<string, BoundedReader> open,
        CancellationToken cancellationToken)
        where TOptions : MlpTrainerOptions
        where TMetrics : class
    {
        SearchMetric<TMetrics> metric = task.Metrics.FirstOrDefault(metric => metric.Name == Metric)
            ?? throw new InvalidDataException($"There is no metric '{Metric}' for {Task.Name}.");
        return new FoldTraining<TOptions, TMetrics>(task, metric).Run(
            options with { CancellationToken = cancellationToken }, View(Training), View(Test), Limits);

        CancellableRows View(RowChoice choice)
        {
            IDataView rows = new StoredRows(RowTable.Read(find(choice.Table)), open);
            rows = choice.Folds is null ? rows : new FoldRows(rows, FoldAssignment.Read(find(choice.Folds)), choice.Fold, choice.IsInside);
            return new CancellableRows(rows, cancellationToken);
        }
    }
}
