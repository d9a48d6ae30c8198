namespace Microsoft.ML.Data
{
    /// <summary>A catalog that can be asked for its environment.</summary>
    internal interface IInternalCatalog
    {
        IHostEnvironment Environment { get; }
    }

    /// <summary>How a catalog extension method reaches the environment.</summary>
    internal static class CatalogUtils
    {
        public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Check.Value(catalog, nameof(catalog)).Environment;
    }
}

namespace Microsoft.ML
{
    /// <summary>The transforms; their methods are extensions.</summary>
    public sealed class TransformsCatalog : IInternalCatalog
    {
        private readonly IHostEnvironment _environment;

        internal TransformsCatalog(IHostEnvironment environment)
        {
            _environment = environment;
            Categorical = new CategoricalTransforms(this);
            Conversion = new ConversionTransforms(this);
        }

        public CategoricalTransforms Categorical { get; }
        public ConversionTransforms Conversion { get; }
        IHostEnvironment IInternalCatalog.Environment => _environment;

        /// <summary>Transforms of categories into numbers.</summary>
        public sealed class CategoricalTransforms : IInternalCatalog
        {
            private readonly TransformsCatalog _owner;
            internal CategoricalTransforms(TransformsCatalog owner) => _owner = owner;
            IHostEnvironment IInternalCatalog.Environment => _owner._environment;
        }

        /// <summary>Transforms from one type to another.</summary>
        public sealed class ConversionTransforms : IInternalCatalog
        {
            private readonly TransformsCatalog _owner;
            internal ConversionTransforms(TransformsCatalog owner) => _owner = owner;
            IHostEnvironment IInternalCatalog.Environment => _owner._environment;
        }
    }
}
