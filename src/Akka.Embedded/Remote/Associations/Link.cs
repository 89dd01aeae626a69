using Akka.Actor;
using Akka.Event;
using Akka.Embedded.Transports;
using Akka.Remote.Inbound;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>One connection to another system: takes its frames apart, and writes what is for it.</summary>
/// <remarks>Frames come one at a time, on the connection's thread. Ordinary messages go straight to their recipients from
/// there; all else is the association's to decide.</remarks>
internal sealed class Link : IFrameReceiver
{
    private const int Handshaking = 0;
    private const int Live = 1;
    private const int Ended = 2;

    private readonly Remoting _remoting;
    private readonly InboundMessages _messages;
    private readonly ICancelable? _handshakeTimer;
    private volatile Association? _association;
    private long _heardAtTicks;
    private int _state;
    private bool _known; // Or gone.
    private volatile bool _broken; // By us, and logged.

    /// <param name="association">Whom this side has dialled; null: another side made the link, and will say who it is.</param>
    /// <param name="attempt">Number of the attempt to connect; 0: not ours.</param>
    public Link(Remoting remoting, IConnection connection, Association? association, int attempt)
    {
        _remoting = remoting;
        _association = association;
        Attempt = attempt;
        Connection = connection;
        Id = remoting.NextLinkId();
        Writer = new LinkWriter(remoting, this);
        _messages = new InboundMessages(remoting, connection.Peer);
        if (IsInbound) _handshakeTimer = remoting.After(remoting.Rules.HandshakeTimeout, HandshakeIsLate);
    }

    public int Id { get; }
    public int Attempt { get; }
    public bool IsInbound => Attempt == 0;
    public IConnection Connection { get; }
    public LinkWriter Writer { get; }
    public Association? Association => _association;
    public TimeSpan HeardAt => TimeSpan.FromTicks(Volatile.Read(ref _heardAtTicks));

    /// <summary>Starts to read; a link that this side made says first who it is.</summary>
    public void Start()
    {
        _remoting.Opened(this);
        Connection.Start(this);
        if (!IsInbound) Writer.Send(_remoting.AssociateFrame);
    }

    /// <summary>From now on nothing is read: the connection is about to be closed.</summary>
    public void End() => Volatile.Write(ref _state, Ended);

    public void Received(ReadOnlyMemory<byte> frame)
    {
        if (Volatile.Read(ref _state) == Ended) return;
        if (!Frame.TryRead(frame.Span, out var parts))
        {
            Break("it sent a frame that is none of this protocol");
            return;
        }
        if (parts.HasControl) Control(parts.Control);
        else if (Volatile.Read(ref _state) == Live) Message(parts);
        else if (Volatile.Read(ref _state) == Handshaking) RefuseHandshake("it sent something else before its handshake");
    }

    public void ReceivedAll()
    {
        Volatile.Write(ref _heardAtTicks, _remoting.Now.Ticks);
        if (_messages.HasNumbered)
        {
            _messages.HasNumbered = false;
            _association?.Step(new Drained(Id));
        }
    }

    public void Closed(Exception? cause)
    {
        var before = Interlocked.Exchange(ref _state, Ended);
        _handshakeTimer?.Cancel();
        Writer.ConnectionClosed();
        NoLongerUnknown();
        _remoting.LinkClosed(this);
        if (_association is not { } association)
        {
            if (before == Handshaking && !_broken)
                _remoting.LogTrouble($"Connection from [{Connection.Peer}] ended before it said who it is: "
                    + (cause?.Message ?? "it was closed by the other side"));
            return;
        }
        if (before == Handshaking)
            association.Step(new DialFailed(Attempt, cause?.Message ?? "the connection was closed during the handshake"));
        else
            association.Step(new LinkClosed(Id, cause?.Message));
    }

    /// <summary>Ends the connection because of what the other side does.</summary>
    public void Break(string cause)
    {
        _broken = true;
        _remoting.LogTrouble($"Connection with [{Connection.Peer}] is closed: {cause}");
        Connection.Close();
    }

    private void Control(ReadOnlySpan<byte> bytes)
    {
        if (!ControlFrames.TryRead(bytes, out var control))
        {
            Break("it sent a control message that is none of this protocol");
            return;
        }
        switch (control.CommandType)
        {
            case CommandType.Associate when Volatile.Read(ref _state) == Handshaking:
                Associate(control);
                break;
            case CommandType.Disassociate: TakeFarewell(Farewell.Unknown); break;
            case CommandType.DisassociateShuttingDown: TakeFarewell(Farewell.ShuttingDown); break;
            case CommandType.DisassociateQuarantined: TakeFarewell(Farewell.Quarantined); break;
            case CommandType.Heartbeat when Volatile.Read(ref _state) == Live: break; // That it came is all it says.
            default:
                if (Volatile.Read(ref _state) == Handshaking)
                    RefuseHandshake($"it sent {control.CommandType} before its handshake");
                break;
        }
    }

    private void Associate(AkkaControlMessage control)
    {
        _handshakeTimer?.Cancel();
        if (!ControlFrames.TryReadOrigin(control, out var origin, out var uid))
        {
            RefuseHandshake("its handshake does not say where it comes from");
            return;
        }
        if (_association is { } dialled && !dialled.Remote.Equals(origin))
            _remoting.System.Log.Warning("[{0}] was dialled, but says that it is [{1}]: it may drop what is sent to the former",
                dialled.Remote, origin);
        Volatile.Write(ref _heardAtTicks, _remoting.Now.Ticks);
        do
        {
            if (IsInbound)
            {
                if (_remoting.TryAdmit(origin, uid, out var admitted) is { } refusal)
                {
                    RefuseHandshake(refusal);
                    return;
                }
                _association = admitted;
            }
            // Live before the association knows: it may end the link at once, and must be the last to say so.
            Interlocked.CompareExchange(ref _state, Live, Handshaking);
        } while (!_association!.Step(new HandshakeDone(Id, uid, IsInbound, Attempt), this));
        NoLongerUnknown();
    }

    private void TakeFarewell(Farewell reason)
    {
        if (Volatile.Read(ref _state) == Live) _association?.Step(new Disassociated(Id, reason));
        else Connection.Close();
    }

    private void Message(scoped in Frame frame)
    {
        if (frame.Ack is not null) _association!.Step(new Acknowledged(Id, frame.Ack));
        if (!frame.HasEnvelope) return;
        if (frame.Seq == Frame.Unsequenced)
        {
            if (_messages.TryRead(frame, out var message)) _messages.Deliver(message);
            return;
        }
        // What can't be read has come all the same: it must be acknowledged, or it would come for ever.
        object? numbered = _messages.TryRead(frame, out var system) ? system : null;
        _messages.HasNumbered = true;
        _association!.Step(new Received(Id, (long)frame.Seq, numbered));
    }

    private void RefuseHandshake(string cause)
    {
        Writer.Send(ControlFrames.Disassociate(CommandType.Disassociate));
        _remoting.LogTrouble($"Connection with [{Connection.Peer}] is closed: {cause}");
        End();
        Writer.CloseWhenSent();
        if (!IsInbound) _association!.Step(new DialFailed(Attempt, cause));
    }

    private void NoLongerUnknown()
    {
        if (IsInbound && !Interlocked.Exchange(ref _known, true)) _remoting.HandshakeEnded();
    }

    private void HandshakeIsLate()
    {
        if (Volatile.Read(ref _state) != Handshaking) return;
        Break($"it did not say who it is within {_remoting.Rules.HandshakeTimeout}");
    }
}
