using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.TestSupport;

/// <summary>A hidden layer with some of its options set.</summary>
internal sealed record RandomLayer(int Units, Change<HiddenLayer>[] Changes)
{
    private static readonly Gen<Change<HiddenLayer>>[] _changes =
    [
        Change.Of<HiddenLayer, Activation>("Activation", RandomParts.Activations, (layer, x) => layer with { Activation = x }),
        Change.Of<HiddenLayer, Normalization>("Normalization", RandomParts.Normalizations, (layer, x) => layer with { Normalization = x }),
        Change.Of<HiddenLayer, Initializer>("WeightInitializer", RandomParts.Initializers, (layer, x) => layer with { WeightInitializer = x }),
        Change.Of<HiddenLayer, float>("Dropout", RandomNumbers.Share, (layer, x) => layer with { Dropout = x }),
        Change.Of<HiddenLayer, float>("DropConnect", RandomNumbers.Share, (layer, x) => layer with { DropConnect = x }),
        Change.Of<HiddenLayer, float>("Noise", RandomNumbers.NonNegative, (layer, x) => layer with { Noise = x }),
        Change.Of<HiddenLayer, Schedule>("ActivityRegularization", RandomParts.Strengths, (layer, x) => layer with { ActivityRegularization = x }),
        Change.Of<HiddenLayer, ActivationSparsity>("Sparsity", RandomParts.Sparsities,
            (layer, x) => layer with { Activation = Activation.Sigmoid, Sparsity = x }),
        Change.Of<HiddenLayer, Schedule>("L1Regularization", RandomParts.Strengths, (layer, x) => layer with { L1Regularization = x }),
        Change.Of<HiddenLayer, Schedule>("L2Regularization", RandomParts.Strengths, (layer, x) => layer with { L2Regularization = x }),
        Change.Of<HiddenLayer, Schedule>("OrthogonalityRegularization", RandomParts.Strengths,
            (layer, x) => layer with { OrthogonalityRegularization = x }),
        Change.Of<HiddenLayer, WeightConstraint>("Constraint", RandomParts.Constraints, (layer, x) => layer with { Constraint = x }),
        Change.Of<HiddenLayer, float>("InitialBias", RandomNumbers.Real, (layer, x) => layer with { InitialBias = x }),
        Change.Of<HiddenLayer, bool>("Residual", RandomNumbers.Bool, (layer, x) => layer with { Residual = x }),
    ];

    public static string[] OptionsNeverDrawn => Change.NeverSet(_changes, nameof(HiddenLayer.Units));

    /// <summary>Up to three layers, often of the same width, so that there may be connections around them.</summary>
    public static Gen<RandomLayer[]> Lists(int mostUnits) =>
        from width in RandomNumbers.Count(mostUnits)
        from count in Gen.Choose(0, 3)
        from layers in Gen.ArrayOf(
            from own in RandomNumbers.Count(mostUnits)
            from isOwn in Gen.Choose(0, 3)
            from changes in Change.Some(_changes, 1, 4)
            select new RandomLayer(isOwn == 0 ? own : width, changes), count)
        select layers;

    /// <summary>The layers, as a network takes them.</summary>
    public static HiddenLayer[] Create(RandomLayer[] layers)
    {
        var created = new HiddenLayer[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            created[i] = Change.Apply(new HiddenLayer(layers[i].Units), layers[i].Changes);
        }

        return created;
    }

    public override string ToString() => Change.Text($"new({Units})", Changes);

    /// <summary>Simpler lists: without a layer, or a layer without an option.</summary>
    public static IEnumerable<RandomLayer[]> Shrink(RandomLayer[] layers) =>
    [
        .. Change.Without(layers),
        .. Enumerable.Range(0, layers.Length).SelectMany(i => Change.Without(layers[i].Changes)
            .Select(fewer => (RandomLayer[])[.. layers[..i], layers[i] with { Changes = fewer }, .. layers[(i + 1)..]])),
    ];
}
