using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MlNetMlp;

/// <summary>
/// What the networks of one model.zip that ML.NET loads may take together, counted as <see cref="Interop.ModelZip"/> does: by compressed bytes.
/// </summary>
/// <remarks>
/// Only the archive knows how long an entry is as it lies in the file, and ML.NET keeps it in a private field. A release of ML.NET that has no such field
/// loads all files as well; then the entries as they are unpacked count.
/// </remarks>
internal static class RepositoryBudget
{
    private const string ArchiveField = "_archive";

    private static readonly ConditionalWeakTable<ZipArchive, ModelBudget> _budgets = [];

    /// <summary>Takes the bytes of an entry before it is unpacked.</summary>
    /// <returns>What its network may take; null: what a file of its length may.</returns>
    /// <exception cref="InvalidDataException">The entry asks for too much, or is there twice.</exception>
    public static ModelBudget? Of(ModelLoadContext context, string name)
    {
        object repository = context.Repository;
        FieldInfo? field = repository.GetType().GetField(ArchiveField, BindingFlags.Instance | BindingFlags.NonPublic);
        if (field?.GetValue(repository) is not ZipArchive archive || Find(archive, context.Directory, name) is not { } entry)
        {
            return null;
        }

        ModelBudget budget = _budgets.GetValue(archive, _ => ModelBudget.OfFile(0));
        budget.Extend(entry.CompressedLength);
        budget.TakeBytes(entry.Length, $"the entry '{entry.FullName}'");
        return budget;
    }

    private static ZipArchiveEntry? Find(ZipArchive archive, string? folder, string name)
    {
        string path = string.IsNullOrEmpty(folder) ? name : $"{folder}/{name}";
        ZipArchiveEntry[] found = [.. archive.Entries.Where(entry => Plain(entry.FullName) == Plain(path))];
        return found.Length <= 1 ? found.FirstOrDefault() : throw new InvalidDataException($"The model file has the entry '{path}' more than once.");

        static string Plain(string path) => path.Replace('\\', '/').TrimStart('/');
    }
}
