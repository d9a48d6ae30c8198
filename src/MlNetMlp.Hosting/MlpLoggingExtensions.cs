using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;
using MlNetMlp;
using MlNetMlp.Hosting;

namespace Microsoft.ML;

/// <summary>Brings what a training says to an <see cref="ILogger"/>.</summary>
public static class MlpLoggingExtensions
{
    /// <summary>
    /// Writes all messages of ML.NET's log, of every component, to a logger, until the result is disposed of: errors, warnings and information at these levels,
    /// all else as trace. The text is <c>{Source}: {Message}</c>.
    /// </summary>
    /// <remarks>
    /// A training of a multilayer perceptron says at its beginning what its effort chose, then a line for every epoch, as <see cref="EpochReport.ToString"/>
    /// writes it, and at its end which epoch was the best, and why it ended.
    /// </remarks>
    /// <param name="mlContext">The context that trains.</param>
    /// <param name="logger">Where to write.</param>
    /// <returns>What ends it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example>
    /// <code>
    /// using Microsoft.Extensions.Logging;
    ///
    /// using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Information));
    /// using IDisposable log = mlContext.LogTo(loggers.CreateLogger("Training"));
    /// </code>
    /// </example>
    public static IDisposable LogTo(this MLContext mlContext, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(logger);
        return new ContextLog(mlContext, logger);
    }

    /// <summary>
    /// Epochs with a value of its own for each number (<c>Epoch</c>, <c>TrainingLoss</c>, <c>ValidationLoss</c>, <c>LearningRate</c> and so on), for the option
    /// <c>Progress</c>: <c>Progress = logger.ToTrainingProgress()</c>; and in the end how the training went.
    /// </summary>
    /// <remarks>With <see cref="LogTo"/> to the same logger every epoch is there twice.</remarks>
    /// <param name="logger">Where to write.</param>
    /// <param name="level">The level. Default: information.</param>
    /// <exception cref="ArgumentNullException"><paramref name="logger"/> is null.</exception>
    public static IProgress<EpochReport> ToTrainingProgress(this ILogger logger, LogLevel level = LogLevel.Information)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return new EpochLogger(logger, level);
    }
}
