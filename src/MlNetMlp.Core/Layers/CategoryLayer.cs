using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the network sees of categories; see <see cref="CategoryMap"/>. The vectors are learned, if there are any; training drops categories.</summary>
/// <remarks>
/// Backward, with D = dL/dY of the columns of a vector: <c>dL/dE_j = sum_i x_ij D_i</c>, <c>dL/dE_other = sum_i (1 - sum_j x_ij) D_i</c>, in the order of
/// the rows. Whether a group of a row is dropped is addressed by the pass, the row and the group.
/// </remarks>
internal sealed class CategoryLayer : Layer
{
    /// <summary>So many rows are some microseconds of work.</summary>
    private const int RowsAtOnce = 16;

    private const float StartingDeviation = 0.1f;

    private readonly CategoryMap _map;
    private readonly bool[] _isDropped;

    /// <summary>Sparse rows as they come out.</summary>
    private readonly SparseFeatures _columns;

    /// <summary>The features of embedded groups of dense rows.</summary>
    private readonly SparseFeatures _embedded;

    private readonly TouchedRows _touched;

    /// <param name="map">What is seen.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given; 0 for a layer that is not run and needs no memory.</param>
    /// <param name="layout">Receives the vectors, if there are any.</param>
    public CategoryLayer(CategoryMap map, int maximumRows, ParameterLayout layout)
        : base(map.FeatureCount, map.OutputSize)
    {
        _map = map;
        Table = map.TableRows == 0 ? null : layout.Add(new($"{NetworkPart.Categories}.Weights", map.TableRows, map.Width)
        {
            Part = NetworkPart.Categories,
            Initializer = Initializer.Gaussian(StartingDeviation),
        });
        _isDropped = new bool[map.Dropout > 0 ? checked(maximumRows * map.Groups.Length) : 0];
        (_columns, _embedded) = (new SparseFeatures(OutputSize), new SparseFeatures(InputSize));
        _touched = new TouchedRows(maximumRows == 0 ? 0 : map.TableRows);
    }

    public override bool Learns => Table is not null;

    /// <summary>The number of columns of all vectors, which are the last ones; 0 where nothing is learned.</summary>
    public int VectorColumns => _map.VectorColumns;

    /// <summary>The vectors, of which sparse rows move those alone that they have; null: there are none.</summary>
    public Parameter? Table { get; }

    public override unsafe void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        Draw(pass, input.Rows);
        fixed (float* features = input.Values, columns = output.Values, table = Vectors(pass.Parameters))
        {
            var body = new EncodeRows(this, pass.Mode, features, table, columns, input.Rows);
            pass.Team.Run((input.Rows + RowsAtOnce - 1) / RowsAtOnce, ref body);
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (Table is not null)
        {
            ReadEmbedded(input);
            pass.Parameters.Gradient(Table).Clear();
            AddTableGradient(pass, _embedded, outputGradient, null);
        }

        for (int i = 0; i < inputGradient.Rows; i++)
        {
            _map.Differentiate(outputGradient.Row(i), Vectors(pass.Parameters), DroppedOf(pass.Mode, i), inputGradient.Row(i));
        }
    }

    /// <summary>The columns of sparse rows, without their zeros; valid until the next call.</summary>
    public SparseFeatures Encode(in Pass pass, SparseFeatures rows)
    {
        Draw(pass, rows.Rows);
        _columns.Clear();
        for (int i = 0; i < rows.Rows; i++)
        {
            _map.Encode(rows.Indices(i), rows.Values(i), Vectors(pass.Parameters), DroppedOf(pass.Mode, i), _columns);
        }

        return _columns;
    }

    /// <summary>Adds to the gradient of the vectors, which is zero so far, and makes those that are added to active.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="rows">What <see cref="Encode"/> was given.</param>
    /// <param name="vectorGradient">[rows, <see cref="VectorColumns"/>].</param>
    public void BackwardSparse(in Pass pass, SparseFeatures rows, MatrixSpan vectorGradient)
    {
        _touched.Clear();
        AddTableGradient(pass, rows, vectorGradient, _touched);
        pass.Parameters.ActiveRows!.Add(Table!, _touched.Rows);
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
        float[] table = Vectors(parameters).ToArray();
        plan.Add(_ => new CategoryStep(_map, table));
    }

    private Span<float> Vectors(ParameterVector parameters) => Table is null ? [] : parameters.Value(Table);

    /// <param name="pass">The pass.</param>
    /// <param name="rows">At least what the embedded groups of the rows have.</param>
    /// <param name="gradient">Rows that end in the gradient of the vectors.</param>
    /// <param name="touch">Told of the rows of the table that are added to.</param>
    private void AddTableGradient(in Pass pass, SparseFeatures rows, MatrixSpan gradient, TouchedRows? touch)
    {
        for (int i = 0; i < gradient.Rows; i++)
        {
            ReadOnlySpan<float> ofVectors = gradient.Row(i)[^VectorColumns..];
            _map.AddTableGradient(rows.Indices(i), rows.Values(i), DroppedOf(pass.Mode, i), ofVectors, pass.Parameters.Gradient(Table!), touch);
        }
    }

    /// <summary>Collects the features of embedded groups that are not zero.</summary>
    private void ReadEmbedded(ReadOnlyMatrixSpan input)
    {
        _embedded.Clear();
        for (int i = 0; i < input.Rows; i++)
        {
            for (int g = 0; g < _map.Groups.Length; g++)
            {
                if (_map.IsEmbedded[g])
                {
                    CategoricalGroup group = _map.Groups[g];
                    ReadOnlySpan<float> slots = input.Row(i).Slice(group.First, group.Size);
                    int j = 0;
                    for (int next = slots.IndexOfAnyExcept(0f); next >= 0; next = slots[j..].IndexOfAnyExcept(0f))
                    {
                        _embedded.Reserve(1);
                        _embedded.Append(group.First + j + next, slots[j + next]);
                        j += next + 1;
                    }
                }
            }

            _embedded.EndRow();
        }
    }

    private void Draw(in Pass pass, int rows)
    {
        if (pass.Mode == PassMode.Training && _map.Dropout > 0)
        {
            SeededRandom random = NetworkPart.Input.Random(pass.Random, RandomPurpose.CategoryDropout);
            for (int i = 0; i < rows * _map.Groups.Length; i++)
            {
                _isDropped[i] = random.Single(i) < _map.Dropout;
            }
        }
    }

    /// <summary>[groups]: which of a row are dropped; empty: none.</summary>
    private ReadOnlySpan<bool> DroppedOf(PassMode mode, int row) =>
        mode == PassMode.Training && _map.Dropout > 0 ? _isDropped.AsSpan(row * _map.Groups.Length, _map.Groups.Length) : [];

    /// <summary>Some rows, on several threads.</summary>
    private readonly unsafe struct EncodeRows(CategoryLayer layer, PassMode mode, float* features, float* table, float* columns, int count) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            CategoryMap map = layer._map;
            var vectors = new ReadOnlySpan<float>(table, map.TableRows * map.Width);
            for (int i = tile * RowsAtOnce; i < Math.Min(count, (tile + 1) * RowsAtOnce); i++)
            {
                map.Encode(
                    new ReadOnlySpan<float>(features + (nint)i * map.FeatureCount, map.FeatureCount),
                    vectors,
                    layer.DroppedOf(mode, i),
                    new Span<float>(columns + (nint)i * map.OutputSize, map.OutputSize));
            }
        }
    }
}
