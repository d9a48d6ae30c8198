namespace MlNetMlp;

/// <summary>Activations as operators of ONNX.</summary>
internal static class ActivationNodes
{
    /// <summary>Appends <c>f(z)</c>, element by element.</summary>
    /// <exception cref="NotSupportedException">The function has no counterpart here.</exception>
    public static string Append(Graph graph, Activation activation, string z) => activation switch
    {
        IdentityActivation => z,
        ReluActivation => graph.Apply("Relu", z),
        TanhActivation => graph.Apply("Tanh", z),
        SigmoidActivation => graph.Apply("Sigmoid", z),
        LeakyReluActivation leaky => graph.Apply("LeakyRelu", z, new GraphAttribute.Real("alpha", leaky.NegativeSlope)),
        EluActivation elu => graph.Apply("Elu", z, new GraphAttribute.Real("alpha", elu.Alpha)),
        SeluActivation => graph.Apply(
            "Selu", z, new GraphAttribute.Real("alpha", SeluActivation.Alpha), new GraphAttribute.Real("gamma", SeluActivation.Scale)),
        GeluActivation => Gelu(graph, z),
        SiluActivation => graph.Apply("Mul", z, graph.Apply("Sigmoid", z)),
        MishActivation => graph.Apply("Mul", z, graph.Apply("Tanh", graph.Apply("Softplus", z))),
        HardThresholdActivation => graph.Apply(
            "Cast", graph.Apply("Greater", z, graph.Scalar("Threshold", 0)), new GraphAttribute.Integer("to", (long)ElementType.Single)),
        _ => throw new NotSupportedException($"The activation {activation} cannot be written as ONNX."),
    };

    /// <summary><c>z (1 + erf(z / sqrt(2))) / 2</c>: an operator of its own only came much later, with version 20.</summary>
    private static string Gelu(Graph graph, string z)
    {
        string erf = graph.Apply("Erf", graph.Apply("Mul", z, graph.Scalar("InverseRootOf2", (float)(1 / Math.Sqrt(2)))));
        string twice = graph.Apply("Add", erf, graph.Scalar("One", 1));
        return graph.Apply("Mul", z, graph.Apply("Mul", twice, graph.Scalar("Half", 0.5f)));
    }
}
