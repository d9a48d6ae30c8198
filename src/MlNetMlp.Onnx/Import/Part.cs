namespace MlNetMlp.Onnx;

/// <summary>What one operator, or a few that are one function, do to the rows. Numbers stay in the file until a network is made of them.</summary>
/// <param name="Node">The operator, for messages.</param>
internal abstract record Part(ImportedNode Node)
{
    /// <summary><c>X W + b</c>, with <c>W = Factor Weights</c> [inputs, outputs] and <c>b = BiasFactor Biases</c>.</summary>
    public sealed record Affine(ImportedNode Node, ImportedTensor Weights, bool IsTransposed, float Factor, float[]? Biases, float BiasFactor) : Part(Node)
    {
        public int Inputs => (int)Weights.Shape[IsTransposed ? 1 : 0];

        public int Outputs => (int)Weights.Shape[IsTransposed ? 0 : 1];
    }

    /// <summary><c>scale y + shift</c>, column by column.</summary>
    /// <param name="Node">The operator.</param>
    /// <param name="Columns">The number of columns, or 1 where any number will do.</param>
    /// <param name="Read">Makes the numbers, of constants that many operators may share.</param>
    public sealed record Map(ImportedNode Node, int Columns, Func<ColumnMap> Read) : Part(Node)
    {
        /// <summary>The memory that the numbers take for so many columns.</summary>
        public static double BytesOf(int columns) => 2.0 * sizeof(double) * columns;

        /// <summary>Whether it fits as many columns.</summary>
        public bool Fits(int columns) => Columns == 1 || Columns == columns;
    }

    /// <summary><c>f(y)</c>, for a <see cref="Activation.PRelu"/> with its slopes, one or as many as there are columns.</summary>
    public sealed record Function(ImportedNode Node, Activation Activation, float[]? Slopes = null) : Part(Node);

    /// <summary>The largest of <paramref name="Pieces"/> sums of each of <paramref name="Units"/> units.</summary>
    public sealed record Maximum(ImportedNode Node, int Pieces, int Units) : Part(Node);

    /// <summary><c>(y - mean) / sqrt(variance + epsilon)</c>, row by row.</summary>
    public sealed record RowNormalization(ImportedNode Node, float Epsilon) : Part(Node);

    /// <summary><c>y / sqrt(y y + epsilon)</c>, row by row.</summary>
    public sealed record UnitLength(ImportedNode Node, float Epsilon) : Part(Node);

    /// <summary>Puts numbers in the place of missing or infinite features, or NaN for those that an encoding shows to the network.</summary>
    public sealed record Replacement(ImportedNode Node, float[] Values, bool OfInfinite) : Part(Node);

    /// <summary>What a <see cref="CategoryMap"/> makes of the features, whose number only the layers know.</summary>
    /// <param name="Node">The operator.</param>
    /// <param name="Groups">The groups, ascending.</param>
    /// <param name="IsEmbedded">Whether each group is embedded.</param>
    /// <param name="Width">The number of elements of a vector; 0: none is.</param>
    /// <param name="Kept">The features that are not embedded; null: all.</param>
    /// <param name="ReadTable">Reads the vectors.</param>
    public sealed record Categories(
        ImportedNode Node, CategoricalGroup[] Groups, bool[] IsEmbedded, int Width, int[]? Kept, Func<float[]> ReadTable) : Part(Node);

    /// <summary>What a <see cref="FeatureEncoding"/> makes of the features, whose number only the layers know.</summary>
    public sealed record Encoding(
        ImportedNode Node, int[] Sources, float[] LowerEnds, float[] InverseWidths, int[] Missing, bool IsClipped) : Part(Node)
    {
        /// <summary>The memory that a column takes, in the encoding and while it is read, with something to spare.</summary>
        public const double ColumnBytes = 48;
    }

    /// <summary>What a <see cref="PeriodicEmbedding"/> puts beside the features, or what an encoding made of them.</summary>
    public sealed record Periodic(
        ImportedNode Node, int[] Numbers, float[] Frequencies, float[] Phases, float[] Weights, float[] Biases, bool Rectifies) : Part(Node)
    {
        /// <summary>The memory that a number of its weights takes, with something to spare.</summary>
        public const double NumberBytes = 32;

        private int Waves => Frequencies.Length / Numbers.Length;

        /// <summary>The embedding that gives such outputs; how its weights started is not known.</summary>
        /// <exception cref="ArgumentException">There is none.</exception>
        public PeriodicNumbers Embedded => Rectifies && !HasSines ? throw new ArgumentException("rectified waves have no phases of their own")
            : Rectifies ? new(new PlrEmbedding { Frequencies = Waves / 2, Width = Biases.Length / Numbers.Length }, Numbers)
            : new(new PbldEmbedding { Frequencies = Waves, Width = Biases.Length / Numbers.Length }, Numbers);

        /// <summary>Whether all frequencies have a cosine and, behind all cosines of the number, a sine: else phases are to be learned.</summary>
        private bool HasSines => Waves % 2 == 0 && Enumerable.Range(0, Frequencies.Length).All(i => i % Waves < Waves / 2
            ? Phases[i] == 0
            : Phases[i] == -0.25f && Frequencies[i] == Frequencies[i - Waves / 2]);

        /// <summary>Writes a parameter of <see cref="Embedded"/>.</summary>
        public void Write(string name, Span<float> values)
        {
            float[] numbers = name switch
            {
                "Frequencies" when Rectifies => [.. Frequencies.Where((_, i) => i % Waves < Waves / 2)],
                "Frequencies" => Frequencies,
                "Phases" => Phases,
                "Weights" => Weights,
                _ => Biases,
            };
            numbers.CopyTo(values);
        }
    }

    /// <summary>
    /// Makes rows of what has more dimensions, or changes nothing: rows of <paramref name="Columns"/>, or of as many as there are if that is null.
    /// </summary>
    /// <param name="Node">The operator.</param>
    /// <param name="Columns">The columns of the result.</param>
    /// <param name="KeepsRows">Whether the number of rows is certain to stay, or only if there are so many columns.</param>
    public sealed record Rows(ImportedNode Node, int? Columns, bool KeepsRows) : Part(Node);

    /// <summary>Remembers y for the next <see cref="ResidualEnd"/>.</summary>
    public sealed record ResidualStart(ImportedNode Node) : Part(Node);

    /// <summary>Adds what was remembered.</summary>
    public sealed record ResidualEnd(ImportedNode Node) : Part(Node);
}
