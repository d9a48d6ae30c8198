using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>Some rows, prepared as for a training run, and what a network with given parameters, or none at all, makes of them.</summary>
internal sealed class NetworkProbe
{
    private const int MaximumRows = 1024;

    private readonly Loss _loss;
    private readonly ThreadTeam _team;
    private readonly RowBatch _batch;
    private readonly MlpNetwork _network;
    private readonly float[] _gradient;
    private readonly double _weight;

    /// <param name="task">The network and the rows, the class weights in the weights of the rows; at most 1024 rows are used.</param>
    /// <param name="setup">Standardization and units.</param>
    /// <param name="random">Which rows, if there are too many.</param>
    /// <param name="team">The threads.</param>
    public NetworkProbe(TrainingTask task, TrainingSetup setup, SeededRandom random, ThreadTeam team)
    {
        (IRowSource rows, _loss, _team) = (task.Rows, task.Loss, team);
        int[] numbers = RowSample.Draw(rows.Count, MaximumRows, random);
        var reader = new BatchReader(rows, setup.Standardizer, _loss.TargetsAreValues ? setup.Targets : null, 1);
        _batch = reader.CreateBatch(numbers.Length);
        reader.Gather(numbers, _batch);
        _network = new MlpNetwork(setup.Architecture, numbers.Length);
        _gradient = new float[numbers.Length * task.Architecture.OutputSize];
        foreach (float weight in _batch.Weights)
        {
            _weight += weight;
        }
    }

    public MlpArchitecture Architecture => _network.Architecture;

    public int Rows => _batch.Count;

    /// <summary>False if no row has any weight: then there is no mean loss.</summary>
    public bool HasWeight => _weight > 0;

    public ReadOnlyMatrixSpan Targets => _batch.TargetMatrix;

    public ReadOnlySpan<float> Weights => _batch.Weights;

    /// <summary>The activations of the last pass.</summary>
    public IEnumerable<AlignedBuffer> Activations => _network.Activations;

    /// <summary>The mean loss of a network with these parameters.</summary>
    public double MeanLoss(ReadOnlySpan<float> parameters, PassMode mode)
    {
        _network.Parameters.Restore(parameters);
        var pass = new Pass(mode, _network.Parameters, _team, default) { RowWeights = _batch.WeightMemory };
        return MeanLoss(_network.Predictions(_loss, _network.Forward(pass, _batch)));
    }

    /// <summary>The mean loss of outputs [rows, outputs].</summary>
    public double MeanLoss(ReadOnlyMatrixSpan logits) =>
        _loss.Gradient(logits, _batch.TargetMatrix, _batch.Weights, 1, new MatrixSpan(_gradient, logits.Rows, logits.Columns)) / _weight;

    /// <summary>The mean loss where every row has the same outputs.</summary>
    public double MeanLossOfConstant(ReadOnlySpan<float> outputs)
    {
        float[] logits = new float[Rows * outputs.Length];
        for (int i = 0; i < Rows; i++)
        {
            outputs.CopyTo(logits.AsSpan(i * outputs.Length));
        }

        return MeanLoss(new ReadOnlyMatrixSpan(logits, Rows, outputs.Length));
    }

    /// <summary>The mean loss where the outputs of every row are normal numbers around <paramref name="means"/>.</summary>
    public double MeanLossOfRandomOutputs(ReadOnlySpan<float> means, float deviation, SeededRandom random)
    {
        float[] logits = new float[Rows * Architecture.OutputSize];
        random.FillNormal(logits, 0, deviation);
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] += means[i % means.Length];
        }

        return MeanLoss(new ReadOnlyMatrixSpan(logits, Rows, Architecture.OutputSize));
    }

    /// <summary>What the penalties come to for these parameters.</summary>
    public double Penalty(ReadOnlySpan<float> parameters, float l1, float l2)
    {
        _network.Parameters.Restore(parameters);
        return new WeightPenalty(l1, l2).Value(_network.Parameters);
    }
}
