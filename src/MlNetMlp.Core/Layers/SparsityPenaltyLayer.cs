using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Passes its input on, and adds to what is minimised <c>lambda sum_j KL(rho || rho_j)</c>, where rho_j is the mean over the rows of
/// <c>s(x_ij)</c>: x itself, or <c>(x + 1) / 2</c> where x is a tanh; see <see cref="ActivationSparsity"/>.
/// </summary>
/// <remarks>Backward: <c>dL/dX_ij = dL/dY_ij + lambda v_i / sum(v) s' ((1 - rho) / (1 - rho_j) - rho / rho_j)</c>, with the weights v of the rows.</remarks>
/// <param name="size">The number of units.</param>
/// <param name="sparsity">Target and strength.</param>
/// <param name="isTanh">Whether activations reach from -1 to 1.</param>
internal sealed class SparsityPenaltyLayer(int size, ActivationSparsity sparsity, bool isTanh) : Layer(size, size)
{
    /// <summary>Rates nearer to 0 or 1 count as this far from it, so that penalty and slope stay finite.</summary>
    private const double LeastRate = 1e-4;

    private readonly double[] _rates = new double[size];
    private readonly float[] _slopes = new float[size];
    private float _lambda = sparsity.Weight.BaseRate;
    private double _penalty;
    private double _weight;

    public override double Penalty => _penalty;

    public override bool Learns => false;

    public override void At(in ScheduleMoment moment) => _lambda = sparsity.Weight.RateAt(moment);

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        input.Values.CopyTo(output.Values);
        _penalty = 0;
        if (pass.Mode != PassMode.Training)
        {
            return;
        }

        Array.Clear(_rates);
        _weight = 0;
        for (int i = 0; i < input.Rows; i++)
        {
            float weight = pass.WeightOf(i);
            ReadOnlySpan<float> row = input.Row(i);
            _weight += weight;
            for (int j = 0; j < row.Length; j++)
            {
                _rates[j] += (double)weight * row[j];
            }
        }

        double rho = sparsity.Target, divergence = 0;
        for (int j = 0; j < _rates.Length && _weight > 0; j++)
        {
            double mean = _rates[j] / _weight, rate = Math.Clamp(isTanh ? (mean + 1) / 2 : mean, LeastRate, 1 - LeastRate);
            divergence += rho * Math.Log(rho / rate) + (1 - rho) * Math.Log((1 - rho) / (1 - rate));
            _slopes[j] = (float)((isTanh ? 0.5 : 1) * ((1 - rho) / (1 - rate) - rho / rate));
        }

        _penalty = _lambda * divergence * input.Rows;
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        bool isPenalised = pass.Mode == PassMode.Training && _weight > 0;
        for (int i = 0; i < inputGradient.Rows; i++)
        {
            float factor = isPenalised ? (float)(_lambda * pass.WeightOf(i) / _weight) : 0;
            TensorPrimitives.MultiplyAdd(_slopes, factor, outputGradient.Row(i), inputGradient.Row(i));
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
    }
}
