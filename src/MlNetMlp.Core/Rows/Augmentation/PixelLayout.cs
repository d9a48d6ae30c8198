namespace MlNetMlp;

/// <summary>In which order the channels of an image's pixels lie in a row of features. Pixels run from left to right, then from top to bottom.</summary>
public enum PixelLayout
{
    /// <summary>One channel after the other, [channels, height, width]: what ML.NET's <c>ExtractPixels</c> makes by default.</summary>
    Planar,

    /// <summary>The channels of a pixel side by side, [height, width, channels]: <c>ExtractPixels</c> with <c>interleavePixelColors: true</c>.</summary>
    Interleaved,
}
