using System.Diagnostics.CodeAnalysis;

namespace MlNetMlp.Numerics;

/// <summary>Every exception of this library: what was found, and what would have been right.</summary>
/// <remarks>Kept out of line, so that the checks in hot methods cost one comparison and no code.</remarks>
internal static class Throw
{
    /// <exception cref="ArgumentOutOfRangeException">An extent is negative.</exception>
    /// <exception cref="ArgumentException"><paramref name="length"/> is not <c>rows * columns</c>.</exception>
    public static void IfNotShape(int length, int rows, int columns)
    {
        // The first test catches a negative extent and a product beyond 32 bits as well, so the good case needs no more.
        if ((rows | columns) < 0 || (long)rows * columns != length)
        {
            Shape(length, rows, columns);
        }
    }

    public static void IfLengthsDiffer(int expected, int actual, string name)
    {
        if (expected != actual)
        {
            Length(expected, actual, name);
        }
    }

    /// <summary>The bytes of a row with its weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An array has no room for them.</exception>
    public static int IfRowTooLong(int featureCount, int targetCount, int bytesOfFeature)
    {
        long bytes = (long)featureCount * bytesOfFeature + (targetCount + 1L) * sizeof(float);
        return bytes <= Array.MaxLength ? (int)bytes : throw new ArgumentOutOfRangeException(nameof(featureCount), featureCount,
            FormattableString.Invariant($"A row of {featureCount} features and {targetCount} targets has {bytes} bytes; ") +
            FormattableString.Invariant($"at most {Array.MaxLength} are possible."));
    }

    [DoesNotReturn]
    private static void Shape(int length, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        throw new ArgumentException($"A [{rows}, {columns}] matrix needs {(long)rows * columns} values, but {length} were given.");
    }

    [DoesNotReturn]
    private static void Length(int expected, int actual, string name) =>
        throw new ArgumentException($"'{name}' has {actual} elements; {expected} are needed.", name);

    [DoesNotReturn]
    public static void ProductShapes(string operation, ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result) =>
        ProductShapes(operation, left, (right.Rows, right.Columns), result);

    [DoesNotReturn]
    public static void ProductShapes(string operation, ReadOnlyMatrixSpan left, (int Rows, int Columns) right, MatrixSpan result) =>
        throw new ArgumentException(
            $"The shapes do not fit {operation}: left is [{left.Rows}, {left.Columns}], right is [{right.Rows}, {right.Columns}], " +
            $"result is [{result.Rows}, {result.Columns}].");

    [DoesNotReturn]
    public static void ProductShapes(string operation, (int Rows, int Columns) left, ReadOnlyMatrixSpan right, MatrixSpan result) =>
        throw new ArgumentException(
            $"The shapes do not fit {operation}: left is [{left.Rows}, {left.Columns}], right is [{right.Rows}, {right.Columns}], " +
            $"result is [{result.Rows}, {result.Columns}].");

    [DoesNotReturn]
    public static void ResultOverlaps() =>
        throw new ArgumentException("The result of a product must not share memory with an operand.");

    [DoesNotReturn]
    public static void PartialOverlap() =>
        throw new ArgumentException("The result may be the operand itself, but must not overlap it otherwise.");

    [DoesNotReturn]
    public static void TeamIsBusy() =>
        throw new InvalidOperationException(
            "This thread pool is already running something: it cannot be used from inside its own work or from two threads at once.");

    [DoesNotReturn]
    public static void KeepProbability(float value) =>
        throw new ArgumentOutOfRangeException(
            nameof(value), value, "The probability to keep a value must be greater than 0 and at most 1.");

    [DoesNotReturn]
    public static void UnknownKernel(string variable, string value) =>
        throw new InvalidOperationException(
            $"The environment variable {variable} is '{value}'; it may be 'avx512', 'avx2', 'portable' or unset.");

    [DoesNotReturn]
    public static void UnsupportedKernel(KernelSet kernel, string source) =>
        throw new PlatformNotSupportedException(
            $"{source} asks for the '{kernel}' kernels, but this processor or runtime does not have the instructions they need.");
}
