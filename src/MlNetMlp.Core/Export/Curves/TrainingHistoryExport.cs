namespace MlNetMlp;

/// <summary>Draws the history of a training run as learning curves.</summary>
public static class TrainingHistoryExport
{
    /// <summary>
    /// A picture, for any browser, of losses, metric, learning rate and gradient norm over the epochs, with the best epoch marked. The members of
    /// an ensemble stand side by side, each with its epochs and its best. A scale is logarithmic if the largest of its values is more than
    /// five times the median. Values that are not finite leave gaps. The text is a function of the reports alone; it has neither
    /// scripts nor references to anything else.
    /// </summary>
    /// <param name="history">The history of the training.</param>
    /// <exception cref="ArgumentNullException">The history is null.</exception>
    public static string ToSvg(this TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return new LearningCurves(history).ToSvg();
    }

    /// <summary>Writes that picture to a file, in UTF-8; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="history">The history of the training.</param>
    /// <param name="path">The file, for example <c>curves.svg</c>.</param>
    /// <exception cref="ArgumentNullException">The history is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveSvg(this TrainingHistory history, string path) => AtomicFile.WriteText(path, history.ToSvg());
}
