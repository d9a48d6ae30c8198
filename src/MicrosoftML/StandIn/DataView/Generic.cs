namespace Microsoft.ML.StandIn;

/// <summary>Calls generic methods with types known only at run time.</summary>
internal static class Generic
{
    /// <summary>Calls the method behind <paramref name="example"/> with other type arguments.</summary>
    public static TResult Call<TResult>(Delegate example, Type[] types, params object[] arguments)
        => (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(types)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    public static TResult Call<TResult>(Delegate example, Type type, params object[] arguments)
        => Call<TResult>(example, [type], arguments);

    /// <summary>Assigns a value to a variable of the caller; vectors are copied into the variable's own storage.</summary>
    public static void Copy<TValue>(in TValue source, ref TValue destination) => Copier<TValue>.Copy(in source, ref destination);
    private static void CopyVector<TItem>(in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination);
    private delegate void CopyValue<TValue>(in TValue source, ref TValue destination);

    private static class Copier<TValue>
    {
        public static readonly CopyValue<TValue> Copy = Create();

        private static CopyValue<TValue> Create()
        {
            if (!typeof(TValue).IsGenericType || typeof(TValue).GetGenericTypeDefinition() != typeof(VBuffer<>))
                return (in TValue source, ref TValue destination) => destination = source;
            return typeof(Generic).GetMethod(nameof(CopyVector), BindingFlags.Static | BindingFlags.NonPublic)
                .MakeGenericMethod(typeof(TValue).GetGenericArguments()).CreateDelegate<CopyValue<TValue>>();
        }
    }
}
