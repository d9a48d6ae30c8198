namespace MlNetMlp.TestSupport;

/// <summary>One operator of a file.</summary>
internal sealed record OnnxOperator(string Name, string[] Inputs, string Output, Dictionary<string, double[]> Attributes)
{
    public double Number(string name) => Attributes[name].Single();
}
