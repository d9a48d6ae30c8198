namespace MlNetMlp;

/// <summary>Pictures of trained networks.</summary>
public static class MlpModelPictures
{
    /// <summary>
    /// The weights of the first layer of a network of images, as a picture in the format PNG: for every unit the image of the pixels that it looks for,
    /// positive weights red and negative ones blue; of color images in their colors, around gray. Each unit has a scale of its own.
    /// </summary>
    /// <param name="model">The network; of an ensemble, its first network.</param>
    /// <param name="width">The width of the images, in pixels.</param>
    /// <param name="height">The height of the images, in pixels.</param>
    /// <param name="channels">1, or 3 for red, green and blue.</param>
    /// <param name="layout">In which order the channels lie.</param>
    /// <param name="scale">The size of a pixel of an image in the picture, at least 1.</param>
    /// <remarks>The weights are those of the standardized pixels; the bins of an encoding have weights of their own, which are not shown.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The model has another number of features, or the picture would be too large.</exception>
    /// <exception cref="InvalidOperationException">The first layer does not see the pixels themselves: they are whitened or embedded.</exception>
    public static byte[] FirstLayerToPng(
        this MlpModel model, int width, int height, int channels = 1, PixelLayout layout = PixelLayout.Planar, int scale = 3)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new FirstLayerPicture(model, width, height, channels, layout, scale).ToPng();
    }

    /// <summary>Writes that picture to a file; an existing one is replaced as a whole, or stays as it is.</summary>
    /// <param name="model">The network.</param>
    /// <param name="path">The file, for example <c>weights.png</c>.</param>
    /// <param name="width">The width of the images, in pixels.</param>
    /// <param name="height">The height of the images, in pixels.</param>
    /// <param name="channels">1, or 3 for red, green and blue.</param>
    /// <param name="layout">In which order the channels lie.</param>
    /// <param name="scale">The size of a pixel of an image in the picture, at least 1.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <inheritdoc cref="FirstLayerToPng" path="/exception"/>
    public static void SaveFirstLayer(
        this MlpModel model, string path, int width, int height, int channels = 1, PixelLayout layout = PixelLayout.Planar, int scale = 3) =>
        AtomicFile.WriteBytes(path, model.FirstLayerToPng(width, height, channels, layout, scale));
}
