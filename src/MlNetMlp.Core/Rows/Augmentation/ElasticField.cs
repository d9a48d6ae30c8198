using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Smooth noise over an image: uniform in [-1, 1), independent from pixel to pixel, then weighted by a Gaussian along both axes, around the
/// borders.
/// </summary>
/// <remarks>The buffers of one thread.</remarks>
internal sealed class ElasticField
{
    /// <summary>The kernels work on so many elements at once and write whole blocks, so buffers are that much longer.</summary>
    private static readonly int _block = 4 * Vector<float>.Count;

    private readonly int _width;
    private readonly int _height;
    private readonly int _radius;
    private readonly float[] _alongX;
    private readonly float[] _alongY;
    private readonly float[] _noise;
    private readonly float[] _lines;
    private readonly float[] _values;

    /// <param name="width">The number of pixels in a line.</param>
    /// <param name="height">The number of lines.</param>
    /// <param name="sigma">The standard deviation of the Gaussian, in pixels.</param>
    public ElasticField(int width, int height, double sigma)
    {
        (_width, _height) = (width, height);
        _radius = (int)Math.Ceiling(3 * sigma);
        _alongX = Kernel(sigma, width);
        _alongY = Kernel(sigma, height);
        Stride = width + _alongX.Length - 1;
        _noise = new float[checked((height + _alongY.Length - 1) * width + _block)];
        _lines = new float[checked(height * Stride + _alongX.Length + _block)];
        _values = new float[_lines.Length];
    }

    /// <summary>The distance from one line of <see cref="Values"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>The field: the value of pixel (x, y) is at <c>y * Stride + x</c>; between the lines lies anything.</summary>
    public ReadOnlySpan<float> Values => _values;

    public void Draw(SeededRandom random)
    {
        Span<float> noise = _noise.AsSpan(0, (_height + _alongY.Length - 1) * _width);
        random.FillUniform(noise[..(_height * _width)], -1, 1);
        for (int line = _height; line < noise.Length / _width; line++)
        {
            noise.Slice((line - _height) * _width, _width).CopyTo(noise.Slice(line * _width, _width));
        }

        // The noise has no place of its own, so it does not matter by how far a kernel moves it, as long as it comes around.
        Convolve(_noise, _alongY, _width, _values, _height * _width);
        for (int y = 0; y < _height; y++)
        {
            Span<float> line = _lines.AsSpan(y * Stride, Stride);
            ReadOnlySpan<float> values = _values.AsSpan(y * _width, _width);
            values.CopyTo(line);
            values[..(Stride - _width)].CopyTo(line[_width..]);
        }

        Convolve(_lines, _alongX, 1, _values, _height * Stride);
    }

    /// <summary>
    /// <c>target[i] = sum over j of kernel[j] * source[i + j * step]</c>: every element one sum in the order of the kernel, however wide
    /// the vectors.
    /// </summary>
    private static void Convolve(ReadOnlySpan<float> source, ReadOnlySpan<float> kernel, int step, Span<float> target, int count)
    {
        int width = Vector<float>.Count;
        for (int i = 0; i < count; i += 4 * width)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            ReadOnlySpan<float> from = source[i..];
            foreach (float weight in kernel)
            {
                var factor = new Vector<float>(weight);
                a += factor * new Vector<float>(from);
                b += factor * new Vector<float>(from[width..]);
                c += factor * new Vector<float>(from[(2 * width)..]);
                d += factor * new Vector<float>(from[(3 * width)..]);
                from = from[step..];
            }

            Span<float> to = target[i..];
            a.CopyTo(to);
            b.CopyTo(to[width..]);
            c.CopyTo(to[(2 * width)..]);
            d.CopyTo(to[(3 * width)..]);
        }
    }

    /// <summary>A Gaussian of sum 1, cut off at three standard deviations, wound around an axis that is shorter than it.</summary>
    private float[] Kernel(double sigma, int size)
    {
        var kernel = new double[Math.Min(2 * _radius + 1, size)];
        for (int t = -_radius; t <= _radius; t++)
        {
            kernel[(t + _radius) % kernel.Length] += Math.Exp(-t * (double)t / (2 * sigma * sigma));
        }

        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, weight => (float)(weight / sum));
    }
}
