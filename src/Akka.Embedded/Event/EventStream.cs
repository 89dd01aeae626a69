using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>The system's bus: log events, dead letters, and whatever else actors publish; subscribers by type.</summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private volatile IActorRef? _unsubscriber;

    public EventStream(bool debug) => _debug = debug;

    /// <summary>From now on subscribers that die are unsubscribed.</summary>
    public void StartUnsubscriber(ActorSystemImpl system) =>
        _unsubscriber = system.SystemActorOf(Props.Create(() => new EventStreamUnsubscriber(this)), "EventStreamUnsubscriber");

    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug) Publish(new Debug(SimpleName(this), GetType(), $"{subscriber} subscribes to {channel}"));
        var added = base.Subscribe(subscriber, channel);
        if (added && subscriber is not MinimalActorRef)
            _unsubscriber?.Tell(new EventStreamUnsubscriber.Register(subscriber), ActorRefs.NoSender);
        return added;
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return base.Unsubscribe(subscriber, channel);
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return base.Unsubscribe(subscriber);
    }
}

/// <summary>Watches subscribers and unsubscribes the dead.</summary>
internal sealed class EventStreamUnsubscriber : UntypedActor
{
    private readonly EventStream _stream;

    public EventStreamUnsubscriber(EventStream stream) => _stream = stream;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Register register: Context.Watch(register.Subscriber); break;
            case Terminated terminated: _stream.Unsubscribe(terminated.ActorRef); break;
        }
    }

    public sealed record Register(IActorRef Subscriber);
}

/// <summary>Subscribing by type argument.</summary>
public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
