using System.Numerics;

namespace MlNetMlp;

/// <summary>
/// The formula of an optimizer for one vector register of parameters, with the scalars of the current step inside.
/// <see cref="ElementwiseRule{TUpdate}"/> brings the loop, the memory and the tail.
/// </summary>
/// <remarks>
/// Only exactly rounded operations may be used (plus, minus, times, divide, square root, fused multiply-add, comparisons), so that
/// an element gets the same bits in a register of any width.
/// </remarks>
internal interface IElementUpdate
{
    /// <summary>How many slots of <see cref="ElementState"/> the formula uses, 0 to 3; a constant, so the loop moves no more.</summary>
    static abstract int StateCount { get; }

    /// <summary>
    /// True for rules that look at the sign of a gradient, or otherwise at more than its size: L1 then becomes part of the gradient,
    /// and a parameter that would cross zero stops there, instead of being pulled by <see cref="Reach"/>. Default false.
    /// </summary>
    static virtual bool PenaltyIsGradient => false;

    /// <summary>The new parameters; <paramref name="state"/> holds the old state on entry and the new one on return.</summary>
    Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state);

    /// <summary>
    /// How far a gradient of 1 in this and all earlier steps would move a parameter now: the rate of plain descent, and what takes its
    /// place elsewhere. With it L1 pulls as strongly as a gradient of the penalty's size. Asked for after <see cref="Update"/>, and
    /// only where there is a penalty.
    /// </summary>
    Vector<float> Reach(in ElementState state);
}

/// <summary>
/// The state of one vector register of parameters, slot by slot. Slots beyond <see cref="IElementUpdate.StateCount"/> live from
/// <see cref="IElementUpdate.Update"/> to <see cref="IElementUpdate.Reach"/> and are not stored.
/// </summary>
internal struct ElementState
{
    public Vector<float> First;
    public Vector<float> Second;
    public Vector<float> Third;
}
