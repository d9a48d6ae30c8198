namespace Microsoft.ML
{
    /// <summary>Can be written into a model file.</summary>
    public interface ICanSaveModel
    {
        void Save(ModelSaveContext ctx);
    }

    /// <summary>Learns a transformer from data.</summary>
    public interface IEstimator<out TTransformer> where TTransformer : ITransformer
    {
        TTransformer Fit(IDataView input);
        SchemaShape GetOutputSchema(SchemaShape inputSchema);
    }

    /// <summary>Turns one data view into another.</summary>
    public interface ITransformer : ICanSaveModel
    {
        bool IsRowToRowMapper { get; }
        DataViewSchema GetOutputSchema(DataViewSchema inputSchema);
        IDataView Transform(IDataView input);
        IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
    }

    /// <summary>A transformer that holds a trained model.</summary>
    public interface IPredictionTransformer<out TModel> : ITransformer where TModel : class
    {
        TModel Model { get; }
    }

    /// <summary>A prediction transformer that reads one column of features.</summary>
    public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel> where TModel : class
    {
        string FeatureColumnName { get; }
        DataViewType FeatureColumnType { get; }
    }

    /// <summary>The same without the model's type.</summary>
    internal interface ISingleFeaturePredictionTransformer : ITransformer
    {
        string FeatureColumnName { get; }
    }

    /// <summary>What a trainer wants of its data.</summary>
    public sealed class TrainerInfo
    {
        internal TrainerInfo(
            bool normalization = true, bool calibration = false, bool caching = true, bool supportValid = false,
            bool supportIncrementalTrain = false, bool supportTest = false)
        {
            NeedNormalization = normalization;
            WantCaching = caching;
        }

        public bool NeedNormalization { get; }
        public bool WantCaching { get; }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>Turns one row into another, without a data view.</summary>
    public interface IRowToRowMapper
    {
        DataViewSchema InputSchema { get; }
        DataViewSchema OutputSchema { get; }
        IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);
        DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
    }
}

namespace Microsoft.ML.Trainers
{
    /// <summary>An estimator that trains a model.</summary>
    public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
        where TTransformer : IPredictionTransformer<TModel>
        where TModel : class
    {
        TrainerInfo Info { get; }
    }
}
