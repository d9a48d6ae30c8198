using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Gives every row the length 1: <c>Y = X / sqrt(X X + epsilon)</c>; the other half of <see cref="CosineNormalization"/>. A row of zeros
/// stays.
/// </summary>
/// <remarks>Backward, with D = dL/dY and the length of the row: <c>dL/dX = (D - Y (Y D)) / length</c>.</remarks>
internal sealed unsafe class UnitLengthLayer : Layer
{
    private readonly float _epsilon;
    private readonly float[] _inverseLength;
    private readonly float[] _along;

    /// <param name="size">The number of columns.</param>
    /// <param name="epsilon">Greater than 0.</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public UnitLengthLayer(int size, float epsilon, int maximumRows)
        : base(size, size)
    {
        _epsilon = epsilon;
        _inverseLength = new float[maximumRows];
        _along = new float[maximumRows];
    }

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            _inverseLength[i] = UnitLengthStep.InverseLength(input.Row(i), _epsilon);
        }

        fixed (float* x = input.Values, y = output.Values, factors = _inverseLength)
        {
            MatrixMath.Run(new ScaleRows(x, factors, y), input.Rows, InputSize);
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (inputGradient.Rows == 0)
        {
            return;
        }

        fixed (float* y = output.Values, d = outputGradient.Values, result = inputGradient.Values, factors = _inverseLength, along = _along)
        {
            MatrixMath.Run(new MultiplyAll(y, d, result), output.Rows, InputSize);
            for (int i = 0; i < inputGradient.Rows; i++)
            {
                along[i] = (float)OrderedSum.Of(inputGradient.Row(i));
            }

            MatrixMath.Run(new Differentiate(y, along, d, factors, result), output.Rows, InputSize);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.Add(_ => new UnitLengthStep(InputSize, _epsilon));

    private readonly struct ScaleRows(float* matrix, float* factors, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> => access.Store(result + at, TLanes.Multiply(access.Load(matrix + at), TLanes.Broadcast(factors[row])));
    }

    private readonly struct MultiplyAll(float* left, float* right, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> => access.Store(result + at, TLanes.Multiply(access.Load(left + at), access.Load(right + at)));
    }

    private readonly struct Differentiate(float* output, float* along, float* gradient, float* inverseLength, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            TVector rest = TLanes.Add(TLanes.Multiply(access.Load(output + at), TLanes.Broadcast(-along[row])), access.Load(gradient + at));
            access.Store(result + at, TLanes.Multiply(rest, TLanes.Broadcast(inverseLength[row])));
        }
    }
}
