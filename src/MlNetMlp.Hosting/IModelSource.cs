namespace MlNetMlp.Hosting;

/// <summary>Where a model comes from that a service scores with, for example a file, or a blob of a cloud storage.</summary>
/// <remarks>Its methods are called from one thread at a time.</remarks>
public interface IModelSource
{
    /// <summary>
    /// What tells a new model from an old one without reading it, for example the time stamp and the length of a file, or an ETag. It is asked for every
    /// <see cref="MlpScoringOptions.PollInterval"/>; a model is loaded when its stamp has changed and then been the same twice.
    /// </summary>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The stamp; null: there is no model.</returns>
    ValueTask<string?> GetStampAsync(CancellationToken cancellationToken);

    /// <summary>The bytes of a model.zip with the schema of its input, as <c>mlContext.Model.Save</c> writes it.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ModelLoadException">There is no model, or it cannot be read now. Whatever else is thrown becomes the cause of one.</exception>
    ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken);
}
