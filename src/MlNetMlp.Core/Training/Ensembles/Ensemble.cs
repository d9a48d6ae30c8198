using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Several networks instead of one, whose scores are averaged: <c>Ensemble = Ensemble.Seeds(5)</c>. Networks that err in different ways
/// correct each other, and how far they disagree shows how sure they are.
/// </summary>
/// <remarks>
/// <see cref="Shared"/> trains one network with several members inside, and <see cref="Of"/> several such networks. Of the other kinds, the members are
/// trained one after the other, each with its own early stopping and its own best epoch, and become one <see cref="MlpModel"/>. They share the
/// standardization and the units of the targets, which are those of all training rows. Network number i, from 0, trains with the seed
/// <c>seed + i 0x9E3779B9</c> (in 32 bits), which no two networks have in common; the first has the seed of the options. (Thomas G. Dietterich, Ensemble
/// Methods in Machine Learning, 2000.)
/// </remarks>
public abstract record Ensemble : ISettings
{
    /// <summary>2^32 divided by the golden ratio, odd: no two members have the same seed.</summary>
    private const uint SeedStep = 0x9E3779B9;

    private protected Ensemble(int members) => Members = members;

    /// <summary>The number of members, at least 1.</summary>
    public int Members { get; }

    /// <summary>Networks that learn from the same rows, but start from different weights and see the rows in different orders.</summary>
    /// <param name="members">How many; at least 1, which is a training run without an ensemble.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is less than 1.</exception>
    /// <remarks>Lars Kai Hansen and Peter Salamon, Neural Network Ensembles, 1990.</remarks>
    public static Ensemble Seeds(int members) => new SeedEnsemble(Require.Positive(members, nameof(members)));

    /// <summary>
    /// Networks that learn from bootstrap samples: each from as many rows as there are, drawn from them with replacement, so that it sees
    /// about 63.2 % of the rows, some of them several times. All members have the same validation rows.
    /// </summary>
    /// <param name="members">How many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is less than 1.</exception>
    /// <remarks>
    /// Leo Breiman, Bagging Predictors, 1996. A row that was drawn twice is two rows, not one of twice the weight: epochs keep their
    /// length, mini-batches their size, and batch normalization counts it twice. All rows are drawn with equal probability and keep their weights.
    /// </remarks>
    public static Ensemble Bagging(int members) => new BaggingEnsemble(Require.Positive(members, nameof(members)), ValidatesOutOfBag: false);

    /// <summary>
    /// The same, where each network can be validated on the rows out of its bag, about 36.8 % of all: its best epoch is kept, and with
    /// <see cref="MlpTrainingOptions.EarlyStopping"/> it stops early, although no row is set aside for all networks.
    /// </summary>
    /// <param name="members">How many; at least 1.</param>
    /// <param name="validatesOutOfBag">Whether they are; false: as <see cref="Bagging(int)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is less than 1.</exception>
    /// <remarks>
    /// No validation rows may be given beside. Loss and metric of the rows, each scored by those networks alone that did not learn from it, are
    /// <see cref="MlpTrainingResult.HeldOutLoss"/> and <see cref="MlpTrainingResult.HeldOutMetric"/>. (Leo Breiman, Out-of-Bag Estimation, 1996.) A bag that
    /// has all rows with a weight is drawn anew. Where <see cref="TrainingTask.RowGroups"/> says which rows belong together, a bag has all rows of as many
    /// groups as there are, drawn with replacement, and the groups that were not drawn are out of it.
    /// </remarks>
    public static Ensemble Bagging(int members, bool validatesOutOfBag) => new BaggingEnsemble(Require.Positive(members, nameof(members)), validatesOutOfBag);

    /// <summary>
    /// Networks of which each learns from all rows but a part of its own, on which it is validated: its best epoch is kept, and with
    /// <see cref="MlpTrainingOptions.EarlyStopping"/> it stops early. Every row is learned from by all networks but one.
    /// </summary>
    /// <param name="folds">The number of parts, and of networks, at least 2. Default 5. The rows of every class are spread evenly over the parts,
    /// or else, where <see cref="TrainingTask.RowGroups"/> says which rows belong together, whole groups, so that the parts have nearly as many rows.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="folds"/> is less than 2.</exception>
    /// <remarks>
    /// No validation rows may be given beside. Loss and metric of all rows, each scored by the network that did not learn from it, are
    /// <see cref="MlpTrainingResult.HeldOutLoss"/> and <see cref="MlpTrainingResult.HeldOutMetric"/>. (Anders Krogh and Jesper Vedelsby, Neural Network
    /// Ensembles, Cross Validation, and Active Learning, 1995.)
    /// </remarks>
    public static Ensemble CrossFitted(int folds = 5) => new CrossFittedEnsemble(Require.AtLeast(folds, 2, nameof(folds)));

    /// <summary>
    /// Snapshots of one training run: its epochs are divided into cycles of equal length (the first ones an epoch longer where
    /// they do not divide), <see cref="MlpTrainingOptions.LearningRate"/> runs once in every cycle, and the network that a cycle ends with
    /// is a member and where the next cycle begins. It gives many members in the time of one.
    /// </summary>
    /// <param name="cycles">How many; at least 1 and at most one for each epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cycles"/> is less than 1.</exception>
    /// <remarks>
    /// Huang, Li, Pleiss, Liu, Hopcroft and Weinberger, Snapshot Ensembles: Train 1, Get M for Free, 2017. The rate has to be high at the
    /// beginning of a cycle, to leave the last minimum, and low at its end, to settle in another: a cosine, as by default. The optimizer's
    /// memory starts anew with the rate. With early stopping or validation rows a cycle ends with the best network of its epochs.
    /// </remarks>
    public static Ensemble Snapshots(int cycles) => new SnapshotEnsemble(Require.Positive(cycles, nameof(cycles)));

    /// <summary>
    /// Members inside of one network: they share its hidden layers, and each has scales of the inputs and outputs of its own. It costs the time of
    /// <paramref name="members"/> networks for an epoch, but has the memory and the file of one.
    /// </summary>
    /// <param name="members">How many, in [1, 64]; 1 is a training run without an ensemble. Default 8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is outside [1, 64].</exception>
    /// <remarks>
    /// The variant "mini" of Yury Gorishniy, Akim Kotelnikov and Artem Babenko, TabM: Advancing Tabular Deep Learning with Parameter-Efficient Ensembling,
    /// 2025; shared weights come from Yeming Wen, Dustin Tran and Jimmy Ba, BatchEnsemble: An Alternative Approach to Efficient Ensemble and Lifelong
    /// Learning, 2020. The mean of the members' losses is minimised, and reported as the training loss; validation loss and all metrics are those of the
    /// averaged prediction, which choose the best epoch. Needs dense rows; the first hidden layer has neither <see cref="HiddenLayer.Residual"/> nor
    /// <see cref="WeightNormalization"/> or <see cref="CosineNormalization"/>. See <see cref="MlpArchitecture.SharedMembers"/>.
    /// </remarks>
    public static Ensemble Shared(int members = 8) => new SharedEnsemble(Require.InRange(members, 1, MlpArchitecture.MostSharedMembers, nameof(members)));

    /// <summary>
    /// The same networks, each with members inside: <c>Ensemble.CrossFitted(3).Of(Ensemble.Shared(8))</c> has 24 members, eight in each of three networks.
    /// </summary>
    /// <param name="shared">What each network is; made by <see cref="Shared"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="shared"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="shared"/> is of another kind.</exception>
    /// <exception cref="InvalidOperationException">This ensemble has shared members already.</exception>
    public Ensemble Of(Ensemble shared) =>
        OfNetworks != this ? throw new InvalidOperationException($"{this} have shared members already, and cannot be made of others.")
        : Require.NotNull(shared, nameof(shared)) is SharedEnsemble each ? new EnsembleOfShared(this, each)
        : throw new ArgumentException(
            $"'{nameof(shared)}' is {shared}; only {nameof(Ensemble)}.{nameof(Shared)}(members) can be inside of a network.", nameof(shared));

    /// <summary>
    /// The same shared members in training, of which only the best for each other stay in the trained model: <c>Ensemble.Shared(16).PrunedTo(4)</c> trains
    /// as 16 do, and scores in the time of 4.
    /// </summary>
    /// <param name="members">How many stay, in [1, <see cref="Members"/>]; with <see cref="Members"/> all do.</param>
    /// <remarks>
    /// The greedy selection of the paper on TabM, see <see cref="Shared"/>: beginning with none, the member is added with which the averaged prediction has
    /// the lowest validation loss, of equal ones the first, until there are as many. The validation rows are those that choose the best epoch, and must be
    /// given; a trainer of ML.NET sets a tenth of the training rows aside where nothing else is said. Inside of <see cref="CrossFitted"/>, and of
    /// <see cref="Bagging(int, bool)"/> that validates out of bag, see <see cref="Of"/>, they are those that a network does not learn from. It is the loss
    /// that chooses also where <see cref="EarlyStopping.Monitor"/> is the metric. While members are chosen, a number is kept in memory for every member,
    /// output and validation row. The trained model is one of <paramref name="members"/> shared members; <see cref="MlpTrainingResult.KeptMembers"/> are
    /// the numbers that they had. A training that continues from it has <c>Ensemble.Shared(members)</c>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is outside [1, <see cref="Members"/>].</exception>
    /// <exception cref="InvalidOperationException">This ensemble was not made by <see cref="Shared"/>.</exception>
    public Ensemble PrunedTo(int members) => this is SharedEnsemble shared
        ? shared with { Kept = Require.InRange(members, 1, Members, nameof(members)) is var kept && kept < Members ? kept : null }
        : throw new InvalidOperationException(
            $"{this} cannot be pruned; only members that share a network can: {nameof(Ensemble)}.{nameof(Shared)}(16).{nameof(PrunedTo)}(4), also inside " +
            $"of {nameof(Of)}.");

    /// <summary>The number of members that share one network.</summary>
    internal virtual int SharedMembers => 1;

    /// <summary>How many of these the trained network keeps; null: all.</summary>
    internal virtual int? KeptSharedMembers => null;

    /// <summary>The ensemble as far as it consists of networks that are trained one after the other; null: there is only one.</summary>
    internal virtual Ensemble? OfNetworks => this;

    /// <summary>The least number of epochs that its training needs.</summary>
    internal virtual int FewestEpochs => 1;

    /// <summary>The least number of rows that its training needs.</summary>
    internal virtual int FewestRows => HoldsOut ? 2 : 1;

    /// <summary>How many of the epochs that the options ask for are those of member number <paramref name="number"/>, from 0.</summary>
    internal virtual int EpochsOf(int number, int epochs) => epochs;

    /// <summary>Whether every member is validated on rows that it does not learn from.</summary>
    internal virtual bool HoldsOut => false;

    /// <summary>Whether the rows of a group are all learned from by a member, or all validated on.</summary>
    internal virtual bool KeepsGroups => false;

    /// <summary>The most similar ensemble whose members all have the validation rows of the task.</summary>
    internal virtual Ensemble WithoutHeldOut => this;

    /// <summary>The rows that a member learns from and is validated on; null: all rows, and those of the task.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="loss">Knows the classes of rows.</param>
    /// <param name="groups">The group of each row, for those that keep groups together; null: there are none.</param>
    /// <param name="seed">The seed of the ensemble.</param>
    /// <param name="number">The member's number, from 0.</param>
    /// <param name="cancellationToken">Looked at while rows are read.</param>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal virtual MemberRows? RowsOf(
        IRowSource rows, Loss loss, IReadOnlyList<long>? groups, int seed, int number, CancellationToken cancellationToken) => null;

    /// <summary>What continues from a model: as many networks as that has, each with as many members.</summary>
    /// <param name="model">The model to continue from.</param>
    /// <param name="chosen">What a new model would be; stays if it fits.</param>
    internal static Ensemble? Continuing(MlpModel model, Ensemble? chosen)
    {
        int count = model.Networks.Count, members = model.Architecture.SharedMembers;
        Ensemble? networks = count == 1 ? null : chosen?.OfNetworks is { } same && same.CanContinueFrom(count) ? same : Seeds(count);
        Ensemble? shared = members == 1 ? null : Shared(members);
        return shared is null ? networks : networks?.Of(shared) ?? shared;
    }

    /// <summary>The seed of member number <paramref name="number"/>, from 0.</summary>
    internal static int SeedOf(int seed, int number) => unchecked((int)((uint)seed + (uint)number * SeedStep));

    /// <summary>The network that a member begins with; null: a new one.</summary>
    /// <param name="number">The member's number, from 0.</param>
    /// <param name="previous">The member before, or null for the first.</param>
    /// <param name="initial">The ensemble to continue from, or null.</param>
    internal virtual MlpModel? InitialModelOf(int number, MlpModel? previous, MlpModel? initial) => initial?.Networks[number];

    /// <summary>Whether a member begins with the one before, which must not become a member twice.</summary>
    internal virtual bool GoesOnFromPrevious(int number) => false;

    /// <summary>Whether a training run with these options can continue from an ensemble of this size.</summary>
    internal virtual bool CanContinueFrom(int members) => members == Members;
}
