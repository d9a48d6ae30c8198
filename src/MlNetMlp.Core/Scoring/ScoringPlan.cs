using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A network as it scores: a chain of <c>f(X W + b)</c>, with steps of other kinds between and connections around parts of it. Layers
/// add themselves one after the other; whatever is a constant affine map at scoring time (batch and weight normalization, the units of
/// the targets) disappears into the weights in front of it.
/// </summary>
internal sealed class ScoringPlan
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<int, UnitDropout> _dropouts = [];
    private bool _keepsInput;
    private Affine? _foldable;

    /// <summary>Appends <c>X W</c>, which becomes a part of the affine map behind it where that is less work.</summary>
    public void AddFoldable(ReadOnlyMatrixSpan weights)
    {
        AddAffine(weights, []);
        _foldable = (Affine)Last();
    }

    /// <summary>Appends <c>X W + b</c>; an empty <paramref name="biases"/> means zeros. Both are copied.</summary>
    public void AddAffine(ReadOnlyMatrixSpan weights, ReadOnlySpan<float> biases)
    {
        if (_steps.Count > 0 && Last() == _foldable && !_keepsInput && !_dropouts.ContainsKey(_steps.Count) && IsLessWork(_foldable, weights.Columns))
        {
            _steps.Clear();
            weights = Product(_foldable, weights);
        }

        var step = new Affine(new AlignedBuffer(weights.Values.Length), weights.Rows, weights.Columns, new AlignedBuffer(weights.Columns));
        weights.Values.CopyTo(step.Weights.Span);
        biases.CopyTo(step.Biases.Span);
        Add(step);
    }

    /// <summary>Appends a step that no weights can take in.</summary>
    /// <param name="create">Makes it, given the activation that <see cref="SetActivation"/> will have set by then, or the identity.</param>
    public void Add(Func<Activation, ScoringStep> create) => Add(new Other(create));

    /// <summary>Appends the outputs of the members of a shared ensemble, each a plan of one affine map.</summary>
    public void AddMembers(ScoringPlan[] members) => Add(new Members(members));

    /// <summary>Remembers the outputs y so far until <see cref="EndResidual"/>, with at least one step between. Not to be nested.</summary>
    public void BeginResidual() => _keepsInput = true;

    /// <summary>Adds to the outputs so far those of the last <see cref="BeginResidual"/>.</summary>
    public void EndResidual() => Last().AddsKept = true;

    /// <summary>Replaces the outputs y so far by <c>scale y + shift</c>, column by column.</summary>
    /// <exception cref="InvalidOperationException">The outputs so far do not come straight from an affine map.</exception>
    public void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        Step last = Last();
        if (last.AddsKept || last.Activation != Activation.Identity)
        {
            throw NotAffine();
        }

        last.ScaleOutputs(scale, shift);
    }

    /// <summary>Applies <paramref name="activation"/> to the outputs so far.</summary>
    public void SetActivation(Activation activation) => Last().Activation = activation;

    /// <summary>
    /// Says that training drops units of the outputs so far, or of the inputs if there are none; of no effect where random units are not asked for.
    /// </summary>
    public void AddDropout(UnitDropout dropout) => _dropouts.Add(_steps.Count, dropout);

    /// <summary>Packs the weights for the kernels.</summary>
    /// <exception cref="OverflowException">A folded weight is not finite: no row could ever be scored.</exception>
    public ScoringStep[] Build() => [.. _steps.Select(Build)];

    /// <summary>
    /// The same, but where an encoding comes first it is one step with the weights behind it, see <see cref="EncodedAffineStep"/>; and what training drops
    /// of the inputs of each step and of the last one's outputs, null: nothing.
    /// </summary>
    /// <exception cref="OverflowException">A folded weight is not finite: no row could ever be scored.</exception>
    public (ScoringStep[] Steps, UnitDropout?[] Dropouts) BuildForScoring()
    {
        EncodedAffineStep? encoded = Encoded(out int links);
        ScoringStep[] first = encoded is null ? [] : [encoded], steps = [.. first, .. _steps.Skip(links).Select(Build)];
        int[] places = [.. first.Select(_ => 0), .. Enumerable.Range(links, _steps.Count - links + 1)];
        return (steps, Array.ConvertAll(places, place => _dropouts.GetValueOrDefault(place)));
    }

    /// <summary>The links in their order, with their numbers in the clear.</summary>
    public IReadOnlyList<ScoringLink> Links()
    {
        Encoded(out int encoded);
        return [.. _steps.Select((step, number) => Link(step) with { IsOfEncodedStep = number < encoded })];
    }

    /// <summary>The first step of a network of encoded features, and how many links it stands for; null and 0: there is no such step.</summary>
    private EncodedAffineStep? Encoded(out int links)
    {
        links = 0;
        if (Created(0) is not EncodingStep { Encoding.HasBinsInOrder: true } encoding)
        {
            return null;
        }

        var scales = Created(1) as MemberScalesStep;
        int last = scales is null ? 1 : 2;
        bool isPlain = !_steps.Take(last + 1).Any(step => step.KeepsInput || step.AddsKept) && !_dropouts.Keys.Any(place => place > 0 && place <= last);
        EncodedAffineStep? step = isPlain && _steps.ElementAtOrDefault(last) is Affine affine ? affine.CreateEncoded(encoding.Encoding, scales) : null;
        links = step is null ? 0 : last + 1;
        return step;
    }

    /// <summary>The step with such a number if it is neither affine nor of members.</summary>
    private ScoringStep? Created(int number) => (_steps.ElementAtOrDefault(number) as Other)?.Create();

    private static bool IsLessWork(Affine front, int columns) =>
        (long)front.Inputs * columns <= (long)front.Outputs * ((long)front.Inputs + columns);

    private static ReadOnlyMatrixSpan Product(Affine front, ReadOnlyMatrixSpan weights)
    {
        float[] product = new float[checked(front.Inputs * weights.Columns)];
        double[] sums = new double[weights.Columns];
        for (int i = 0; i < front.Inputs; i++)
        {
            Array.Clear(sums);
            for (int k = 0; k < front.Outputs; k++)
            {
                double factor = front.Weights.Span[i * front.Outputs + k];
                ReadOnlySpan<float> row = weights.Row(k);
                for (int j = 0; j < sums.Length; j++)
                {
                    sums[j] += factor * row[j];
                }
            }

            TensorPrimitives.ConvertTruncating<double, float>(sums, product.AsSpan(i * sums.Length, sums.Length));
        }

        return new(product, front.Inputs, weights.Columns);
    }

    private static ScoringLink Link(Step step)
    {
        if (step is Affine affine)
        {
            return new(null, affine.Weights, affine.Biases, affine.Inputs, affine.Outputs, step.Activation, step.KeepsInput, step.AddsKept);
        }

        ScoringStep built = step.Create();
        return new(built, null, null, built.InputSize, built.OutputSize, step.Activation, step.KeepsInput, step.AddsKept)
        {
            Members = step is Members members ? [.. members.Plans.SelectMany(plan => plan.Links())] : [],
        };
    }

    private static ScoringStep Build(Step step)
    {
        ScoringStep built = step.Create();
        built.KeepsInput = step.KeepsInput;
        built.AddsKept = step.AddsKept;
        return built;
    }

    private void Add(Step step)
    {
        step.KeepsInput = _keepsInput;
        _keepsInput = false;
        _steps.Add(step);
    }

    private static InvalidOperationException NotAffine() => new("Only the result of an affine map can be rescaled by rescaling weights.");

    private Step Last() => _steps.Count > 0 ? _steps[^1] : throw new InvalidOperationException("The plan has no affine map yet.");

    private abstract class Step
    {
        public Activation Activation { get; set; } = Activation.Identity;

        public bool KeepsInput { get; set; }

        public bool AddsKept { get; set; }

        public virtual void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift) => throw NotAffine();

        public abstract ScoringStep Create();
    }

    private sealed class Affine(AlignedBuffer weights, int inputs, int outputs, AlignedBuffer biases) : Step
    {
        public AlignedBuffer Weights => weights;

        public int Inputs => inputs;

        public int Outputs => outputs;

        public AlignedBuffer Biases => biases;

        public override void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
        {
            for (int i = 0; i < inputs; i++)
            {
                Span<float> row = weights.Span.Slice(i * outputs, outputs);
                TensorPrimitives.Multiply(row, scale, row);
            }

            TensorPrimitives.MultiplyAdd(biases.Span, scale, shift, biases.Span);
        }

        public override ScoringStep Create()
        {
            CheckFinite();
            return new AffineStep(new PackedMatrix(weights.AsMatrix(inputs, outputs)), biases, Activation);
        }

        /// <inheritdoc cref="EncodedAffineStep.Create"/>
        public EncodedAffineStep? CreateEncoded(FeatureEncoding encoding, MemberScalesStep? scales)
        {
            CheckFinite();
            return EncodedAffineStep.Create(encoding, scales, weights.Span, biases, Activation);
        }

        private void CheckFinite()
        {
            if (!RowOps.AllFinite(weights.Span) || !RowOps.AllFinite(biases.Span))
            {
                throw new OverflowException("The parameters give weights that are not finite.");
            }
        }
    }

    private sealed class Members(ScoringPlan[] plans) : Step
    {
        public ScoringPlan[] Plans => plans;

        public override void ScaleOutputs(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
        {
            foreach (ScoringPlan plan in plans)
            {
                plan.ScaleOutputs(scale, shift);
            }
        }

        public override ScoringStep Create() => new MemberOutputsStep([.. plans.SelectMany(plan => plan.Build())]);
    }

    private sealed class Other(Func<Activation, ScoringStep> create) : Step
    {
        public override ScoringStep Create() => create(Activation);
    }
}
