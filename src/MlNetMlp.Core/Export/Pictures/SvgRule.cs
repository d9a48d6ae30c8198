namespace MlNetMlp;

/// <summary>How the elements of a picture look.</summary>
/// <param name="Selector">Which elements, for example <c>.grid</c>.</param>
/// <param name="Property">The property, for example <c>stroke</c>.</param>
/// <param name="Light">Its value.</param>
/// <param name="Dark">Its value on a dark page; null: the same.</param>
internal sealed record SvgRule(string Selector, string Property, string Light, string? Dark = null);
