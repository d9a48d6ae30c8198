using System.Globalization;
using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>
/// Writes a training as TensorBoard reads it, while it runs: <c>Progress = board</c> for losses, metrics and rates, <c>AfterEpoch = board.AddWeights</c> for
/// histograms of all weights as well, and <c>AddText</c> for the summary of the model. <c>tensorboard --logdir</c> shows all runs below a folder.
/// </summary>
/// <remarks>
/// The folder has the runs <c>train</c> and <c>validation</c>, whose curves lie over each other; of an ensemble they are in folders <c>member1</c>,
/// <c>member2</c> and so on. Steps are epochs. Every epoch is in the files when its report ends. A training that is resumed from a checkpoint adds files of its
/// own to the folder, which TensorBoard joins. For one training at a time.
/// </remarks>
/// <example>
/// <code>
/// using var board = new TensorBoardWriter("runs/first");
/// var trainer = mlContext.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options { Progress = board, AfterEpoch = board.AddWeights });
/// MlpPredictionTransformer model = trainer.Fit(rows);
/// board.AddText("summary", $"{model.Summary()}");
/// </code>
/// </example>
public sealed class TensorBoardWriter : IProgress<EpochReport>, IDisposable
{
    /// <summary>The bins of a histogram, all of the same width.</summary>
    private const int Bins = 30;

    private readonly Dictionary<string, EventFile> _runs = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private bool _isDisposed;

    /// <param name="folder">The folder of the run; it is created with the first epoch.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null, empty or only white space.</exception>
    public TensorBoardWriter(string folder)
        : this(folder, TimeProvider.System)
    {
    }

    internal TensorBoardWriter(string folder, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        (_folder, _clock) = (folder, clock);
    }

    /// <summary>Writes losses, metric, learning rate, gradient norm and penalty of an epoch.</summary>
    /// <param name="value">The report.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Report(EpochReport value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Write(value, "train",
            ("loss", value.TrainingLoss), (value.MetricName, value.TrainingMetric), ("learning rate", value.LearningRate),
            ("gradient norm", value.GradientNorm), ("penalty", value.Penalty));
        if (value is { ValidationLoss: { } loss, ValidationMetric: { } metric })
        {
            Write(value, "validation", ("loss", loss), (value.MetricName, metric));
        }
    }

    /// <summary>
    /// A callback that writes histograms of all weights, biases and statistics, and lets the training go on. Each epoch copies all parameters.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public EpochDecision AddWeights(EpochEnd epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var summary = new ProtoMessage();
        foreach (WeightMatrix matrix in epoch.Model.Weights())
        {
            summary.Add(1, new ProtoMessage().Add(1, matrix.Name.Replace('.', '/')).Add(5, Histogram(matrix.Values.Span)));
        }

        Run(epoch.Report, "train").Write(epoch.Report.Epoch, summary);
        return EpochDecision.Continue;
    }

    /// <summary>Writes a text, in the run <c>train</c>; TensorBoard shows it as Markdown.</summary>
    /// <param name="name">The name above it.</param>
    /// <param name="text">The text, for example the summary of the model; lines of a table stay lines.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void AddText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);

        // Four blanks make code of it, whose lines and columns are kept.
        string code = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => "    " + line));
        ProtoMessage plugin = new ProtoMessage().Add(1, new ProtoMessage().Add(1, "text"));
        ProtoMessage shape = new ProtoMessage().Add(2, new ProtoMessage().Add(1, 1L));
        const long Texts = 7;
        ProtoMessage tensor = new ProtoMessage().Add(1, Texts).Add(2, shape).Add(8, code);
        Run("train").Write(0, new ProtoMessage().Add(1, new ProtoMessage().Add(1, name).Add(9, plugin).Add(8, tensor)));
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (EventFile run in _runs.Values)
        {
            run.Dispose();
        }

        _runs.Clear();
    }

    /// <summary>The folder.</summary>
    public override string ToString() => $"TensorBoard in '{_folder}'";

    private void Write(EpochReport report, string run, params (string Name, double Value)[] values)
    {
        var summary = new ProtoMessage();
        foreach ((string name, double value) in values)
        {
            summary.Add(1, new ProtoMessage().Add(1, name).Add(2, (float)value));
        }

        Run(report, run).Write(report.Epoch, summary);
    }

    private EventFile Run(EpochReport report, string name) =>
        Run(report.Members > 1 ? Path.Combine(string.Create(CultureInfo.InvariantCulture, $"member{report.Member}"), name) : name);

    private EventFile Run(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_runs.TryGetValue(name, out EventFile? run))
        {
            run = new EventFile(Path.Combine(_folder, name), _clock);
            _runs.Add(name, run);
        }

        return run;
    }

    /// <summary>A message <c>tensorflow.HistogramProto</c>: least and greatest value, their number, sums, and bins with their upper ends.</summary>
    private static ProtoMessage Histogram(ReadOnlySpan<float> values)
    {
        double low = TensorPrimitives.Min(values), high = TensorPrimitives.Max(values), sum = 0, squares = 0;
        double width = (high - low) / Bins;
        double[] ends = [.. Enumerable.Range(1, Bins).Select(bin => bin == Bins ? high : low + bin * width)], counts = new double[Bins];
        foreach (float value in values)
        {
            sum += value;
            squares += (double)value * value;
            counts[width > 0 ? Math.Min((int)((value - low) / width), Bins - 1) : Bins - 1]++;
        }

        return new ProtoMessage().Add(1, low).Add(2, high).Add(3, (double)values.Length).Add(4, sum).Add(5, squares).Add(6, ends).Add(7, counts);
    }
}
