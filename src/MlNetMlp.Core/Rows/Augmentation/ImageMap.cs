using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>From a place in the new image to its place in the old one: <c>(Xx x + Xy y + X, Yx x + Yy y + Y)</c>.</summary>
internal readonly record struct ImageMap(float Xx, float Xy, float X, float Yx, float Yy, float Y)
{
    /// <summary>Every pixel stays where it is.</summary>
    public static ImageMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>Draws the transforms of one row.</summary>
    public static ImageMap Draw(ImageAugmentation ranges, RowRandom random) => Inverse(
        ranges.Width,
        ranges.Height,
        random.Uniform(-ranges.HorizontalShift, ranges.HorizontalShift, 0),
        random.Uniform(-ranges.VerticalShift, ranges.VerticalShift, 1),
        random.Uniform(-ranges.Rotation, ranges.Rotation, 2),
        random.Uniform(1 - ranges.Scale, 1 + ranges.Scale, 3),
        random.Uniform(-ranges.Shear, ranges.Shear, 4),
        random.Uniform(5) < ranges.HorizontalFlip,
        random.Uniform(6) < ranges.VerticalFlip,
        random.Uniform(1 - ranges.HorizontalStretch, 1 + ranges.HorizontalStretch, 7),
        random.Uniform(1 - ranges.VerticalStretch, 1 + ranges.VerticalStretch, 8));

    /// <summary>The inverse of: mirror, scale, slant and rotate around the centre, then shift.</summary>
    /// <param name="width">The number of pixels in a line.</param>
    /// <param name="height">The number of lines.</param>
    /// <param name="right">The shift to the right, in pixels.</param>
    /// <param name="down">The shift downwards, in pixels.</param>
    /// <param name="rotation">In degrees, clockwise as one looks at it.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="shear">In degrees: what is below the centre moves to the right.</param>
    /// <param name="mirrorX">Whether left and right are exchanged.</param>
    /// <param name="mirrorY">Whether top and bottom are exchanged.</param>
    /// <param name="stretchX">The factor of the width, beside <paramref name="scale"/>.</param>
    /// <param name="stretchY">The factor of the height, beside <paramref name="scale"/>.</param>
    public static ImageMap Inverse(
        int width, int height, float right, float down, float rotation, float scale, float shear, bool mirrorX, bool mirrorY,
        float stretchX = 1, float stretchY = 1)
    {
        // In half turns, whose sines are exact: a quarter turn moves pixels onto pixels.
        (double sin, double cos) = double.SinCosPi(rotation / 180.0);
        double slant = Math.Tan(shear * (Math.PI / 180));
        double alongX = (mirrorX ? -1 : 1) / ((double)scale * stretchX), alongY = (mirrorY ? -1 : 1) / ((double)scale * stretchY);
        double xx = alongX * (cos + slant * sin), xy = alongX * (sin - slant * cos), yx = alongY * -sin, yy = alongY * cos;
        double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0, fromX = centreX + right, fromY = centreY + down;
        return new(
            (float)xx, (float)xy, (float)(centreX - xx * fromX - xy * fromY), (float)yx, (float)yy, (float)(centreY - yx * fromX - yy * fromY));
    }
}
