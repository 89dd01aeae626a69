using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Publishes events to those who subscribed to a class of them.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
    where TSubscriber : notnull
{
    private readonly Lock _gate = new();
    private volatile List<(TClassifier Classifier, TSubscriber Subscriber)> _subscriptions = [];
    // Who gets events of a class; forgotten at every change of subscriptions.
    private volatile ConcurrentDictionary<TClassifier, TSubscriber[]> _cache = new();

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);
    protected abstract bool Classify(TEvent @event, TClassifier classifier);
    protected abstract TClassifier GetClassifier(TEvent @event);

    /// <returns>False: was subscribed already.</returns>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_gate)
        {
            if (_subscriptions.Exists(s => Same(s.Subscriber, subscriber) && IsSubClassification(s.Classifier, classifier)))
                return false;
            Change([.. _subscriptions, (classifier, subscriber)]);
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber) => Remove(s => Same(s.Subscriber, subscriber));

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) =>
        Remove(s => Same(s.Subscriber, subscriber) && IsSubClassification(classifier, s.Classifier));

    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!_cache.TryGetValue(classifier, out var subscribers)) subscribers = Lookup(classifier);
        foreach (var subscriber in subscribers) Publish(@event, subscriber);
    }

    protected string SimpleName(object source) => SimpleName(source.GetType());
    protected string SimpleName(Type source) => source.Name;

    private TSubscriber[] Lookup(TClassifier classifier)
    {
        lock (_gate)
        {
            var subscribers = _subscriptions
                .Where(s => IsSubClassification(s.Classifier, classifier))
                .Select(s => s.Subscriber).Distinct().ToArray();
            _cache[classifier] = subscribers;
            return subscribers;
        }
    }

    private bool Remove(Predicate<(TClassifier Classifier, TSubscriber Subscriber)> which)
    {
        lock (_gate)
        {
            var left = _subscriptions.FindAll(s => !which(s));
            if (left.Count == _subscriptions.Count) return false;
            Change(left);
            return true;
        }
    }

    private void Change(List<(TClassifier, TSubscriber)> subscriptions)
    {
        _subscriptions = subscriptions;
        _cache = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
    }

    private static bool Same(TSubscriber a, TSubscriber b) => EqualityComparer<TSubscriber>.Default.Equals(a, b);
}

/// <summary>An event bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef> where TClassifier : notnull;
