using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>A place in the tree for references that are no actors, such as those that wait for the answer to an Ask.</summary>
internal sealed class VirtualPathContainer(IActorRefProvider provider, ActorPath path, IInternalActorRef parent) : MinimalActorRef
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

    public override ActorPath Path { get; } = path;
    public override IActorRefProvider Provider { get; } = provider;
    public override IInternalActorRef Parent { get; } = parent;

    public void Add(string name, IInternalActorRef actorRef) => _children[name] = actorRef;
    public void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var names = name.Where(n => !string.IsNullOrEmpty(n)).ToArray();
        if (names.Length == 0) return this;
        if (!_children.TryGetValue(ActorNames.SplitUid(names[0]).Name, out var child)) return ActorRefs.Nobody;
        return names.Length == 1 ? child : child.GetChild(names[1..]);
    }
}
