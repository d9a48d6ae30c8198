using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Scores one row at a time, when a value is asked for.</summary>
internal sealed class RowScores : IScores
{
    private readonly DataViewRow _row;
    private readonly IScorer _scorer;
    private readonly DataViewSchema.Column _column;
    private readonly VectorReading _reading;
    private readonly SparseFeatures _sparse;
    private float[] _features = [];
    private readonly float[] _scores;
    private long _position = -1;
    private long _readPosition = -1;

    public RowScores(DataViewRow row, ScoredSchema schema, IScorer scorer)
    {
        _row = row;
        _scorer = scorer;
        _column = schema.Features;
        _reading = new VectorReading(row, schema.Features, schema.Model.FeatureCount);
        _sparse = new SparseFeatures(schema.Model.FeatureCount);
        _scores = new float[scorer.Width];
    }

    public ReadOnlySpan<float> Current
    {
        get
        {
            // A prediction engine counts its rows up, as cursors do: one position is one row.
            long position = _row.Position;
            if (position != _position || position < 0)
            {
                _position = -1;
                try
                {
                    Score(in Features());
                }
                catch (InvalidFeatureException exception)
                {
                    throw Refusal(exception, position, _column);
                }

                _position = position;
            }

            return _scores;
        }
    }

    /// <summary>
    /// Gets the feature vector that is scored: whoever asks for both has the transforms in front of the network work once for a row.
    /// </summary>
    public void GetFeatures(ref VBuffer<float> vector) => Features().CopyTo(ref vector);

    private ref readonly VBuffer<float> Features()
    {
        long position = _row.Position;
        if (position == _readPosition && position >= 0)
        {
            return ref _reading.Last;
        }

        _readPosition = -1;
        ref readonly VBuffer<float> vector = ref _reading.Read();
        _readPosition = position;
        return ref vector;
    }

    private void Score(in VBuffer<float> vector)
    {
        if (_scorer.TakesSparse && VectorReading.IsSparse(vector.GetValues().Length, vector.Length))
        {
            _sparse.Clear();
            VectorReading.Append(in vector, _sparse);
            _scorer.Score(_sparse, _scores);
            return;
        }

        if (_features.Length == 0)
        {
            _features = new float[vector.Length];
        }

        vector.CopyTo(_features);
        _scorer.Score(_features, _scores, 1);
    }

    /// <summary>Says of which row and column it is that the network refuses a value.</summary>
    public static RefusedRowException Refusal(InvalidFeatureException exception, long position, DataViewSchema.Column column) => new(
        position, $"column '{column.Name}', {SlotNames.Describe(column, exception.Feature)} {exception.Found}", exception.AtRow(position));
}
