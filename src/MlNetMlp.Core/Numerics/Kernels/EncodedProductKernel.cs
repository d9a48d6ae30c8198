using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The innermost loops of <see cref="EncodedProduct"/>, two vectors of columns at a time.</summary>
internal static unsafe class EncodedProductKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Computes the vectors of the features of a row: <c>result[a, c] = Value T[Column, c] + T[Below, c] + Share T[Bin, c]</c>.</summary>
    /// <param name="entries">The features that are not zero.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="table">T, rows of <paramref name="stride"/> floats.</param>
    /// <param name="stride">The length of a row of the table and of the result, a multiple of 16.</param>
    /// <param name="result">[count, stride].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Embed(EncodedEntry* entries, int count, float* table, nint stride, float* result)
    {
        for (int a = 0; a < count; a++)
        {
            EncodedEntry entry = entries[a];
            float* column = table + entry.Column * stride, below = table + entry.Below * stride, bin = table + entry.Bin * stride;
            TVector value = TLanes.Broadcast(entry.Value), share = TLanes.Broadcast(entry.Share);
            if (entry.Bin < 0)
            {
                for (nint c = 0; c < stride; c += TLanes.Count)
                {
                    TLanes.Store(result + c, TLanes.Multiply(value, TLanes.Load(column + c)));
                }
            }
            else
            {
                for (nint c = 0; c < stride; c += TLanes.Count)
                {
                    TLanes.Store(result + c, TLanes.MultiplyAdd(
                        share, TLanes.Load(bin + c), TLanes.MultiplyAdd(value, TLanes.Load(column + c), TLanes.Load(below + c))));
                }
            }

            result += stride;
        }
    }

    /// <summary>The weighted sum of a row's vectors for one member: <c>result[c] = sum over a of scales[Feature a] vectors[a, c]</c>.</summary>
    /// <param name="entries">The features that are not zero.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="vectors">[count, stride].</param>
    /// <param name="stride">The length of a row of the vectors, a multiple of 16.</param>
    /// <param name="scales">[features], or null: all are 1.</param>
    /// <param name="result">[columns].</param>
    /// <param name="columns">How many columns there are; nothing beyond them is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(EncodedEntry* entries, int count, float* vectors, nint stride, float* scales, float* result, int columns)
    {
        int width = TLanes.Count;
        for (int c = 0; c < columns; c += 4 * width)
        {
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            float* vector = vectors + c;
            int left = columns - c;
            for (int a = 0; a < count; a++)
            {
                TVector scale = TLanes.Broadcast(scales is null ? 1 : scales[entries[a].Feature]);
                sum0 = TLanes.MultiplyAdd(scale, TLanes.Load(vector), sum0);
                if (left > width)
                {
                    sum1 = TLanes.MultiplyAdd(scale, TLanes.Load(vector + width), sum1);
                }

                if (left > 2 * width)
                {
                    sum2 = TLanes.MultiplyAdd(scale, TLanes.Load(vector + (2 * width)), sum2);
                }

                if (left > 3 * width)
                {
                    sum3 = TLanes.MultiplyAdd(scale, TLanes.Load(vector + (3 * width)), sum3);
                }

                vector += stride;
            }

            Store(result + c, sum0, left);
            Store(result + c + width, sum1, left - width);
            Store(result + c + (2 * width), sum2, left - (2 * width));
            Store(result + c + (3 * width), sum3, left - (3 * width));
        }
    }

    /// <summary>
    /// The backward step of some rows, one after the other, for some columns: adds to the gradients of the table and, lane by lane, to those of the scales.
    /// </summary>
    /// <param name="work">The operands.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">The first column.</param>
    /// <param name="columns">How many columns, at most <see cref="EncodedProduct.TileColumns"/>.</param>
    /// <param name="scaleSums">[members, features, 16], or null where there are no scales.</param>
    public static void Backward(in EncodedGradient work, int rows, int first, int columns, float* scaleSums)
    {
        for (int i = 0; i < rows; i++)
        {
            BackwardRow(work, i, first, columns, scaleSums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(in EncodedGradient work, int row, int first, int columns, float* scaleSums)
    {
        int width = TLanes.Count;
        EncodedEntry* end = work.Entries + work.Starts[row + 1];
        for (EncodedEntry* entry = work.Entries + work.Starts[row]; entry < end; entry++)
        {
            bool isSimple = entry->Bin < 0;
            nint column = entry->Column * work.Stride, below = entry->Below * work.Stride, bin = entry->Bin * work.Stride;
            TVector value = TLanes.Broadcast(entry->Value), share = TLanes.Broadcast(entry->Share);
            for (int c = first; c < first + columns; c += width)
            {
                int count = Math.Min(width, first + columns - c);
                TVector vector = TLanes.Multiply(value, TLanes.Load(work.Table + column + c)), sum = default;
                if (!isSimple)
                {
                    vector = TLanes.MultiplyAdd(
                        share, TLanes.Load(work.Table + bin + c),
                        TLanes.MultiplyAdd(value, TLanes.Load(work.Table + column + c), TLanes.Load(work.Table + below + c)));
                }

                float* gradient = work.SumGradient + ((nint)row * work.Columns) + c;
                if (scaleSums is null)
                {
                    sum = Load(gradient, count);
                }
                else
                {
                    float* scale = work.Scales + entry->Feature;
                    float* lanes = scaleSums + (entry->Feature * EncodedProduct.Lanes) + (c % EncodedProduct.Lanes);
                    for (int m = 0; m < work.Members; m++)
                    {
                        TVector own = Load(gradient, count);
                        sum = TLanes.MultiplyAdd(TLanes.Broadcast(*scale), own, sum);
                        TLanes.Store(lanes, TLanes.MultiplyAdd(vector, own, TLanes.Load(lanes)));
                        gradient += work.MemberStride;
                        scale += work.Features;
                        lanes += work.Features * EncodedProduct.Lanes;
                    }
                }

                float* target = work.TableGradient + c;
                TLanes.Store(target + column, TLanes.MultiplyAdd(value, sum, TLanes.Load(target + column)));
                if (!isSimple)
                {
                    TLanes.Store(target + below, TLanes.Add(sum, TLanes.Load(target + below)));
                    TLanes.Store(target + bin, TLanes.MultiplyAdd(share, sum, TLanes.Load(target + bin)));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(float* source, int count) => count == TLanes.Count ? TLanes.Load(source) : TLanes.LoadFirst(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TVector sum, int left)
    {
        if (left >= TLanes.Count)
        {
            TLanes.Store(target, sum);
        }
        else if (left > 0)
        {
            TLanes.StoreFirst(target, sum, left);
        }
    }
}
