namespace MlNetMlp;

/// <summary>The first part of the addresses of a training run's random numbers: what they are for.</summary>
internal static class TrainingRandom
{
    public const int Initialization = 0;
    public const int Shuffles = 1;
    public const int Epochs = 2;
    public const int Augmentation = 3;
}
