using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the models of one file may take, all together: checked before it is allocated, so that a small file cannot ask for much.</summary>
/// <remarks>
/// <para>
/// Limits: 10,000 networks; 10,000 hidden layers of a network; 20,000 layers of all networks; and 128 MiB and 32 times the bytes of the file, where
/// a network of a model has an estimate of 2048 bytes for each layer, and for each dense layer of n inputs and m sums <c>4 n m + 32 m</c> bytes of
/// parameters and <c>4 n 64 ceil(m / 64)</c> bytes of weights that are packed for scoring, and for b bins <c>4 b (m + 16)</c> bytes of sums. No model that was
/// trained comes near them: the packed weights of the narrowest layer, which is worst, are about 23 times as long as what the file has of it.
/// </para>
/// <para>
/// Compressed files are another matter, since a file of zeros can be a thousand times as long unpacked: there the file's bytes are the
/// compressed ones.
/// </para>
/// </remarks>
/// <param name="bytes">The most bytes.</param>
internal sealed class ModelBudget(long bytes)
{
    private const int MostNetworks = 10_000;
    private const int MostHiddenLayers = 10_000;
    private const int MostLayers = 20_000;

    private const long FreeBytes = 128L << 20;
    private const long BytesPerByte = 32;

    private const double LayerBytes = 2048;
    private const double SumBytes = 32;
    private const double PanelColumns = 64;

    private int _networks = MostNetworks;
    private int _layers = MostLayers;
    private double _bytesLeft = bytes;

    /// <summary>What a file of so many bytes may take.</summary>
    public static ModelBudget OfFile(long fileBytes) => new(FreeBytes + BytesPerByte * fileBytes);

    /// <summary>Allows what another file of so many bytes may take.</summary>
    public void Extend(long fileBytes) => _bytesLeft += (double)BytesPerByte * fileBytes;

    /// <summary>Refuses a number of hidden layers before they are read.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    public static void CheckHiddenLayers(int count)
    {
        if (count > MostHiddenLayers)
        {
            throw new InvalidDataException($"The saved network has {count} hidden layers; at most {MostHiddenLayers} are read.");
        }
    }

    /// <summary>What is the matter with a model that is to be saved, since it could not be read again; null if nothing is.</summary>
    public static string? Problem(MlpArchitecture architecture, int networks)
    {
        int hidden = architecture.HiddenLayers.Count;
        long layers = LayersOf(architecture) * networks;
        return networks > MostNetworks ? $"it has {networks} networks; at most {MostNetworks} can be read"
            : hidden > MostHiddenLayers ? $"it has {hidden} hidden layers; at most {MostHiddenLayers} can be read"
            : layers > MostLayers ? $"its networks have {layers} layers together; at most {MostLayers} can be read"
            : null;
    }

    /// <summary>Takes what a model needs.</summary>
    /// <exception cref="InvalidDataException">Not so much is left.</exception>
    public void Take(MlpArchitecture architecture, int networks)
    {
        TakeNetworks(networks);
        long layers = LayersOf(architecture) * networks;
        CheckLayers(layers);
        TakeBytes(networks * BytesOf(architecture), "a model");
        _layers -= (int)layers;
    }

    /// <summary>Takes some networks, without their layers.</summary>
    /// <exception cref="InvalidDataException">Not so many are left.</exception>
    public void TakeNetworks(int count)
    {
        if (count > _networks)
        {
            throw new InvalidDataException($"The file has too many networks: {count}, where {_networks} are left of the {MostNetworks} that are read.");
        }

        _networks -= count;
    }

    /// <summary>Refuses a number of layers of all networks, before there is anything of them.</summary>
    /// <exception cref="InvalidDataException">Not so many are left.</exception>
    public void CheckLayers(long count)
    {
        if (count > _layers)
        {
            throw new InvalidDataException(
                $"The file has too many layers: {count} of all networks, where {_layers} are left of the {MostLayers} that are read.");
        }
    }

    /// <summary>Takes a dense layer.</summary>
    /// <exception cref="InvalidDataException">Not so much is left.</exception>
    public void TakeLayer(int inputs, int sums)
    {
        CheckLayers(1);
        TakeBytes(BytesOf(inputs, sums), $"a layer of {inputs} inputs and {sums} sums");
        _layers--;
    }

    /// <summary>Takes some bytes.</summary>
    /// <exception cref="InvalidDataException">Not so many are left.</exception>
    public void TakeBytes(double count, string what)
    {
        if (count > _bytesLeft)
        {
            throw new InvalidDataException(
                $"The file is too large: {what} in it would take {count:0} bytes of memory; {Math.Max(0, _bytesLeft):0} are allowed.");
        }

        _bytesLeft -= count;
    }

    /// <summary>In floating point, which no sizes can overflow.</summary>
    private static double BytesOf(MlpArchitecture architecture)
    {
        // A whitening in front may become a part of the first weights.
        double sum = 0, inputs = Math.Max(architecture.EncodedSize, architecture.Whitening is null ? 0 : architecture.InputSize);
        int members = architecture.SharedMembers;
        foreach (HiddenLayer layer in architecture.HiddenLayers)
        {
            sum += BytesOf(inputs, (double)layer.Units * layer.Activation.SumsPerUnit);
            inputs = layer.Units;
        }

        // The sums of the weights of bins; see EncodedAffineStep.
        double sums = architecture.HiddenLayers is [var first, ..] ? (double)first.Units * first.Activation.SumsPerUnit : architecture.OutputSize;
        sum += sizeof(float) * (architecture.Encoding?.Sources.Length ?? 0) * (sums + EncodedProduct.Lanes);
        double scales = members > 1 ? (double)sizeof(float) * members * architecture.CategorizedSize : 0;
        double vectors = architecture.Categories is { } categories ? (double)sizeof(float) * categories.TableRows * categories.Width : 0;
        double numbers = architecture.Numbers is { } embedded ? LayerBytes + 3 * sizeof(float) * embedded.ParameterCount : 0;
        return sum + members * BytesOf(inputs, architecture.OutputSize) + 2 * (scales + vectors) + numbers;
    }

    /// <summary>The hidden layers, and the outputs of every member.</summary>
    private static long LayersOf(MlpArchitecture architecture) => architecture.HiddenLayers.Count + (long)architecture.SharedMembers;

    private static double BytesOf(double inputs, double sums) =>
        LayerBytes + sizeof(float) * inputs * sums + SumBytes * sums + sizeof(float) * inputs * PanelColumns * Math.Ceiling(sums / PanelColumns);
}
