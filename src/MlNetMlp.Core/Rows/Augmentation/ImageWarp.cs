using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Redraws images, one at a time, with the buffers of one thread.</summary>
internal sealed class ImageWarp
{
    private readonly ImageAugmentation _ranges;
    private readonly ElasticField? _displacementX;
    private readonly ElasticField? _displacementY;

    /// <summary>
    /// The image, one channel after the other, inside a border of background one pixel wide, two on the right and below: every place from -1 to the width
    /// has four pixels around it.
    /// </summary>
    private readonly float[] _padded;
    private readonly int _paddedWidth;
    private readonly int _paddedSize;

    public ImageWarp(ImageAugmentation ranges)
    {
        _ranges = ranges;
        _paddedWidth = ranges.Width + 3;
        _paddedSize = checked(_paddedWidth * (ranges.Height + 3));
        _padded = new float[checked(_paddedSize * ranges.Channels)];
        _padded.AsSpan().Fill(ranges.Background);
        if (ranges.ElasticAlpha > 0)
        {
            _displacementX = new(ranges.Width, ranges.Height, ranges.ElasticSigma);
            _displacementY = new(ranges.Width, ranges.Height, ranges.ElasticSigma);
        }
    }

    private int PixelStride => _ranges.Layout == PixelLayout.Interleaved ? _ranges.Channels : 1;

    private int ChannelStride => _ranges.Layout == PixelLayout.Interleaved ? 1 : _ranges.Width * _ranges.Height;

    /// <summary>Draws transforms and applies them to the image in place.</summary>
    public void Apply(Span<float> image, SeededRandom random)
    {
        _displacementX?.Draw(random.At(0));
        _displacementY?.Draw(random.At(1));
        Apply(image, ImageMap.Draw(_ranges, new RowRandom(random)));
    }

    /// <summary>Applies a map and the displacements that were drawn last.</summary>
    public void Apply(Span<float> image, in ImageMap map)
    {
        if (_displacementX is not null && _displacementY is not null)
        {
            Pad(image);
            for (int y = 0; y < _ranges.Height; y++)
            {
                Redraw(image, map, y, _displacementX.Values.Slice(y * _displacementX.Stride, _ranges.Width),
                    _displacementY.Values.Slice(y * _displacementY.Stride, _ranges.Width));
            }
        }
        else if (map != ImageMap.Identity)
        {
            Pad(image);
            for (int y = 0; y < _ranges.Height; y++)
            {
                Redraw(image, map, y, default, default);
            }
        }
    }

    private void Pad(ReadOnlySpan<float> image)
    {
        int pixelStride = PixelStride, channelStride = ChannelStride;
        for (int channel = 0; channel < _ranges.Channels; channel++)
        {
            for (int y = 0; y < _ranges.Height; y++)
            {
                Span<float> line = _padded.AsSpan(channel * _paddedSize + (y + 1) * _paddedWidth + 1, _ranges.Width);
                ReadOnlySpan<float> from = image[(channel * channelStride + y * _ranges.Width * pixelStride)..];
                if (pixelStride == 1)
                {
                    from[..line.Length].CopyTo(line);
                    continue;
                }

                for (int x = 0; x < line.Length; x++)
                {
                    line[x] = from[x * pixelStride];
                }
            }
        }
    }

    /// <summary>One line of the new image.</summary>
    private void Redraw(Span<float> image, in ImageMap map, int y, ReadOnlySpan<float> displacementX, ReadOnlySpan<float> displacementY)
    {
        int width = _ranges.Width, height = _ranges.Height, channels = _ranges.Channels, pixelStride = PixelStride, channelStride = ChannelStride;
        int first = y * width * pixelStride, below = _paddedWidth;
        ReadOnlySpan<float> padded = _padded;
        float lineX = map.Xy * y + map.X, lineY = map.Yy * y + map.Y, alpha = _ranges.ElasticAlpha;
        for (int x = 0; x < width; x++)
        {
            float fromX = map.Xx * x + lineX, fromY = map.Yx * x + lineY;
            if (displacementX.Length > 0)
            {
                fromX += alpha * displacementX[x];
                fromY += alpha * displacementY[x];
            }

            // Farther out there is nothing new to see; and counted from the border's corner, no place is negative.
            fromX = float.ClampNative(fromX, -1, width) + 1;
            fromY = float.ClampNative(fromY, -1, height) + 1;
            int left = (int)fromX, top = (int)fromY, corner = top * below + left;
            float right = fromX - left, down = fromY - top;
            for (int channel = 0; channel < channels; channel++, corner += _paddedSize)
            {
                float above = Between(padded[corner], padded[corner + 1], right);
                float under = Between(padded[corner + below], padded[corner + below + 1], right);
                image[first + x * pixelStride + channel * channelStride] = Between(above, under, down);
            }
        }
    }

    /// <summary><c>from</c> at 0, <c>to</c> at 1.</summary>
    private static float Between(float from, float to, float share) => from + share * (to - from);
}
