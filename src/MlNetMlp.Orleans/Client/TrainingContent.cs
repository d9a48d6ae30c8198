namespace MlNetMlp.Search;

/// <summary>The rows of the trainings that are under way, on the disk of the client: what several of them have in common is there once.</summary>
internal sealed class TrainingContent
{
    private readonly Lock _lock = new();
    private ContentStore? _store;
    private int _trainings;

    /// <summary>The bytes on the disk.</summary>
    public long Held => _store?.Held ?? 0;

    /// <summary>Begins the rows of a training.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public OfTraining Begin()
    {
        lock (_lock)
        {
            // What nobody uses goes at once.
            _store ??= new ContentStore(Path.GetTempPath(), limit: 0);
            _trainings++;
            return new OfTraining(this, _store);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_trainings == 0)
            {
                _store!.Dispose();
                _store = null;
            }
        }
    }

    /// <summary>The rows of one training, which are there until it is disposed of.</summary>
    public sealed class OfTraining(TrainingContent all, ContentStore store) : IDisposable
    {
        private readonly List<IDisposable> _pins = [];
        private bool _isDisposed;

        /// <summary>Where they are read.</summary>
        public ContentStore Store => store;

        /// <summary>Keeps content.</summary>
        /// <returns>Its name.</returns>
        /// <exception cref="IOException">The disk is full.</exception>
        public string Add(byte[] content)
        {
            while (true)
            {
                string name = store.Add(content);
                if (store.Pin([name]) is { } pin)
                {
                    _pins.Add(pin);
                    return name;
                }

                // Another training has ended in between.
            }
        }

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _pins.ForEach(pin => pin.Dispose());
                all.End();
            }
        }
    }
}
