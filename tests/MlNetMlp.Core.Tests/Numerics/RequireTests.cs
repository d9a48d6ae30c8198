using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class RequireTests
{
    public static TheoryData<string, Func<object>> Refused => new()
    {
        { "Rate must be finite, but it is NaN.", () => Require.Finite(float.NaN, "Rate") },
        { "Rate must be finite and greater than 0, but it is 0.", () => Require.Positive(0f, "Rate") },
        { "Rate must be finite and greater than 0, but it is Infinity.", () => Require.Positive(double.PositiveInfinity, "Rate") },
        { "Units must be greater than 0, but it is 0.", () => Require.Positive(0, "Units") },
        { "Rate must be finite and at least 0, but it is -0.5.", () => Require.NonNegative(-0.5f, "Rate") },
        { "Patience must be at least 0, but it is -1.", () => Require.NonNegative(-1, "Patience") },
        { "Every must be at least 1, but it is 0.", () => Require.AtLeast(0, 1, "Every") },
        { "Rate must be finite and at least 0.5, but it is NaN.", () => Require.AtLeast(float.NaN, 0.5f, "Rate") },
        { "Epoch must be finite and greater than 3, but it is 3.", () => Require.Above(3.0, 3, "Epoch") },
        { "Epoch must be finite and greater than 3, but it is NaN.", () => Require.Above(double.NaN, 3, "Epoch") },
        { "Share must be in [0, 1], but it is 1.5.", () => Require.InRange(1.5, 0, 1, "Share") },
        { "Share must be in [0, 1], but it is NaN.", () => Require.InRange(double.NaN, 0, 1, "Share") },
        { "Dropout must be in [0, 1), but it is 1.", () => Require.InRangeBelow(1f, 0, 1, "Dropout") },
        { "Dropout must be in [0, 1), but it is NaN.", () => Require.InRangeBelow(float.NaN, 0, 1, "Dropout") },
        { "Factor must be in (0, 1], but it is 0.", () => Require.InRangeAbove(0f, 0, 1, "Factor") },
        { "Factor must be in (0, 1], but it is NaN.", () => Require.InRangeAbove(float.NaN, 0, 1, "Factor") },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_OutsideTheRange_SaysWhatIsAllowedAndWhatWasFound(string message, Func<object> check)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(check);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(message[..message.IndexOf(' ', StringComparison.Ordinal)], error.ParamName);
        Assert.NotNull(error.ActualValue);
    }

    [Fact]
    public void Check_AtTheEndsOfTheRange_GivesTheValueBack()
    {
        Assert.Equal(float.Epsilon, Require.Positive(float.Epsilon, "x"));
        Assert.Equal(0, Require.NonNegative(0, "x"));
        Assert.Equal(1, Require.AtLeast(1, 1, "x"));
        Assert.Equal(1.0, Require.InRange(1.0, 0, 1, "x"));
        Assert.Equal(0f, Require.InRangeBelow(0f, 0, 1, "x"));
        Assert.Equal(1f, Require.InRangeAbove(1f, 0, 1, "x"));
        Assert.Equal("a", Require.NotNull("a", "x"));
    }

    [Fact]
    public void NotNull_Null_NamesTheOption()
    {
        Assert.Equal("Activation", Assert.Throws<ArgumentNullException>(() => Require.NotNull<string>(null, "Activation")).ParamName);
    }
}
