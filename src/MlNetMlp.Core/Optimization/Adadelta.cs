using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Adadelta: the step of a parameter is its gradient times the ratio of two running root mean squares, that of its earlier steps
/// and that of its gradients, so that it has the units of the parameter.
/// <c>G = rho G + (1 - rho) g^2; d = sqrt(D + epsilon) / sqrt(G + epsilon) g; D = rho D + (1 - rho) d^2; w -= eta d</c>, with <c>G</c>
/// and <c>D</c> zero at first.
/// </summary>
/// <remarks>
/// <para>
/// The paper has no learning rate: <c>eta = 1</c> is the paper's rule, so set <c>LearningRate = 1</c>. Other rates and schedules multiply
/// the step. Epsilon decides how fast it starts: the first steps are about <c>sqrt(epsilon / (1 - rho))</c>.
/// </para>
/// <para>Matthew Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, algorithm 1.</para>
/// </remarks>
public sealed record Adadelta : MiniBatchOptimizer
{
    /// <summary><c>rho</c>, how much of both means is kept in a step, in [0, 1). Default 0.95.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Decay { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Decay)); } = 0.95f;

    /// <summary><c>epsilon</c>, added to both means under their roots; greater than 0. Default 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float Epsilon { get; init => field = Require.Positive(value, nameof(Epsilon)); } = 1e-6f;

    internal override IOptimizerRule CreateRule(int parameterCount) => new ElementwiseRule<Update>(
        parameterCount, (in context, scalars) => new Update(context.Rate, Decay, Epsilon), ["meanSquare", "meanSquareStep"]);

    private readonly struct Update(float rate, float decay, float epsilon) : IElementUpdate
    {
        private readonly Vector<float> _rate = new(rate);
        private readonly Vector<float> _decay = new(decay);
        private readonly Vector<float> _newShare = new(1 - decay);
        private readonly Vector<float> _epsilon = new(epsilon);

        public static int StateCount => 2;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            state.First = Vector.FusedMultiplyAdd(_decay, state.First, _newShare * gradient * gradient);
            Vector<float> ratio = Vector.SquareRoot((state.Second + _epsilon) / (state.First + _epsilon));
            Vector<float> step = ratio * gradient;
            state.Second = Vector.FusedMultiplyAdd(_decay, state.Second, _newShare * step * step);

            // The reach needs the ratio that this step was made with. The third slot is not stored, so it can carry it there.
            state.Third = _rate * ratio;
            return Vector.FusedMultiplyAdd(-_rate, step, parameter);
        }

        public Vector<float> Reach(in ElementState state) => state.Third;
    }
}
