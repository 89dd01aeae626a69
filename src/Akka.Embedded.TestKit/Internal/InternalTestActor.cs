using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>The actor behind TestActor and probes: puts what it gets into the queue that the test reads.</summary>
/// <remarks>It runs on the sender's thread, so a message is in the queue when Tell returns.</remarks>
internal sealed class InternalTestActor : ActorBase
{
    private readonly ReceivedMessages _queue;
    private readonly DelegatingSupervisorStrategy _strategies = new();
    private TestActor.Ignore? _ignore;
    private AutoPilot _autoPilot = TestActor.NoAutoPilot;

    public InternalTestActor(ReceivedMessages queue) => _queue = queue;

    protected override SupervisorStrategy SupervisorStrategy() => _strategies;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                return true;
            case TestActor.SetAutoPilot set:
                _autoPilot = set.AutoPilot;
                return true;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                return true;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                return true;
            case TestActor.Spawn spawn:
                var child = spawn.Apply(Context);
                if (spawn._supervisorStrategy.HasValue) _strategies.Update(child, spawn._supervisorStrategy.Value);
                _queue.Add(new RealMessageEnvelope(child, Self));
                return true;
        }

        var sender = Sender;
        var next = _autoPilot.Run(sender, message);
        if (next is not KeepRunning) _autoPilot = next;
        if (_ignore?.Invoke(message) != true) _queue.Add(new RealMessageEnvelope(message, sender));
        return true;
    }

    /// <summary>What the test never looked at is dead.</summary>
    protected override void PostStop()
    {
        foreach (var left in _queue.Drain())
            if (left.Message is not IDeadLetterSuppression)
                Context.System.DeadLetters.Tell(new DeadLetter(left.Message, left.Sender, Self), left.Sender);
    }
}
