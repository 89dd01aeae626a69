using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>One end of a connection, with the direction that leads away from it.</summary>
internal sealed class SimulatedConnection(SimulatedNetwork network, SimulatedNode node, string peerHost) : IConnection
{
    private static readonly int RetransmitTicks = (int)TimeSpan.FromMilliseconds(500).Ticks;

    private readonly SimulatedNetwork.Link _link = network.LinkOf(node.Name, peerHost);
    private readonly SimulatedNetwork.Link _back = network.LinkOf(peerHost, node.Name);
    private readonly FrameCutter _cutter = new();
    private readonly Queue<Packet> _underWay = new(); // In order; the network's event is about the first one.
    private readonly Queue<Packet> _unread = new();   // Came before somebody wanted to read.
    private SimulatedConnection _peer = null!;
    private IFrameReceiver? _receiver;
    private TaskCompletionSource? _waitingForRoom;
    private long _lastArrival;
    private int _bytesUnderWay;
    private int _bytesUnacknowledged; // Read by the peer, which could not tell.
    private bool _arrivalPlanned;
    private bool _finished;
    private bool _closed;
    private Exception? _cause;

    public SimulatedNode Node => node;
    public string PeerHost => peerHost;
    public string Peer => peerHost;
    public bool IsClosed => _closed;
    private SimulatedWorld World => node.World;

    public bool Joins(string a, string b) =>
        (node.Name == a && peerHost == b) || (node.Name == b && peerHost == a);

    public void Join(SimulatedConnection peer)
    {
        _peer = peer;
        peer._peer = this;
        network.Add(this);
        network.Add(peer);
    }

    public void Start(IFrameReceiver receiver)
    {
        World.CheckThread();
        _receiver = receiver;
        if (_unread.Count > 0) Later(ReadUnread);
        if (_closed) Later(TellClosed);
    }

    public ValueTask SendAsync(IList<ArraySegment<byte>> bytes)
    {
        World.CheckThread();
        if (_closed || _finished) return ValueTask.FromException(_cause ?? HasEnded());
        var packet = new Packet();
        try
        {
            foreach (var segment in bytes)
            {
                packet.Bytes += segment.Count;
                _cutter.Add(segment, packet.Frames);
            }
        }
        catch (InvalidDataException e)
        {
            Break($"ended for a bad frame: {e.Message}"); // What the reader would do.
            return ValueTask.FromException(_cause!);
        }
        _bytesUnderWay += packet.Bytes;
        if (packet.Frames.Count > 0 && network.SettingsOf(_link).HasFaults) Spoil(packet);
        Send(packet);
        if (_bytesUnderWay <= network.WindowBytes) return ValueTask.CompletedTask;
        _waitingForRoom = new TaskCompletionSource();
        return new ValueTask(_waitingForRoom.Task);
    }

    public void Finish()
    {
        World.CheckThread();
        if (_closed || _finished) return;
        _finished = true;
        Send(new Packet { IsEnd = true });
    }

    public void Close() => End(null, tellPeer: true);

    /// <summary>Ends both ends with an error, without a word over the link.</summary>
    public void Break(string why)
    {
        End(new IOException($"The connection to {peerHost} was {why}."), tellPeer: false);
        _peer.End(new IOException($"The connection to {node.Name} was {why}."), tellPeer: false);
    }

    /// <summary>The way to the peer is open again.</summary>
    public void Retransmit()
    {
        if (_underWay.Count > 0 && !_arrivalPlanned) PlanArrival(World.NowTicks + network.Random.Next(RetransmitTicks));
    }

    /// <summary>The way from the peer is open again.</summary>
    public void TakeLateAcknowledgements()
    {
        _bytesUnderWay -= _bytesUnacknowledged;
        _bytesUnacknowledged = 0;
        WakeSender();
    }

    private void End(Exception? cause, bool tellPeer)
    {
        if (_closed) return;
        _closed = true;
        _cause = cause;
        if (tellPeer && !_finished) Send(new Packet { IsEnd = true });
        else if (!tellPeer) _underWay.Clear();
        if (_receiver is not null) Later(TellClosed);
        if (_waitingForRoom is not null) WakeSender();
        if (!tellPeer || _underWay.Count == 0) network.Remove(this);
    }

    private void TellClosed()
    {
        var receiver = _receiver;
        _receiver = null;
        receiver?.Closed(_cause);
    }

    private void Send(Packet packet)
    {
        if (node is { IsMute: true, State: not NodeState.Ended }) return;
        _lastArrival = packet.Arrival = Math.Max(_lastArrival, World.NowTicks + network.DelayOf(_link));
        _underWay.Enqueue(packet);
        if (!_arrivalPlanned && !_link.IsCut) PlanArrival(packet.Arrival);
    }

    // In the reader's process: it reads, or it doesn't while it is paused, and nothing arrives when it has ended.
    private void PlanArrival(long at)
    {
        _arrivalPlanned = true;
        World.Add(new ActionEvent(_peer.Node, Arrive), at - World.NowTicks);
    }

    private void Arrive()
    {
        _arrivalPlanned = false;
        if (_link.IsCut || !_underWay.TryDequeue(out var packet)) return;
        if (_underWay.TryPeek(out var next)) PlanArrival(next.Arrival);
        else if (_closed) network.Remove(this);
        _peer.Take(packet);
    }

    private void Take(Packet packet)
    {
        if (_closed) return;
        if (_receiver is null) _unread.Enqueue(packet);
        else Read(packet);
    }

    private void ReadUnread()
    {
        while (!_closed && _unread.TryDequeue(out var packet)) Read(packet);
    }

    private void Read(Packet packet)
    {
        if (packet.IsEnd)
        {
            End(null, tellPeer: !_peer._closed); // It may only have finished sending.
            return;
        }
        _peer.HasRead(packet.Bytes);
        if (packet.Frames.Count == 0) return;
        var receiver = _receiver!;
        foreach (var frame in packet.Frames)
        {
            if (_closed) return;
            receiver.Received(frame);
        }
        if (!_closed) receiver.ReceivedAll();
    }

    private void HasRead(int bytes)
    {
        if (_back.IsCut) _bytesUnacknowledged += bytes;
        else
        {
            _bytesUnderWay -= bytes;
            WakeSender();
        }
    }

    private void WakeSender()
    {
        if (_waitingForRoom is not { } waiting || (!_closed && _bytesUnderWay > network.WindowBytes)) return;
        _waitingForRoom = null;
        Later(() =>
        {
            if (_closed) waiting.SetException(_cause ?? HasEnded());
            else waiting.SetResult();
        });
    }

    private void Spoil(Packet packet)
    {
        var settings = network.SettingsOf(_link);
        var frames = packet.Frames.ToArray();
        packet.Frames.Clear();
        foreach (var frame in frames)
        {
            if (network.Random.NextDouble() < settings.Drop) continue;
            if (network.Random.NextDouble() < settings.Reorder) SendLate(frame, settings);
            else packet.Frames.Add(frame);
            if (network.Random.NextDouble() < settings.Duplicate) packet.Frames.Add(frame);
        }
    }

    private void SendLate(byte[] frame, LinkSettings settings)
    {
        var late = new Packet();
        late.Frames.Add(frame);
        World.Add(new ActionEvent(_peer.Node, () =>
        {
            if (!_link.IsCut) _peer.Take(late);
        }), network.DelayOf(_link) + network.Random.NextInt64(settings.ReorderDelay.Ticks + 1));
    }

    private IOException HasEnded() => new($"The connection to {peerHost} has ended.");

    private void Later(Action action) => World.Add(new ActionEvent(node, action), 0);

    private sealed class Packet
    {
        public List<byte[]> Frames { get; } = [];
        public int Bytes { get; set; }
        public long Arrival { get; set; }
        public bool IsEnd { get; init; }
    }
}
