using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The loop behind every optimizer whose update of an element depends on that element alone: one fused pass that reads parameters,
/// gradients and state once and writes parameters and state once.
/// </summary>
/// <typeparam name="TUpdate">The formula; being a struct, it is compiled into the loop.</typeparam>
internal sealed class ElementwiseRule<TUpdate> : IOptimizerRule
    where TUpdate : struct, IElementUpdate
{
    private readonly PrepareStep<TUpdate> _prepare;
    private readonly OptimizerState[] _state;
    private readonly AlignedBuffer _scalars;
    private TUpdate _update;
    private StepContext _context;

    /// <param name="parameterCount">Length of the trainable part of the parameter vector.</param>
    /// <param name="prepare">Computes the scalars of a step; called once for each.</param>
    /// <param name="stateNames">One name for each slot that the formula uses; the slots are zero at first.</param>
    /// <param name="scalarCount">How many numbers <paramref name="prepare"/> carries from step to step.</param>
    public ElementwiseRule(int parameterCount, PrepareStep<TUpdate> prepare, string[] stateNames, int scalarCount = 0)
    {
        Throw.IfLengthsDiffer(TUpdate.StateCount, stateNames.Length, nameof(stateNames));
        _prepare = prepare;
        _scalars = new AlignedBuffer(scalarCount);
        var slots = stateNames.Select(name => new OptimizerState(name, new AlignedBuffer(parameterCount)));
        _state = scalarCount > 0 ? [.. slots, new OptimizerState("scalars", _scalars)] : [.. slots];
    }

    public IReadOnlyList<OptimizerState> State => _state;

    public void Begin(in StepContext context)
    {
        _update = _prepare(in context, _scalars.Span);
        _context = context;
    }

    // Compiled whole at once and never into its callers: tiered compilation there runs out of room for the formula, which then becomes a
    // call for every vector and a step several times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, ParameterGroup group)
    {
        int length = parameters.Length;
        Throw.IfLengthsDiffer(length, gradients.Length, nameof(gradients));
        TUpdate update = _update;
        float keep = group.Decays ? Math.Max(0, 1 - (_context.Decay * group.DecayFactor)) : 1;
        float l1 = _context.L1Of(group);
        float factor = group.RateFactor;
        Span<float> first = Slot(0, offset, length);
        Span<float> second = Slot(1, offset, length);
        Span<float> third = Slot(2, offset, length);

        int width = Vector<float>.Count;
        int whole = length - (length % width);
        ref float parameter = ref MemoryMarshal.GetReference(parameters);
        ref float gradient = ref MemoryMarshal.GetReference(gradients);
        ref float a = ref MemoryMarshal.GetReference(first);
        ref float b = ref MemoryMarshal.GetReference(second);
        ref float c = ref MemoryMarshal.GetReference(third);
        for (int i = 0; i < whole; i += width)
        {
            Advance(
                in update,
                keep,
                l1,
                factor,
                ref Unsafe.Add(ref parameter, i),
                ref Unsafe.Add(ref gradient, i),
                ref Unsafe.Add(ref a, i),
                ref Unsafe.Add(ref b, i),
                ref Unsafe.Add(ref c, i));
        }

        if (whole < length)
        {
            AdvanceTail(
                in update,
                keep,
                l1,
                factor,
                parameters[whole..],
                gradients[whole..],
                Rest(first, whole),
                Rest(second, whole),
                Rest(third, whole));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        in TUpdate update,
        float keep,
        float l1,
        float factor,
        ref float parameter,
        ref float gradient,
        ref float first,
        ref float second,
        ref float third)
    {
        ElementState state = default;
        if (TUpdate.StateCount > 0)
        {
            state.First = Vector.LoadUnsafe(ref first);
        }

        if (TUpdate.StateCount > 1)
        {
            state.Second = Vector.LoadUnsafe(ref second);
        }

        if (TUpdate.StateCount > 2)
        {
            state.Third = Vector.LoadUnsafe(ref third);
        }

        Vector<float> before = keep * Vector.LoadUnsafe(ref parameter);
        Vector<float> slope = Vector.LoadUnsafe(ref gradient);
        if (l1 > 0 && TUpdate.PenaltyIsGradient)
        {
            slope = WithPenalty(before, slope, l1);
        }

        // Another rate for some parameters is another length of their steps, whatever the rule.
        Vector<float> updated = update.Update(before, slope, ref state);
        if (factor != 1)
        {
            updated = Vector.FusedMultiplyAdd(new Vector<float>(factor), updated - before, before);
        }

        if (l1 > 0)
        {
            updated = TUpdate.PenaltyIsGradient ? StopAtZero(before, updated) : Shrink(updated, factor * l1 * update.Reach(in state));
        }

        updated.StoreUnsafe(ref parameter);

        if (TUpdate.StateCount > 0)
        {
            WithoutSubnormals(state.First).StoreUnsafe(ref first);
        }

        if (TUpdate.StateCount > 1)
        {
            WithoutSubnormals(state.Second).StoreUnsafe(ref second);
        }

        if (TUpdate.StateCount > 2)
        {
            WithoutSubnormals(state.Third).StoreUnsafe(ref third);
        }
    }

    // The last elements go through a register that is filled up with zeros: the same instructions, so the same bits.
    private static void AdvanceTail(
        in TUpdate update,
        float keep,
        float l1,
        float factor,
        Span<float> parameters,
        ReadOnlySpan<float> gradients,
        Span<float> first,
        Span<float> second,
        Span<float> third)
    {
        int width = Vector<float>.Count;
        Span<float> padded = stackalloc float[5 * width];
        padded.Clear();
        parameters.CopyTo(padded);
        gradients.CopyTo(padded[width..]);
        first.CopyTo(padded[(2 * width)..]);
        second.CopyTo(padded[(3 * width)..]);
        third.CopyTo(padded[(4 * width)..]);

        Advance(
            in update, keep, l1, factor, ref padded[0], ref padded[width], ref padded[2 * width], ref padded[3 * width], ref padded[4 * width]);

        padded[..parameters.Length].CopyTo(parameters);
        padded.Slice(2 * width, first.Length).CopyTo(first);
        padded.Slice(3 * width, second.Length).CopyTo(second);
        padded.Slice(4 * width, third.Length).CopyTo(third);
    }

    // w = sign(w) max(|w| - threshold, 0). What is taken off a small weight is the weight itself, so exactly zero is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Shrink(Vector<float> weight, Vector<float> threshold) =>
        weight - Vector.Clamp(weight, -threshold, threshold);

    // The slope of the loss with its penalty: g + l1 sign(w), and at w = 0 whatever of g is left beyond the kink.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> WithPenalty(Vector<float> weight, Vector<float> gradient, float l1)
    {
        var strength = new Vector<float>(l1);
        Vector<float> atZero = Shrink(gradient, strength);
        Vector<float> below = Vector.ConditionalSelect(Vector.LessThan(weight, Vector<float>.Zero), gradient - strength, atZero);
        return Vector.ConditionalSelect(Vector.GreaterThan(weight, Vector<float>.Zero), gradient + strength, below);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> StopAtZero(Vector<float> before, Vector<float> after)
    {
        Vector<int> fell = Vector.GreaterThan(before, Vector<float>.Zero) & Vector.LessThan(after, Vector<float>.Zero);
        Vector<int> rose = Vector.LessThan(before, Vector<float>.Zero) & Vector.GreaterThan(after, Vector<float>.Zero);
        return Vector.ConditionalSelect(fell | rose, Vector<float>.Zero, after);
    }

    // The averages of a unit that has died shrink for ever. Without this they would end among the subnormal numbers, which are slow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> WithoutSubnormals(Vector<float> state)
    {
        var smallestNormal = new Vector<float>(VectorMath.SmallestNormal);
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(state), smallestNormal), Vector<float>.Zero, state);
    }

    private Span<float> Slot(int index, int offset, int length) =>
        index < TUpdate.StateCount ? _state[index].Values.Span.Slice(offset, length) : default;

    private static Span<float> Rest(Span<float> slot, int start) => slot.IsEmpty ? slot : slot[start..];
}
