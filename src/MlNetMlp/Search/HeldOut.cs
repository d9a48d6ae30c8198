namespace MlNetMlp.Search;

/// <summary>A part of the rows is held out, the same for all trials and of every class; each trial is one training run on the others.</summary>
public sealed record HeldOut : SearchValidation
{
    /// <summary>Holds out a part of the rows.</summary>
    /// <param name="fraction">The part, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is outside (0, 1).</exception>
    public HeldOut(double fraction = 0.2) => Fraction = fraction is > 0 and < 1
        ? fraction
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction,
            FormattableString.Invariant($"{nameof(Fraction)} is {fraction}; it must be in (0, 1)."));

    /// <summary>The part of the rows that is held out.</summary>
    public double Fraction { get; }

    /// <summary>For example <c>HeldOut { Fraction = 0.2 }</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(HeldOut)} {{ {nameof(Fraction)} = {Fraction} }}");
}
