using Akka.Event;

namespace Akka.Actor;

/// <summary>Does something to actors of certain classes when they are made and given up.</summary>
public interface IActorProducerPlugin
{
    bool CanBeAppliedTo(Type actorType);
    void AfterIncarnated(ActorBase actor, IActorContext context);
    void BeforeIncarnated(ActorBase actor, IActorContext context);
}

/// <summary>A plugin that does nothing yet.</summary>
public abstract class ActorProducerPluginBase : IActorProducerPlugin
{
    public virtual bool CanBeAppliedTo(Type actorType) => true;
    public virtual void AfterIncarnated(ActorBase actor, IActorContext context) { }

    /// <summary>Called when an incarnation is given up, before its successor is made.</summary>
    public virtual void BeforeIncarnated(ActorBase actor, IActorContext context) { }
}

/// <summary>The plugins of a system: stash and timers are two of them.</summary>
public class ActorProducerPipelineResolver
{
    private readonly Lock _gate = new();
    private IActorProducerPlugin[] _plugins = [];

    public ActorProducerPipelineResolver(Func<ILoggingAdapter> logBuilder) => _ = logBuilder;

    public int TotalPluginCount => _plugins.Length;

    public bool IsRegistered(IActorProducerPlugin plugin) => Array.Exists(_plugins, p => p.GetType() == plugin.GetType());
    public bool Register(IActorProducerPlugin plugin) => Insert(_plugins.Length, plugin);

    public bool Insert(int index, IActorProducerPlugin plugin)
    {
        lock (_gate)
        {
            if (IsRegistered(plugin)) return false;
            var plugins = _plugins.ToList();
            plugins.Insert(Math.Min(index, plugins.Count), plugin);
            _plugins = [.. plugins];
            return true;
        }
    }

    public bool Unregister(IActorProducerPlugin plugin)
    {
        lock (_gate)
        {
            var left = Array.FindAll(_plugins, p => p.GetType() != plugin.GetType());
            var removed = left.Length < _plugins.Length;
            _plugins = left;
            return removed;
        }
    }

    internal void Incarnated(ActorBase actor, IActorContext context)
    {
        foreach (var plugin in _plugins)
            if (plugin.CanBeAppliedTo(actor.GetType())) plugin.AfterIncarnated(actor, context);
    }

    internal void Released(ActorBase actor, IActorContext context)
    {
        foreach (var plugin in _plugins)
            if (plugin.CanBeAppliedTo(actor.GetType())) plugin.BeforeIncarnated(actor, context);
    }
}
