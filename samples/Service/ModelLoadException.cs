namespace Service;

/// <summary>A file that cannot be served, and why.</summary>
/// <param name="isFileProblem">True: there is no file, or it is being written; false: what is in it cannot be served.</param>
internal sealed class ModelLoadException(string message, bool isFileProblem, Exception? inner = null) : Exception(message, inner)
{
    public int Status => isFileProblem ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity;
}
