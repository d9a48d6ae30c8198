using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Shifts, rotates, scales, stretches, shears, flips and distorts images that are given as rows of pixels. Every row draws transforms of its own in every
/// epoch, each from the range that its option gives; all options are off by default.
/// <code>
/// new ImageAugmentation(28, 28) { HorizontalShift = 2, VerticalShift = 2, Rotation = 10, Scale = 0.1f, ElasticAlpha = 34, ElasticSigma = 4 }
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// The pixel at p = (x, y) of the new image is the old image's value at
/// <c>c + A^-1 (p - c - t) + d(p)</c>, with the centre <c>c = ((width - 1) / 2, (height - 1) / 2)</c>, the shift <c>t</c>, the
/// matrix <c>A</c> = rotation * slant * scaling * mirroring, and the elastic displacement <c>d</c>. Values between four pixels are
/// interpolated linearly in both directions; outside the old image lies <see cref="Background"/>. It is one step, so an image is
/// blurred once, however many options are set; a transform that changes nothing leaves the row's bits as they are. All channels of a pixel move together. A
/// missing value (NaN) makes everything within a pixel of it missing.
/// </para>
/// <para>
/// Elastic: each of the two components of <c>d</c> is noise, uniform in [-1, 1] and independent from pixel to pixel, smoothed by a Gaussian
/// of the standard deviation
/// <see cref="ElasticSigma"/> (cut off at three of them, of sum 1) and multiplied by <see cref="ElasticAlpha"/>. Patrice Simard, Dave
/// Steinkraus and John Platt, Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis, 2003. Unlike
/// in common implementations, the noise wraps around at the borders, so that pixels there move as far as those in the middle.
/// </para>
/// <para>
/// Choose ranges under which a person would still give the same answer: a six turned by 180 degrees is a nine, and a mirrored two is not
/// a two.
/// </para>
/// </remarks>
public sealed record ImageAugmentation : Augmentation
{

    /// <param name="width">The number of pixels in a line, at least 1.</param>
    /// <param name="height">The number of lines, at least 1.</param>
    /// <param name="channels">The number of values of a pixel, at least 1: 1 for grey, 3 for colours. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    /// <remarks>A row must have <c>width * height * channels</c> features; the training refuses any other number before it begins.</remarks>
    public ImageAugmentation(int width, int height, int channels = 1)
    {
        Width = Require.Positive(width, nameof(width));
        Height = Require.Positive(height, nameof(height));
        Channels = Require.Positive(channels, nameof(channels));
    }

    /// <summary>The number of pixels in a line.</summary>
    public int Width { get; }

    /// <summary>The number of lines.</summary>
    public int Height { get; }

    /// <summary>The number of values of a pixel.</summary>
    public int Channels { get; }

    /// <summary>How the channels lie in a row. Default <see cref="PixelLayout.Planar"/>. Of no effect with one channel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public PixelLayout Layout
    {
        get;
        init => field = Require.Defined(value, nameof(Layout));
    }

    /// <summary>Shifts to the left or to the right, by up to so many pixels: uniform in [-value, value], fractions included. At least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float HorizontalShift
    {
        get;
        init => field = Require.NonNegative(value, nameof(HorizontalShift));
    }

    /// <summary>Shifts up or down, by up to so many pixels: uniform in [-value, value], fractions included. At least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float VerticalShift
    {
        get;
        init => field = Require.NonNegative(value, nameof(VerticalShift));
    }

    /// <summary>Turns around the centre, in either direction, by up to so many degrees: uniform in [-value, value]. In [0, 180]; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 180].</exception>
    public float Rotation
    {
        get;
        init => field = Require.InRange(value, 0, 180, nameof(Rotation));
    }

    /// <summary>
    /// Makes larger or smaller by up to this share: the factor is uniform in [1 - value, 1 + value], the same in both directions. In [0,
    /// 1); default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Scale
    {
        get;
        init => field = Require.InRangeBelow(value, 0, 1, nameof(Scale));
    }

    /// <summary>
    /// Makes wider or narrower by up to this share, beside <see cref="Scale"/>: the factor is uniform in [1 - value, 1 + value]. In [0, 1); default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float HorizontalStretch
    {
        get;
        init => field = Require.InRangeBelow(value, 0, 1, nameof(HorizontalStretch));
    }

    /// <summary>
    /// Makes taller or shorter by up to this share, beside <see cref="Scale"/>: the factor is uniform in [1 - value, 1 + value]. In [0, 1); default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float VerticalStretch
    {
        get;
        init => field = Require.InRangeBelow(value, 0, 1, nameof(VerticalStretch));
    }

    /// <summary>
    /// Slants to the left or to the right, as italics are, by up to so many degrees from the vertical: the angle is uniform in [-value, value], and a point y
    /// pixels below the centre moves <c>y tan(angle)</c> pixels along its line. In [0, 90); default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 90).</exception>
    public float Shear
    {
        get;
        init => field = Require.InRangeBelow(value, 0, 90, nameof(Shear));
    }

    /// <summary>The probability of exchanging left and right. In [0, 1]; default 0. One half makes both orientations equally frequent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1].</exception>
    public float HorizontalFlip
    {
        get;
        init => field = Require.InRange(value, 0, 1, nameof(HorizontalFlip));
    }

    /// <summary>The probability of exchanging top and bottom. In [0, 1]; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1].</exception>
    public float VerticalFlip
    {
        get;
        init => field = Require.InRange(value, 0, 1, nameof(VerticalFlip));
    }

    /// <summary>
    /// The strength of the elastic distortion, in pixels: what the smoothed noise is multiplied by. At least 0; default 0: none. The
    /// standard deviation of a pixel's displacement in either direction is about <c>0.16 alpha / sigma</c> (where sigma is between 1
    /// and a sixth of the image); the paper's 34 for digits of 28 x 28 pixels moves them by 1.4.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float ElasticAlpha
    {
        get;
        init => field = Require.NonNegative(value, nameof(ElasticAlpha));
    }

    /// <summary>
    /// The smoothness of the elastic distortion, in pixels: the standard deviation of the Gaussian. In (0, 1000]; default 4, the paper's for
    /// digits of 28 x 28 pixels. Much less breaks the image into grains; much more shifts it as a whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside (0, 1000].</exception>
    public float ElasticSigma
    {
        get;
        init => field = Require.InRangeAbove(value, 0, 1000, nameof(ElasticSigma));
    } = 4;

    /// <summary>What lies outside the image, in all channels: the value of an empty pixel, before any standardization. Finite; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public float Background
    {
        get;
        init => field = Require.Finite(value, nameof(Background));
    }

    /// <inheritdoc/>
    internal override void CheckFeatureCount(int featureCount)
    {
        // As a decimal, since the product may be beyond any integer.
        decimal values = (decimal)Width * Height * Channels;
        if (values != featureCount)
        {
            throw new ArgumentException(
                $"The {nameof(ImageAugmentation)} is for images of width {Width}, height {Height} and {Channels} channel{(Channels == 1 ? "" : "s")}, " +
                $"which are {values} values, but a row has {featureCount} features.", nameof(featureCount));
        }
    }

    internal override IRowAugmenter CreateAugmenter(int number, ThreadTeam team) => new ImageAugmenter(this, number, team);

    /// <summary>The name, the size of the pictures, and what is done to them.</summary>
    public override string ToString() => SettingsText.Of(this);
}
