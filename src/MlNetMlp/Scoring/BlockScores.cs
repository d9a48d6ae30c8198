using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>What a scorer makes of the rows of a block, computed together when the first of them is asked for.</summary>
internal sealed class BlockScores(ScoredSchema schema, ColumnBuffer<VBuffer<float>> features, IScorer scorer) : IScores
{
    /// <summary>What another thread scores: so many rows at least, and so many multiplications, some 30 microseconds of work.</summary>
    private const int FewestRows = 16, LeastWork = 1 << 20;

    private readonly MlpModel _model = schema.Model;
    private readonly SparseFeatures _sparse = new(schema.Model.FeatureCount);
    private float[] _input = [];
    private float[] _scores = [];
    private int _count;
    private int _first;
    private int _scored;
    private int _current = -1;
    private long _position;

    /// <summary>Forgets the scores of the block before.</summary>
    public void Begin(int count)
    {
        _count = count;
        _first = 0;
        _scored = 0;
        _current = -1;
    }

    /// <param name="row">The row of the block.</param>
    /// <param name="position">The row's number in the data view, for messages.</param>
    public void MoveTo(int row, long position)
    {
        _current = row;
        _position = position;
    }

    public ReadOnlySpan<float> Current
    {
        get
        {
            if (_current < 0)
            {
                throw new InvalidOperationException("The cursor is not on a row: values can be read after MoveNext has returned true.");
            }

            if (_current >= _first + _scored)
            {
                Score();
            }

            return Scores(_current - _first, 1);
        }
    }

    /// <summary>Scores from the current row on, as far as the next row that is refused: somebody may not ask for that one.</summary>
    private void Score()
    {
        _first = _current;
        _scored = 0;
        int rows = RowsToScore(_count - _first);
        PrepareScores(rows);
        try
        {
            Predict(rows);
        }
        catch (InvalidFeatureException exception) when (exception.Row > 0)
        {
            Predict(exception.Row);
        }
        catch (InvalidFeatureException exception)
        {
            throw RowScores.Refusal(exception, _position, schema.Features);
        }
    }

    private void Predict(int rows)
    {
        int size = _model.FeatureCount;
        if (scorer.TakesSparse && VectorReading.IsSparse(ValueCount(rows), (long)rows * size))
        {
            _sparse.Clear();
            for (int i = 0; i < rows; i++)
            {
                VectorReading.Append(in features[_first + i], _sparse);
            }

            scorer.Score(_sparse, Scores(0, rows));
        }
        else
        {
            PrepareInput(rows);
            for (int i = 0; i < rows; i++)
            {
                features[_first + i].CopyTo(_input.AsSpan(i * size, size));
            }

            ScoreInput(rows);
        }

        _scored = rows;
    }

    /// <summary>Scores the rows of the input, on several threads where that is worth it; the bits of a row do not depend on the others.</summary>
    private void ScoreInput(int rows)
    {
        int parts = (int)Math.Min(Math.Min(Environment.ProcessorCount, rows / FewestRows), scorer.Work * rows / LeastWork);
        if (parts <= 1)
        {
            scorer.Score(_input.AsSpan(0, rows * _model.FeatureCount), Scores(0, rows), rows);
            return;
        }

        var refused = new InvalidFeatureException?[parts];
        Parallel.For(0, parts, part =>
        {
            int first = (int)((long)rows * part / parts), count = (int)((long)rows * (part + 1) / parts) - first;
            try
            {
                scorer.Score(_input.AsSpan(first * _model.FeatureCount, count * _model.FeatureCount), Scores(first, count), count);
            }
            catch (InvalidFeatureException exception)
            {
                refused[part] = exception.AtRow(first + exception.Row);
            }
        });

        if (refused.FirstOrDefault(exception => exception is not null) is { } earliest)
        {
            throw earliest;
        }
    }

    /// <summary>The number of rows before one whose vector has the wrong slots; throws if that is the first.</summary>
    private int RowsToScore(int rows)
    {
        VectorReading.Check(in features[_first], _model.FeatureCount, _position, schema.Features.Name);
        for (int i = 1; i < rows; i++)
        {
            if (VectorReading.Problem(in features[_first + i], _model.FeatureCount) is not null)
            {
                return i;
            }
        }

        return rows;
    }

    /// <summary>The number of slots that the vectors store.</summary>
    private long ValueCount(int rows)
    {
        long count = 0;
        for (int i = 0; i < rows; i++)
        {
            count += features[_first + i].GetValues().Length;
        }

        return count;
    }

    private void PrepareInput(int rows)
    {
        if (_input.Length < rows * _model.FeatureCount)
        {
            _input = new float[rows * _model.FeatureCount];
        }
    }

    private void PrepareScores(int rows)
    {
        if (_scores.Length < rows * scorer.Width)
        {
            _scores = new float[rows * scorer.Width];
        }
    }

    private Span<float> Scores(int row, int rows) => _scores.AsSpan(row * scorer.Width, rows * scorer.Width);
}
