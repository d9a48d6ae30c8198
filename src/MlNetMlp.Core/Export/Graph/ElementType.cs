namespace MlNetMlp;

/// <summary>The element types of tensors that this library writes or reads, with the numbers of <c>TensorProto.DataType</c>.</summary>
internal enum ElementType
{
    Single = 1,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Boolean = 9,
    Double = 11,
}
