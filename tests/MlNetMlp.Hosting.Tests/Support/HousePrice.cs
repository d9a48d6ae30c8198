namespace MlNetMlp.Hosting.Tests.Support;

internal sealed class HousePrice
{
    public float Score { get; set; }
}
