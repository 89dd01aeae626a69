using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Embedded.Transports;
using Akka.Remote.Associations;

namespace Akka.Remote;

/// <summary>Inbound connections until they have said who they are, and the end of all.</summary>
internal sealed partial class Remoting
{
    private readonly ConcurrentDictionary<int, Link> _links = new(); // All whose connections have not ended.
    private readonly OccasionalLog _tooManyHandshakes;
    private readonly OccasionalLog _trouble; // Of peers.
    private readonly Lock _gate = new();
    private List<IConnection>? _early = []; // Accepted before serializers were there.
    private int _handshakes;
    private Action? _shutDown;
    private bool _closing;
    private bool _closed;

    /// <summary>Longest frame that is sent.</summary>
    public int MaxFrameBytes { get; }

    /// <summary>Serves inbound connections.</summary>
    public void Open()
    {
        List<IConnection> early;
        lock (_gate)
        {
            early = _early ?? [];
            _early = null;
        }
        Publish(new RemotingListenEvent([Address]));
        foreach (var connection in early) Serve(connection);
    }

    /// <summary>Lets a system in that has said who it is.</summary>
    /// <returns>Null, or why not.</returns>
    public string? TryAdmit(Address origin, int uid, out Association? association)
    {
        association = null;
        if (Provider.HasAddress(origin)) return $"it says that it is this system, [{origin}] with uid [{uid}]";
        if (origin.Protocol != Address.Protocol)
            return $"it says that it is [{origin}], and this system speaks {Address.Protocol}";
        if (!_associations.ContainsKey(origin) && _associations.Count >= Settings.MaxAssociations)
            return $"{_associations.Count} systems are known already (akka.remote.max-associations)";
        association = AssociationWith(origin);
        return null;
    }

    /// <summary>One link less has not said who it is.</summary>
    public void HandshakeEnded() => Interlocked.Decrement(ref _handshakes);

    public void LinkClosed(Link link)
    {
        _links.TryRemove(link.Id, out _);
        if (Volatile.Read(ref _shutDown) is not null && _links.IsEmpty) CloseTransport();
    }

    /// <summary>A line in the log for what others do wrong; there are only so many in a while.</summary>
    public void LogTrouble(string what) => _trouble.Warning("{0}", what);

    /// <summary>Says goodbye to all, sends what is queued, closes; <paramref name="done"/> is called once, in bounded time.
    /// </summary>
    public void Shutdown(Action done)
    {
        Volatile.Write(ref _shutDown, done);
        foreach (var association in Associations()) association.Step(AssociationProtocol.ShutDown.Instance);
        if (_links.IsEmpty) CloseTransport();
        else After(Settings.FlushWait, CloseTransport);
    }

    internal void Opened(Link link) => _links[link.Id] = link;

    private void Accepted(IConnection connection)
    {
        lock (_gate)
        {
            if (_early is not null)
            {
                if (_early.Count < Settings.MaxHandshakes) _early.Add(connection);
                else connection.Close();
                return;
            }
        }
        Serve(connection);
    }

    private void Serve(IConnection connection)
    {
        if (Volatile.Read(ref _shutDown) is not null)
        {
            connection.Close();
            return;
        }
        if (Interlocked.Increment(ref _handshakes) > Settings.MaxHandshakes)
        {
            Interlocked.Decrement(ref _handshakes);
            connection.Close();
            _tooManyHandshakes.Warning("A connection from [{0}] is refused: {1} others have not said who they are yet"
                + " (akka.remote.max-concurrent-handshakes)", connection.Peer, Settings.MaxHandshakes);
            return;
        }
        new Link(this, connection, null, attempt: 0).Start();
    }

    private void CloseTransport()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
        }
        var closing = CloseSockets();
        if (closing.IsCompleted)
        {
            Closed();
            return;
        }
        After(Settings.ShutdownTimeout, Closed);
        closing.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Closed);
    }

    private void Closed()
    {
        if (Interlocked.Exchange(ref _closed, true)) return;
        try
        {
            foreach (var association in Associations()) association.Discard();
            Publish(new RemotingShutdownEvent());
            System.Log.Info("Remoting has shut down");
        }
        finally
        {
            _shutDown!(); // In any case: the end of the system waits for it.
        }
    }

    private async Task CloseSockets()
    {
        try
        {
            await Transport.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            System.Log.Error(e, "The network could not be shut down in order"); // The system ends all the same.
        }
    }

    // In an order that does not depend on hashes.
    private IEnumerable<Association> Associations() => _associations.Values.OrderBy(a => a.Remote);
}
