namespace MlNetMlp.Benchmarks.Stream;

/// <summary>What a training took.</summary>
/// <param name="RowsPerSecond">Of the second epoch.</param>
/// <param name="ReadSeconds">The time to make up and store the rows.</param>
/// <param name="Loss">The training loss of the second epoch.</param>
/// <param name="PeakMebibytes">The most physical memory that the process ever had.</param>
/// <param name="FileMebibytes">The temporary file.</param>
internal sealed record StreamResult(double RowsPerSecond, double ReadSeconds, double Loss, long PeakMebibytes, long FileMebibytes);
