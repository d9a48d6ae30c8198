using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The learning rate, a weight decay, or the strength of a penalty, as a pure function of the progress of the training. A number is a constant schedule, so
/// <c>LearningRate = 0.01f</c> works; <c>Schedule.Warmup(epochs: 3).Then(Schedule.Cosine(from: 1e-3f))</c> composes two.
/// </summary>
/// <remarks>
/// The rate changes with every mini-batch: progress is counted in fractions of epochs, from 0. <see cref="PerEpoch"/> keeps it the same
/// within an epoch.
/// </remarks>
public abstract record Schedule : ISettings
{
    private const int MostCycles = 16;

    private protected Schedule()
    {
    }

    /// <summary>
    /// The rate that the multiplier of a step refers to, without the <see cref="BatchSizeFactor"/>: the rate at progress 0 of the main
    /// part, after any warm-up; of the schedules that
    /// begin low, the highest rate.
    /// </summary>
    internal abstract float BaseRate { get; }

    /// <summary>The rate at a moment of the training, without the <see cref="BatchSizeFactor"/>.</summary>
    internal abstract float RateAt(in ScheduleMoment moment);

    /// <summary>Whether the rate of an epoch is another one in a training of another length.</summary>
    internal virtual bool DependsOnNumberOfEpochs => false;

    /// <summary>
    /// What the rate of every step is multiplied by. It is the same all the time, so that it changes the size of the schedule but not the
    /// shape, which is what a weight decay follows.
    /// </summary>
    /// <param name="batchSize">Rows of a mini-batch.</param>
    internal virtual double BatchSizeFactor(int batchSize) => 1;

    /// <summary>Whether the rate is the same all the time.</summary>
    internal bool IsConstant => this is ConstantSchedule;

    /// <summary>Whether the rate is 0 all the time.</summary>
    internal bool IsZero => this is ConstantSchedule { Rate: 0 };

    /// <summary>The strength of a penalty as a text: the number, where it is one.</summary>
    internal string StrengthText => IsConstant ? SettingsText.Text(BaseRate) : ToString();

    /// <summary>The rate of a step with a mini-batch of <paramref name="batchSize"/> rows.</summary>
    internal float RateAt(in ScheduleMoment moment, int batchSize) => (float)(RateAt(moment) * BatchSizeFactor(batchSize));

    /// <summary>The rate that the multiplier of such a step refers to.</summary>
    internal float BaseRateFor(int batchSize) => (float)(BaseRate * BatchSizeFactor(batchSize));

    /// <summary>The same rate all the time.</summary>
    /// <param name="rate">At least 0; a learning rate must be greater.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not a finite number of at least 0.</exception>
    public static Schedule Constant(float rate) => new ConstantSchedule(Require.NonNegative(rate, nameof(rate)));

    /// <summary>A rate that falls in steps: <c>from * factor^floor(epoch / every)</c>. By default it is halved.</summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="every">Epochs between two steps, at least 1.</param>
    /// <param name="factor">In (0, 1]. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Step(float from, int every, float factor = 0.5f) => new StepSchedule(
        Require.Positive(from, nameof(from)), Require.AtLeast(every, 1, nameof(every)), Require.InRangeAbove(factor, 0, 1, nameof(factor)));

    /// <summary>
    /// A rate that falls along half a cosine wave, slowly at both ends: <c>to + (from - to) (1 + cos(pi epoch / epochs)) / 2</c>.
    /// </summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="to">The rate at the end, in [0, from]. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>Ilya Loshchilov and Frank Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without restarts.</remarks>
    public static Schedule Cosine(float from, float to = 0) => new CosineSchedule(
        Require.Positive(from, nameof(from)), Require.InRange(to, 0, from, nameof(to)));

    /// <summary>
    /// A rate that stays for a part of the training and then falls along half a cosine wave: <paramref name="from"/> up to the share
    /// <paramref name="flat"/> of the epochs, then <c>to + (from - to) (1 + cos(pi (epoch / epochs - flat) / (1 - flat))) / 2</c>.
    /// </summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="flat">The share of the training in which the rate stays, in [0, 1). Default 0.5.</param>
    /// <param name="to">The rate at the end, in [0, from]. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>
    /// The course of the weight decay ("flat_cos") in David Holzmueller, Leo Grinsztajn and Ingo Steinwart, "Better by Default: Strong Pre-Tuned MLPs
    /// and Boosted Trees on Tabular Data", 2024.
    /// </remarks>
    public static Schedule FlatThenCosine(float from, float flat = 0.5f, float to = 0) => new FlatThenCosineSchedule(
        Require.Positive(from, nameof(from)), Require.InRangeBelow(flat, 0, 1, nameof(flat)), Require.InRange(to, 0, from, nameof(to)));

    /// <summary>
    /// A rate that swings from 0 to a peak and back to 0 several times, each time taking twice as long:
    /// <c>peak (1 - cos(2 pi log2(1 + (2^cycles - 1) epoch / epochs))) / 2</c>.
    /// </summary>
    /// <param name="peak">The highest rate, greater than 0; what a weight decay is relative to.</param>
    /// <param name="cycles">The number of waves, from 1 to 16. Default 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>
    /// "coslog4" in David Holzmueller, Leo Grinsztajn and Ingo Steinwart, "Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular
    /// Data", 2024: the rate is low several times, and validation keeps the best of these epochs.
    /// </remarks>
    public static Schedule LogCosine(float peak, int cycles = 4) => new LogCosineSchedule(
        Require.Positive(peak, nameof(peak)), Require.InRange(cycles, 1, MostCycles, nameof(cycles)));

    /// <summary>A rate that falls by the same factor in equal times: <c>from e^(-decay t)</c>, with <c>t</c> in epochs.</summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="decay">At least 0; with 0.1 the rate falls to a tenth in 23 epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Exponential(float from, float decay) => new ExponentialSchedule(
        Require.Positive(from, nameof(from)), Require.NonNegative(decay, nameof(decay)));

    /// <summary>A rate that falls ever more slowly: <c>from / (1 + decay t)</c>, with <c>t</c> in epochs.</summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="decay">At least 0; with 0.1 the rate is halved after 10 epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>Herbert Robbins and Sutton Monro, "A Stochastic Approximation Method", 1951: rates that fall so make descent converge.</remarks>
    public static Schedule InverseTime(float from, float decay) => new InverseTimeSchedule(
        Require.Positive(from, nameof(from)), Require.NonNegative(decay, nameof(decay)));

    /// <summary>A rate that falls along a power of the progress: <c>to + (from - to) (1 - epoch / epochs)^power</c>.</summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="to">The rate at the end, in [0, from]. Default 0.</param>
    /// <param name="power">Greater than 0. Default 1, a straight line.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Polynomial(float from, float to = 0, float power = 1) => new PolynomialSchedule(
        Require.Positive(from, nameof(from)), Require.InRange(to, 0, from, nameof(to)), Require.Positive(power, nameof(power)));

    /// <summary>
    /// Rates set by hand: <c>Schedule.Stages(0.1f, (20, 0.01f), (30, 0.001f))</c> is 0.1, from epoch 20 on 0.01, from epoch 30 on 0.001. A penalty that is
    /// switched on late is <c>Schedule.Stages(0, (20, 1e-4f))</c>.
    /// </summary>
    /// <param name="from">The first rate, at least 0; a learning rate must begin above 0.</param>
    /// <param name="changes">
    /// The number of completed epochs, and the rate from then on. Numbers increase, the first is greater than 0; fractions are
    /// allowed. Rates are at least 0.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range, or the epochs do not increase.</exception>
    public static Schedule Stages(float from, params (double Epoch, float Rate)[] changes)
    {
        Require.NonNegative(from, nameof(from));
        Require.NotNull(changes, nameof(changes));
        double last = 0;
        foreach ((double epoch, float rate) in changes)
        {
            last = Require.Above(epoch, last, nameof(epoch));
            Require.NonNegative(rate, nameof(rate));
        }

        return new StagesSchedule(from, [.. changes]);
    }

    /// <summary>
    /// A rate that runs up and down between two limits in straight lines: low at the start, high after half a cycle, low again after a
    /// whole one, and so on.
    /// </summary>
    /// <param name="low">The lower rate, greater than 0.</param>
    /// <param name="high">The higher rate, at least <paramref name="low"/>; what a weight decay is relative to.</param>
    /// <param name="every">Epochs of a whole cycle, greater than 0; fractions are allowed. The paper advises 4 to 20.</param>
    /// <param name="factor">
    /// How high above the lower rate a cycle gets, compared with the one before; in (0, 1]. Default 1; the paper's "triangular2" is 0.5.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>Leslie Smith, "Cyclical Learning Rates for Training Neural Networks", 2017. The paper's step size is half a cycle.</remarks>
    public static Schedule Cyclic(float low, float high, double every, float factor = 1) => new CyclicSchedule(
        Require.Positive(low, nameof(low)),
        Require.AtLeast(high, low, nameof(high)),
        Require.Positive(every, nameof(every)),
        Require.InRangeAbove(factor, 0, 1, nameof(factor)));

    /// <summary>
    /// A rate that rises once to a high peak and then falls to almost nothing, both along half a cosine wave, over the whole training.
    /// </summary>
    /// <param name="peak">The highest rate, greater than 0; what a weight decay is relative to.</param>
    /// <param name="rise">The share of the training in which the rate rises, in [0, 1). Default 0.3.</param>
    /// <param name="from">The first rate, in (0, peak]. Default <c>peak / 25</c>.</param>
    /// <param name="to">The rate at the end, in [0, peak]. Default <c>from / 10000</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>
    /// Leslie Smith and Nicholay Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2019. The
    /// curve and the defaults are those of fastai and PyTorch; the paper's lines are straight, and its momentum moves against the rate.
    /// </remarks>
    public static Schedule OneCycle(float peak, float rise = 0.3f, float? from = null, float? to = null)
    {
        Require.Positive(peak, nameof(peak));
        Require.InRangeBelow(rise, 0, 1, nameof(rise));
        float start = Require.InRangeAbove(from ?? (peak / 25), 0, peak, nameof(from));
        return new OneCycleSchedule(peak, rise, start, Require.InRange(to ?? (start / 10_000), 0, peak, nameof(to)));
    }

    /// <summary>
    /// A rate that grows linearly to the first rate of another schedule, which then takes over:
    /// <c>Schedule.Warmup(3).Then(Schedule.Cosine(0.1f))</c>.
    /// </summary>
    /// <param name="epochs">Greater than 0; fractions are allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epochs"/> is not a finite number greater than 0.</exception>
    /// <remarks>Priya Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017.</remarks>
    public static Warmup Warmup(double epochs) => new(Require.Positive(epochs, nameof(epochs)));

    /// <summary>
    /// A rate that falls when the training makes no progress: it is multiplied by <paramref name="factor"/> whenever the monitored loss has not
    /// improved for <paramref name="patience"/> epochs in a row, and the count then starts again.
    /// </summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="factor">In (0, 1]. Default 0.1.</param>
    /// <param name="patience">
    /// Epochs in a row without an improvement, at least 1. Default 5, which leaves an <see cref="EarlyStopping"/> of its default patience
    /// the time to see what the new rate brings.
    /// </param>
    /// <param name="minDelta">The least by which the loss must fall to count as an improvement. At least 0; default 0.</param>
    /// <param name="cooldown">Epochs after each reduction that are not counted as epochs without an improvement. At least 0; default 0.</param>
    /// <param name="floor">The lowest rate, in [0, from]. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>
    /// The monitored loss is that of the validation rows, or of the training rows with penalties where there are none, as for
    /// <see cref="EarlyStopping"/>. Epochs that begin within a warm-up in front of it do not count. The rate is a function of the losses so far
    /// and has no state of its own, so a training run that is continued from a checkpoint goes on as if it had never stopped.
    /// </remarks>
    public static Schedule ReduceOnPlateau(float from, float factor = 0.1f, int patience = 5, double minDelta = 0, int cooldown = 0,
        float floor = 0) => new PlateauSchedule(
        Require.Positive(from, nameof(from)),
        Require.InRangeAbove(factor, 0, 1, nameof(factor)),
        Require.AtLeast(patience, 1, nameof(patience)),
        Require.NonNegative(minDelta, nameof(minDelta)),
        Require.NonNegative(cooldown, nameof(cooldown)),
        Require.InRange(floor, 0, from, nameof(floor)));

    /// <summary>A rate of your own, as a function of the progress of the training.</summary>
    /// <param name="name">What stands for the function in texts, and tells it from others.</param>
    /// <param name="from">The rate that a weight decay is relative to, usually the first or the highest, at least 0; a learning rate needs more than 0.</param>
    /// <param name="rate">
    /// The rate, at least 0, of the epochs done so far, with the fraction of the current one, and of the epochs that are planned. It must be a function of
    /// these two alone, or a training cannot be repeated.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is not a finite number of at least 0.</exception>
    /// <example>
    /// <code>
    /// Schedule rate = Schedule.Custom("square root", 0.01f, (epoch, epochs) => 0.01 / Math.Sqrt(1 + epoch));
    /// </code>
    /// </example>
    public static Schedule Custom(string name, float from, Func<double, double, double> rate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomSchedule(name, Require.NonNegative(from, nameof(from)), Require.NotNull(rate, nameof(rate)));
    }

    /// <summary>The same schedule with a rate that changes only between epochs: an epoch uses the rate at its middle.</summary>
    /// <remarks>Epochs are those of the training, also where a warm-up of a fraction of an epoch comes before.</remarks>
    public Schedule PerEpoch() => new PerEpochSchedule(this);

    /// <summary>
    /// The same schedule with rates that grow with the mini-batches: <c>rate * BatchSize / reference</c>, so that the rates can be given for a
    /// known size of mini-batch and hold for any. Together with a warm-up, large mini-batches then learn as well as small ones.
    /// </summary>
    /// <param name="reference">The rows of the mini-batches that the rates were chosen for, at least 1. Default 256, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reference"/> is less than 1.</exception>
    /// <remarks>
    /// The size is that of whole mini-batches; a short last one gets the rate of the others. A weight decay, which follows
    /// the shape of a schedule and not its size, stays. Priya Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017.
    /// </remarks>
    public Schedule ScaledByBatchSize(int reference = 256) => new BatchSizeSchedule(this, Require.AtLeast(reference, 1, nameof(reference)));

    /// <summary>A number is a constant schedule.</summary>
    /// <param name="rate">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not a finite number of at least 0.</exception>
    public static implicit operator Schedule(float rate) => Constant(rate);
}
