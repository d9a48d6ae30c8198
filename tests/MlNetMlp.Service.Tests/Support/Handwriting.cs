namespace MlNetMlp.Service.Tests.Support;

/// <summary>Digits as somebody draws them: lines through points between (0, 0), the left top, and (1, 1).</summary>
internal static class Handwriting
{
    private const double Turn = 2 * Math.PI;

    /// <summary>The lines of each digit from 0 to 9.</summary>
    public static IReadOnlyList<(double X, double Y)[][]> Digits { get; } =
    [
        [Arc(0.5, 0.5, 0.26, 0.4, -0.25, 0.75)],
        [[(0.4, 0.25), (0.55, 0.1), (0.54, 0.5), (0.53, 0.9)]],
        [[.. Arc(0.5, 0.32, 0.24, 0.22, -0.45, 0.12), (0.5, 0.66), (0.25, 0.9), (0.5, 0.88), (0.78, 0.9)]],
        [[.. Arc(0.48, 0.3, 0.22, 0.2, -0.42, 0.22), .. Arc(0.48, 0.7, 0.25, 0.2, -0.22, 0.4)]],
        [[(0.5, 0.08), (0.38, 0.32), (0.24, 0.58), (0.5, 0.6), (0.8, 0.57)], [(0.62, 0.35), (0.6, 0.6), (0.57, 0.92)]],
        [[(0.75, 0.1), (0.36, 0.1), (0.32, 0.45), .. Arc(0.47, 0.66, 0.25, 0.24, -0.32, 0.36)]],
        [[(0.62, 0.08), (0.42, 0.28), (0.3, 0.55), .. Arc(0.5, 0.7, 0.21, 0.2, -0.5, 0.55)]],
        [[(0.22, 0.12), (0.5, 0.13), (0.76, 0.1), (0.6, 0.45), (0.44, 0.92)], [(0.34, 0.5), (0.5, 0.5), (0.72, 0.48)]],
        [[.. Arc(0.5, 0.3, 0.2, 0.2, -0.05, -0.75), .. Arc(0.5, 0.7, 0.23, 0.21, -0.25, 0.75), .. Arc(0.5, 0.3, 0.2, 0.2, 0.25, -0.05)]],
        [[.. Arc(0.5, 0.3, 0.22, 0.21, 0, -1), (0.73, 0.5), (0.68, 0.7), (0.55, 0.92), (0.35, 0.9)]],
    ];

    /// <summary>A part of an ellipse, in turns; 0 is at the right, 0.25 at the bottom.</summary>
    private static (double X, double Y)[] Arc(double x, double y, double width, double height, double from, double to) =>
        [.. Enumerable.Range(0, 13).Select(i => (from + (to - from) * i / 12) * Turn).Select(angle => (x + width * Math.Cos(angle),
            y + height * Math.Sin(angle)))];
}
