namespace MlNetMlp.Core.Tests;

/// <summary>One channel of an image, redrawn in double precision from the definition: the forward matrix is multiplied together and inverted.</summary>
internal static class ReferenceImage
{
    /// <param name="image">[height, width].</param>
    /// <param name="width">The number of pixels of a line.</param>
    /// <param name="shift">To the right and downwards.</param>
    /// <param name="degrees">The rotation.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="shear">In degrees.</param>
    /// <param name="mirror">Of each axis: 1, or -1 to exchange its ends.</param>
    /// <param name="background">What lies outside.</param>
    /// <param name="displacement">Added to the place in the old image.</param>
    public static double[] Redraw(
        float[] image, int width, (double X, double Y) shift, double degrees, double scale, double shear, (int X, int Y) mirror, double background,
        Func<int, int, (double X, double Y)>? displacement = null)
    {
        int height = image.Length / width;
        double angle = degrees * Math.PI / 180, centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
        double[,] rotation = { { Math.Cos(angle), -Math.Sin(angle) }, { Math.Sin(angle), Math.Cos(angle) } };
        double[,] slant = { { 1, Math.Tan(shear * Math.PI / 180) }, { 0, 1 } };
        double[,] a = Product(Product(rotation, slant), new double[,] { { scale * mirror.X, 0 }, { 0, scale * mirror.Y } });
        double determinant = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0];
        var result = new double[image.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double px = x - centreX - shift.X, py = y - centreY - shift.Y;
                (double dx, double dy) = displacement?.Invoke(x, y) ?? (0, 0);
                double fromX = centreX + (a[1, 1] * px - a[0, 1] * py) / determinant + dx, fromY = centreY + (a[0, 0] * py - a[1, 0] * px) / determinant + dy;
                int left = (int)Math.Floor(fromX), top = (int)Math.Floor(fromY);
                for (int i = 0; i < 4; i++)
                {
                    int column = left + i % 2, line = top + i / 2;
                    double share = (1 - Math.Abs(fromX - column)) * (1 - Math.Abs(fromY - line));
                    bool isInside = column >= 0 && column < width && line >= 0 && line < height;
                    result[y * width + x] += share * (isInside ? image[line * width + column] : background);
                }
            }
        }

        return result;
    }

    private static double[,] Product(double[,] left, double[,] right) => new[,]
    {
        { left[0, 0] * right[0, 0] + left[0, 1] * right[1, 0], left[0, 0] * right[0, 1] + left[0, 1] * right[1, 1] },
        { left[1, 0] * right[0, 0] + left[1, 1] * right[1, 0], left[1, 0] * right[0, 1] + left[1, 1] * right[1, 1] },
    };
}
