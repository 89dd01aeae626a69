namespace ActorBroker.Simulation.Brokers;

/// <summary>Whether a broker's copy of the controller's journal counts, as it logs.</summary>
internal sealed class VoterLog
{
    private const int OpenedEvent = 6, IsNewEvent = 7, CountsEvent = 10;

    private bool _isOpen;
    private bool _isNew;

    /// <summary>It was read by this process, and is no new disk that the others have not recorded yet.</summary>
    public bool Counts => _isOpen && !_isNew;

    /// <summary>What it has is not known until it is read.</summary>
    public void Starts() => _isOpen = false;

    public void Logs(int eventId)
    {
        switch (eventId)
        {
            case OpenedEvent:
                _isOpen = true;
                break;
            case IsNewEvent:
                (_isOpen, _isNew) = (true, true);
                break;
            case CountsEvent:
                _isNew = false;
                break;
        }
    }
}
