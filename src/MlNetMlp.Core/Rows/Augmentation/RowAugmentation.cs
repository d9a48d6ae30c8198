namespace MlNetMlp;

/// <summary>Changes the features of one training row in place; for <see cref="Augmentation.Custom"/>.</summary>
/// <param name="features">
/// A copy of the row's features, or what the augmentations before made of it: the values as they were given, not standardized. NaN means missing and may be
/// written, too.
/// </param>
/// <param name="random">The random numbers of this row in this epoch. Use no others, so that the same seed trains the same network.</param>
/// <remarks>
/// It is called on the thread that trains, for one row at a time, once for each row of every mini-batch, and never for validation rows. The
/// result must depend on nothing but the arguments. What it returns is checked like any row: a value that
/// <see cref="MlpTrainingOptions.MissingValues"/> or <see cref="MlpTrainingOptions.InfiniteValues"/> refuse ends the training with an
/// <see cref="InvalidFeatureException"/> that names the row. Its own exceptions end the training and reach the caller as they are.
/// <code>
/// // Forget one feature of each row, and make the first one a little uncertain.
/// Augmentation.Custom((features, random) =>
/// {
///     features[0] += 0.1f * random.Normal(0);
///     features[random.Below(features.Length, 1)] = float.NaN;
/// })
/// </code>
/// </remarks>
public delegate void RowAugmentation(Span<float> features, RowRandom random);
