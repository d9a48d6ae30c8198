using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>
/// A density on [0, 1] from observations: the mean of normal densities, each cut off at 0 and 1, one around every observation and one around 0.5 with
/// the deviation 1, which is what is believed without observations.
/// </summary>
/// <remarks>
/// The deviation around an observation is the greater of the distances to its neighbours (0.5 is one of them), within
/// <c>[1 / min(100, n + 2), 1]</c> of n observations: Bergstra, Bardenet, Bengio and Kegl, Algorithms for Hyper-Parameter Optimization, 2011.
/// </remarks>
internal sealed class ParzenEstimator
{
    private readonly Component[] _components;

    /// <param name="observations">Numbers in [0, 1], in any order.</param>
    public ParzenEstimator(IEnumerable<double> observations)
    {
        const double Prior = 0.5;
        double[] centers = [.. observations.Append(Prior).Order()];
        double least = 1.0 / Math.Min(100, centers.Length + 1);
        int prior = Array.IndexOf(centers, Prior);
        _components = [.. centers.Select((center, i) => new Component(center, i == prior ? 1 : Math.Clamp(
            Math.Max(i > 0 ? center - centers[i - 1] : 0, i < centers.Length - 1 ? centers[i + 1] - center : 0), least, 1)))];
    }

    /// <summary>A number in [0, 1] with this density.</summary>
    public double Sample(SearchRandom random) => _components[random.At(0).Below(_components.Length)].At(random.At(1).Unit);

    /// <summary>The mean density from one number to another; of equal numbers, the density there.</summary>
    public double Density(double low, double high) => _components.Average(component =>
        low < high ? (component.ShareBelow(high) - component.ShareBelow(low)) / (high - low) : component.Density(low));

    /// <summary>A normal distribution, cut off at 0 and 1.</summary>
    private readonly struct Component
    {
        private readonly double _center;
        private readonly double _deviation;
        private readonly double _below;
        private readonly double _inside;

        public Component(double center, double deviation)
        {
            (_center, _deviation) = (center, deviation);
            _below = NormalDistribution.ShareBelow(-center / deviation);
            _inside = NormalDistribution.ShareBelow((1 - center) / deviation) - _below;
        }

        public double At(double share) => Math.Clamp(_center + (_deviation * NormalDistribution.Quantile(_below + (share * _inside))), 0, 1);

        public double ShareBelow(double x) => (NormalDistribution.ShareBelow((x - _center) / _deviation) - _below) / _inside;

        public double Density(double x)
        {
            double z = (x - _center) / _deviation;
            return Math.Exp(-z * z / 2) / (Math.Sqrt(2 * Math.PI) * _deviation * _inside);
        }
    }
}
