using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>The rows of a fold.</summary>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Test">The rows to evaluate on.</param>
internal readonly record struct FoldViews(IDataView Training, IDataView Test);
