using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>Runs properties: the same cases every time, none longer than it may take, and what an exception may be.</summary>
/// <remarks>
/// A failure prints the smallest case that was found and the seed of the run. <c>MLNETMLP_PROPERTY_CASES</c> sets the number of cases of every
/// property, <c>MLNETMLP_PROPERTY_SEED</c> another seed.
/// </remarks>
internal static class Property
{
    /// <summary>One in so many cases has to come to a result.</summary>
    private const int LeastResults = 4;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>What the documentation promises; of other types, and those that come from deeper down than our own code, none may get out.</summary>
    private static readonly Type[] _documented =
    [
        typeof(ArgumentException), typeof(ArgumentNullException), typeof(ArgumentOutOfRangeException),
        typeof(InvalidOperationException), typeof(InvalidFeatureException), typeof(TrainingDivergedException),
    ];

    /// <summary>Checks many cases.</summary>
    /// <param name="cases">Where they come from.</param>
    /// <param name="count">How many, unless the environment says otherwise.</param>
    /// <param name="check">Throws if a case fails; false if it only came to a refusal, which not too many may.</param>
    public static void Holds<T>(Arbitrary<T> cases, int count, Func<T, bool> check)
    {
        int results = 0;
        int number = Count(count), seed = Number("MLNETMLP_PROPERTY_SEED") ?? 1;
        var config = Config.QuickThrowOnFailure.WithMaxTest(number).WithReplay((ulong)seed, 1);
        Prop.ForAll(cases, one => results += InTime(one, check) ? 1 : 0).Check(config);
        Assert.True(results >= number / LeastResults, $"Only {results} of {number} cases came to a result: what is drawn is too odd.");
    }

    /// <summary>The number of cases, unless the environment says otherwise.</summary>
    public static int Count(int count) => Number("MLNETMLP_PROPERTY_CASES") ?? count;

    /// <summary>What it comes to, or the exception, if it is one that is documented.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static (T? Result, Exception? Refusal) Outcome<T>(Func<T> action)
        where T : class
    {
        try
        {
            return (action(), null);
        }
        catch (Exception exception) when (IsDocumented(exception))
        {
            return (null, exception);
        }
    }

    private static bool IsDocumented(Exception exception)
    {
        // Throw helpers of the framework's exception classes do not count, and our own methods may be inlined into those of the tests.
        string? origin = new StackTrace(exception).GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .FirstOrDefault(type => type is not null && !type.IsAssignableTo(typeof(Exception)))?.Assembly.GetName().Name;
        return _documented.Contains(exception.GetType()) && origin?.StartsWith("MlNetMlp", StringComparison.Ordinal) == true && exception.Message.Length > 20;
    }

    private static bool InTime<T>(T one, Func<T, bool> check)
    {
        bool isResult = false;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                isResult = check(one);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(_longest))
        {
            throw new TimeoutException($"Not finished after {_longest}: {one}");
        }

        if (failure is not null)
        {
            throw new InvalidOperationException(failure.ToString());
        }

        return isResult;
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
