using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Changes to the features of training rows, drawn anew for every row in every epoch, under which the target stays true: the network
/// sees more different rows than there are. <see cref="ImageAugmentation"/> moves and distorts images, <see cref="Custom"/> runs code of
/// your own, and <see cref="Then"/> does one after the other. Immutable.
/// </summary>
/// <remarks>
/// <para>
/// It acts on copies of the training rows, on the values as given, before they are standardized. It never acts on validation rows, nor on
/// what is computed over the training rows: standardization, and the statistics of batch normalization that are collected after an epoch.
/// It affects training only and is not part of the trained model.
/// </para>
/// <para>
/// The random numbers of a row are a function of the seed, the epoch and the number of the row. They depend neither on the order of
/// the rows nor on the number of threads, and a training run that is resumed draws what it would have drawn. (With
/// <see cref="MlpTrainingOptions.ClassBalancedBatches"/>, where a row may come several times in an epoch, how often it came before takes
/// the place of the epoch.)
/// </para>
/// <para>
/// Mind the standardization of features that hardly ever differ from one value, such as the pixels near the border: moved there, a usual
/// value is many standard deviations away from the mean. For pictures, scale the pixels to [0, 1] and set
/// <see cref="MlpTrainingOptions.FeatureScaling"/> to <see cref="FeatureScaling.None"/>.
/// </para>
/// </remarks>
public abstract record Augmentation : ISettings
{
    private protected Augmentation()
    {
    }

    /// <summary>Changes rows with your own code.</summary>
    /// <param name="change">The code; see <see cref="RowAugmentation"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public static Augmentation Custom(RowAugmentation change) => new CustomAugmentation(Require.NotNull(change, nameof(change)));

    /// <summary>Several augmentations, each of which changes what the one before it made. Their random numbers are independent.</summary>
    /// <param name="parts">At least one, in their order. A part that is a sequence itself counts as its parts.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    /// <exception cref="ArgumentNullException">A part is null.</exception>
    public static Augmentation Sequence(params ReadOnlySpan<Augmentation> parts)
    {
        var flat = new List<Augmentation>();
        foreach (Augmentation part in parts)
        {
            flat.AddRange(Require.NotNull(part, nameof(parts)).Parts);
        }

        return flat.Count switch
        {
            0 => throw new ArgumentException("A sequence needs at least 1 augmentation, but none was given.", nameof(parts)),
            1 => flat[0],
            _ => new AugmentationSequence([.. flat]),
        };
    }

    /// <summary>This augmentation and then another: <c>Sequence(this, next)</c>.</summary>
    /// <param name="next">What changes the rows that this one made.</param>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public Augmentation Then(Augmentation next) => Sequence(this, next);

    /// <summary>Refuses rows that do not fit this augmentation. The training does so before anything else.</summary>
    /// <param name="featureCount">The number of features of a row.</param>
    /// <exception cref="ArgumentException">The number is not that of the values of an image.</exception>
    internal abstract void CheckFeatureCount(int featureCount);

    /// <summary>This, or what it consists of.</summary>
    internal virtual IReadOnlyList<Augmentation> Parts => [this];

    /// <summary>The part that works, with its buffers.</summary>
    /// <param name="number">Its place in the sequence, from 0: part of the address of its random numbers.</param>
    /// <param name="team">The threads that may share the work.</param>
    internal abstract IRowAugmenter CreateAugmenter(int number, ThreadTeam team);
}
