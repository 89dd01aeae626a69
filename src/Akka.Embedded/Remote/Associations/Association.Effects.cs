using System.Collections.Immutable;
using Akka.Actor;
using Akka.Embedded.Transports;
using Akka.Event;
using Akka.Remote.Inbound;
using Akka.Remote.Outbound;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>Timers, connecting, and what others are told.</summary>
internal sealed partial class Association
{
    private ICancelable? _wake;
    private TimeSpan? _wakeAt;

    private void ScheduleWake()
    {
        var at = _state.Wake;
        if (at == _wakeAt || (_wakeAt < at && _wake is not null)) return; // Early: then it is looked at again.
        _wake?.Cancel();
        _wakeAt = at;
        var now = _remoting.Now;
        _wake = at is { } time ? _remoting.After(time > now ? time - now : TimeSpan.Zero, Wake) : null;
    }

    private void Wake()
    {
        lock (_gate)
        {
            _wake = null;
            _wakeAt = null;
        }
        Step(Tick.Instance);
    }

    private void StartDialling(int attempt)
    {
        var dialling = _dialling = new Dialling(this, attempt);
        AfterStep(dialling.Start);
    }

    private void GiveUpDialling(int attempt)
    {
        if (_dialling?.Attempt != attempt) return;
        AfterStep(_dialling.GiveUp);
        _dialling = null;
    }

    /// <summary>Remoting has ended: what still waits is dead letters.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            _wake?.Cancel();
            StopQueue("this system is shutting down");
        }
        RunAfterStep();
    }

    private void StopQueue(string reason, QueueState state = QueueState.Refusing)
    {
        Current = null;
        var left = Queue.Refuse(state);
        if (state == QueueState.Forgotten) _remoting.Forget(this);
        if (left.Count == 0) return;
        AfterStep(() =>
        {
            _remoting.System.Log.Warning("{0} messages that waited for [{1}] are dead letters: {2}", left.Count, Remote, reason);
            var messages = new InboundMessages(_remoting, Remote.ToString());
            foreach (var frame in left) messages.Bury(frame);
        });
    }

    private void BuryAll(ImmutableArray<object> messages, string reason)
    {
        _remoting.System.Log.Warning("{0} system messages for [{1}] are lost: {2}", messages.Length, Remote, reason);
        foreach (var message in messages)
            if (message is SystemFrame frame) _remoting.Bury(frame.Message, null, frame.Recipient);
    }

    private void Tell(Effect effect)
    {
        var local = _remoting.Address;
        switch (effect)
        {
            case Opened(var inbound): Publish(new AssociatedEvent(local, Remote, inbound)); break;
            case Ended(var inbound): Publish(new DisassociatedEvent(local, Remote, inbound)); break;
            case Failed(var cause, var inbound):
                AfterStep(() => _remoting.System.Log.Warning(
                    "Association with [{0}] failed: {1}. Messages to it are dead letters for {2}.",
                    Remote, cause, _remoting.Rules.GateFor));
                Publish(new AssociationErrorEvent(new RemoteTransportException(cause), local, Remote, inbound,
                    LogLevel.WarningLevel));
                break;
            case NowQuarantined(var uid, var reason):
                AfterStep(() => _remoting.System.Log.Warning(
                    "[{0}] with uid [{1}] is quarantined: {2}. Only its restart heals that.", Remote, uid, reason));
                Publish(new QuarantinedEvent(Remote, uid));
                break;
            case SystemLost: AfterStep(() => _remoting.Provider.SystemLost(Remote)); break;
            case QuarantinedByPeer: Publish(new ThisActorSystemQuarantinedEvent(local, Remote)); break;
        }
    }

    private void Publish(RemotingLifecycleEvent happened) => AfterStep(() => _remoting.Publish(happened));

    /// <summary>One attempt to connect.</summary>
    private sealed class Dialling(Association association, int attempt)
    {
        private readonly CancellationTokenSource _givenUp = new();
        private Task<IConnection> _connecting = null!;

        public int Attempt { get; } = attempt;

        public void Start()
        {
            try
            {
                _connecting = association._remoting.Transport.ConnectAsync(association.Remote, _givenUp.Token);
            }
            catch (Exception e)
            {
                _connecting = Task.FromException<IConnection>(e);
            }
            if (_connecting.IsCompleted) Connected();
            else
            {
                // Whoever sent the first message may have a context of its own, which has nothing to do with this.
                _connecting.ConfigureAwait(false).GetAwaiter()
                    .UnsafeOnCompleted(() => association._remoting.Dispatcher.Schedule(Connected));
            }
        }

        public void GiveUp()
        {
            _givenUp.Cancel();
            _link?.Connection.Close();
        }

        private Link? _link;

        private void Connected()
        {
            IConnection connection;
            try
            {
                connection = _connecting.GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                association.Step(new DialFailed(Attempt, e.Message));
                return;
            }
            _link = new Link(association._remoting, connection, association, Attempt);
            _link.Start();
            if (_givenUp.IsCancellationRequested) connection.Close();
        }
    }
}
