using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The part of an <see cref="Augmentation"/> that works: it has buffers and belongs to one training run.</summary>
internal interface IRowAugmenter
{
    /// <summary>Changes rows in place. Allocates nothing.</summary>
    /// <param name="rows">[rows, features].</param>
    /// <param name="random">[rows]: the random numbers of each row, shared by all parts of a sequence.</param>
    void Apply(MatrixSpan rows, ReadOnlySpan<SeededRandom> random);
}
