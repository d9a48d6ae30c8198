namespace MlNetMlp.Benchmarks.Quality;

/// <summary>What a side gives for the test rows, and what it took.</summary>
/// <param name="Values">Numbers, one a row; or probabilities [rows, classes]; of two classes, those of both.</param>
/// <param name="FitSeconds">The time of the trainer's <c>Fit</c> alone.</param>
/// <param name="ProcessorSeconds">The time that it had the processor, over all threads; null: unknown, since several ran side by side.</param>
/// <param name="ScoringSeconds">The time to score all test rows, after having done so once.</param>
/// <param name="Bytes">The size of the saved model, without the preparation.</param>
internal sealed record Predicted(double[] Values, double FitSeconds, double? ProcessorSeconds, double ScoringSeconds, long Bytes);
