namespace MlNetMlp.Search;

/// <summary>On which scale a number of a <see cref="SearchSpace{TOptions}"/> is spread evenly.</summary>
public enum SearchScale
{
    /// <summary>Equal differences are equally likely: for what acts by its size, such as a dropout probability.</summary>
    Linear,

    /// <summary>Equal ratios are equally likely: for what ranges over magnitudes, such as learning rates, penalties and numbers of units.</summary>
    Logarithmic,
}
