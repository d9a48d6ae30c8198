using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The weights of the first layer of a network of images, each unit as a picture of the pixels that it looks for.</summary>
internal sealed class FirstLayerPicture
{
    private const int Gap = 3, MostPixels = 1 << 26;

    private static readonly (byte, byte, byte) _border = (0x45, 0x4B, 0x57);

    private readonly WeightMatrix _weights;
    private readonly int _width, _height, _channels, _scale;
    private readonly PixelLayout _layout;

    /// <inheritdoc cref="MlpModelPictures.FirstLayerToPng"/>
    public FirstLayerPicture(MlpModel model, int width, int height, int channels, PixelLayout layout, int scale)
    {
        (_width, _height) = (Require.AtLeast(width, 1, nameof(width)), Require.AtLeast(height, 1, nameof(height)));
        _scale = Require.AtLeast(scale, 1, nameof(scale));
        (_channels, _layout) = (channels, layout);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, FormattableString.Invariant($"channels must be 1 or 3, but it is {channels}."));
        }

        if ((long)width * height * channels != model.FeatureCount)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"An image of {width} x {height} pixels with {channels} channels has {(long)width * height * channels} values, but the model has ") +
                FormattableString.Invariant($"{model.FeatureCount} features."));
        }

        MlpArchitecture architecture = model.Architecture;
        string? mixed = architecture.Categories is not null ? "categories" : architecture.Whitening is not null ? "a whitening"
            : architecture.Numbers is not null ? "embeddings" : null;
        _weights = mixed is null
            ? FirstWeights(model)
            : throw new InvalidOperationException($"The first layer does not see the pixels, but what {mixed} make of them: its weights are no picture.");
    }

    public byte[] ToPng()
    {
        int units = _weights.Columns, across = (int)Math.Ceiling(Math.Sqrt(units)), down = (units + across - 1) / across;
        int tileWidth = checked(_width * _scale + Gap), tileHeight = checked(_height * _scale + Gap);
        long pixels = ((long)across * tileWidth + Gap) * ((long)down * tileHeight + Gap);
        if (pixels > MostPixels)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The picture of {units} units would have {pixels} pixels; at most {MostPixels} are drawn."));
        }

        int width = across * tileWidth + Gap, height = down * tileHeight + Gap;
        var image = new PngImage(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                image.Set(x, y, _border);
            }
        }

        for (int unit = 0; unit < units; unit++)
        {
            Draw(image, unit, Gap + unit % across * tileWidth, Gap + unit / across * tileHeight);
        }

        return image.ToBytes();
    }

    /// <summary>The weights of the units: of all that is seen of the features, the features themselves come first.</summary>
    private static WeightMatrix FirstWeights(MlpModel model)
    {
        NetworkPart first = model.Architecture.HiddenLayers.Count > 0 ? NetworkPart.Hidden(0)
            : model.Architecture.SharedMembers > 1 ? NetworkPart.OutputOf(0) : NetworkPart.Output;
        string name = model.Architecture.Layout().Parameters.First(parameter => parameter.Part == first && parameter.Decays).Name;
        return model.Weights()[name];
    }

    private void Draw(PngImage image, int unit, int left, int top)
    {
        float[] weights = new float[_width * _height * _channels];
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = _weights[j, unit];
        }

        float largest = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude<float>(weights)), float.Epsilon);
        for (int y = 0; y < _height * _scale; y++)
        {
            for (int x = 0; x < _width * _scale; x++)
            {
                int pixel = y / _scale * _width + x / _scale;
                image.Set(left + x, top + y, _channels == 1
                    ? Color(weights[pixel] / largest)
                    : (Gray(Share(0)), Gray(Share(1)), Gray(Share(2))));

                float Share(int channel) =>
                    weights[_layout == PixelLayout.Planar ? channel * _width * _height + pixel : pixel * _channels + channel] / largest;
            }
        }
    }

    private static byte Gray(float share) => (byte)Math.Round(127.5f + 127.5f * share);

    /// <summary>From blue at -1 through white at 0 to red at 1.</summary>
    private static (byte, byte, byte) Color(float share) =>
        share < 0 ? Between((0x21, 0x66, 0xAC), -share) : Between((0xB2, 0x18, 0x2B), share);

    private static (byte, byte, byte) Between((int Red, int Green, int Blue) end, float share)
    {
        return (Mix(end.Red), Mix(end.Green), Mix(end.Blue));

        byte Mix(int color) => (byte)Math.Round(255 + (color - 255) * share);
    }
}
