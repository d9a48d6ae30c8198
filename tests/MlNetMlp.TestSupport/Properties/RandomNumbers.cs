using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>Numbers for options: mostly such as people choose, now and then on a limit, beyond it, or no number at all.</summary>
internal static class RandomNumbers
{
    /// <summary>One of this many numbers is an odd one.</summary>
    private const int OneOf = 25;

    /// <summary>Greater than 0: rates, limits, epsilons; evenly over the orders of magnitude from 1e-5 to 1.</summary>
    public static Gen<float> Positive { get; } = Odd(Gen.Choose(-500, 0).Select(x => MathF.Pow(10, x / 100f)), 0, -1, float.NaN,
        float.PositiveInfinity, float.Epsilon, 1e-38f, 1e30f, float.MaxValue);

    /// <summary>At least 0: penalties, noise.</summary>
    public static Gen<float> NonNegative { get; } = Gen.Frequency((1, Gen.Constant(0f)), (9, Positive));

    /// <summary>In [0, 1): shares, averages.</summary>
    public static Gen<float> Share { get; } = Odd(Gen.Choose(0, 90).Select(x => x / 100f), 0, 1, -0.1f, float.NaN, 0.99999994f, float.Epsilon,
        float.NegativeInfinity);

    /// <summary>Of either sign.</summary>
    public static Gen<float> Real { get; } = Odd(Gen.Choose(-200, 200).Select(x => x / 100f), float.NaN, float.NegativeInfinity, float.MinValue,
        1e38f, -1e-38f);

    public static Gen<double> Epochs { get; } = Odd(Gen.Choose(1, 60).Select(x => x / 10.0), 0, -1, double.NaN, double.PositiveInfinity,
        double.MaxValue, double.Epsilon);

    public static Gen<bool> Bool { get; } = Gen.Elements(true, false);

    /// <summary>From 1 to <paramref name="most"/>.</summary>
    public static Gen<int> Count(int most) => Odd(Gen.Choose(1, most), 0, -1, int.MinValue);

    /// <summary>From 1, where a very large one costs nothing.</summary>
    public static Gen<int> AnyCount(int most) => Odd(Gen.Choose(1, most), 0, -1, int.MinValue, int.MaxValue);

    /// <summary>Any value of an enumeration, or one without a name.</summary>
    public static Gen<T> Named<T>()
        where T : struct, Enum => Odd(Gen.Elements(Enum.GetValues<T>()), (T)Enum.ToObject(typeof(T), 77));

    private static Gen<T> Odd<T>(Gen<T> usual, params T[] odd) => Gen.Frequency((OneOf - 1, usual), (1, Gen.Elements(odd)));
}
