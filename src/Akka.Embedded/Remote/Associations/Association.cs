using Akka.Actor;
using Akka.Event;
using Akka.Remote.Inbound;
using Akka.Remote.Outbound;
using Akka.Remote.Wire;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>The way to one other system: runs <see cref="AssociationState"/>, owns the queue and the links.</summary>
/// <remarks>Inputs come from any thread and are taken one at a time. Nothing is waited for, and no socket touched, while one is
/// taken: connecting, closing, delivering and publishing happen after, in <see cref="AfterStep"/>.</remarks>
internal sealed partial class Association
{
    private readonly Remoting _remoting;
    private readonly Lock _gate = new();
    private readonly AssociationState _state;
    private readonly Queue<IInput> _inputs = new();
    private readonly Dictionary<int, Link> _links = [];
    private readonly Queue<Action> _afterStep = new();
    private Dialling? _dialling;
    private bool _stepping;
    private bool _afterStepRuns;

    public Association(Remoting remoting, Address remote)
    {
        _remoting = remoting;
        Remote = remote;
        Queue = new OutboundQueue(remoting.Settings.OutboundQueueBytes);
        _state = new AssociationState(remoting.Rules, remoting.Now);
        _full = new OccasionalLog(remoting);
    }

    public Address Remote { get; }
    public OutboundQueue Queue { get; }

    /// <summary>True: remoting no longer knows it; ask for a new one.</summary>
    public bool IsForgotten => Queue.State == QueueState.Forgotten;

    /// <summary>The incarnation of the other system that was met last.</summary>
    public int? Uid => _state.Uid;

    /// <summary>Takes one input, now or right after the one that is being taken.</summary>
    /// <param name="link">The link that the input introduces.</param>
    /// <returns>False: this association has been forgotten; take a new one.</returns>
    public bool Step(IInput input, Link? link = null)
    {
        lock (_gate)
        {
            if (IsForgotten) return false;
            if (link is not null) _links[link.Id] = link;
            _inputs.Enqueue(input);
            if (_stepping) return true; // An effect caused it; the loop below takes it.
            _stepping = true;
            try
            {
                while (_inputs.TryDequeue(out var next)) TakeInput(next);
                ScheduleWake();
            }
            finally
            {
                _stepping = false;
            }
        }
        RunAfterStep();
        return true;
    }

    // In the order in which they were asked for, by whoever comes first.
    private void RunAfterStep()
    {
        while (true)
        {
            Action? next;
            lock (_gate)
            {
                if (_afterStepRuns || !_afterStep.TryDequeue(out next)) return;
                _afterStepRuns = true;
            }
            try
            {
                next();
            }
            catch (Exception e)
            {
                _remoting.System.Log.Error(e, "Association with [{0}]: {1}", Remote, e.Message);
            }
            lock (_gate) _afterStepRuns = false;
        }
    }

    private void TakeInput(IInput input)
    {
        var now = _remoting.Now;
        if (input is Tick)
            foreach (var link in _links.Values) _state.Step(new Heard(link.Id, link.HeardAt), now);
        foreach (var effect in _state.Step(input, now)) Run(effect);
        if (input is LinkClosed closed) _links.Remove(closed.Link);
    }

    private void Run(Effect effect)
    {
        switch (effect)
        {
            case Transmit(_, var seq, SystemFrame frame):
                frame.SetSeq(seq);
                Queue.AddSystem(frame);
                Current?.Writer.Kick();
                break;
            case SendAck(var id, var ack):
                Queue.SetAck(ControlFrames.Ack(ack));
                Of(id)?.Writer.Kick();
                break;
            case Deliver(InboundMessage message): AfterStep(() => message.Deliver(_remoting)); break;
            case Heartbeat(var id): Of(id)?.Writer.Send(ControlFrames.Heartbeat); break;
            case Dial(var attempt): StartDialling(attempt); break;
            case GiveUp(var attempt): GiveUpDialling(attempt); break;
            case Answer(var id): Of(id)?.Writer.Send(_remoting.AssociateFrame); break;
            case Use(var id):
                Current = Of(id);
                Queue.Accept(Current?.Writer);
                Current?.Writer.Kick();
                break;
            case Hold:
                Current = null;
                Queue.Accept(null);
                break;
            case Refuse(var reason): StopQueue(reason); break;
            case SayFarewell(var id, var reason): Of(id)?.Writer.Send(FarewellFrame(reason)); break;
            case Close(var id): CloseLink(id); break;
            case Finish(var id): Of(id)?.Writer.FinishWith(FarewellFrame(Farewell.ShuttingDown)); break;
            case Forget: StopQueue("nothing was known of it", QueueState.Forgotten); break;
            case Lost(var messages, var reason): AfterStep(() => BuryAll(messages, reason)); break;
            default: Tell(effect); break;
        }
    }

    private Link? Current { get; set; }

    private void AfterStep(Action action) => _afterStep.Enqueue(action);

    private Link? Of(int id) => _links.GetValueOrDefault(id);

    private void CloseLink(int id)
    {
        if (!_links.Remove(id, out var link)) return;
        if (link == Current) Current = null;
        link.End();
        AfterStep(link.Writer.CloseWhenSent);
    }

    private static byte[] FarewellFrame(Farewell reason) => ControlFrames.Disassociate(reason switch
    {
        Farewell.ShuttingDown => Wire.Proto.CommandType.DisassociateShuttingDown,
        Farewell.Quarantined => Wire.Proto.CommandType.DisassociateQuarantined,
        _ => Wire.Proto.CommandType.Disassociate,
    });
}
