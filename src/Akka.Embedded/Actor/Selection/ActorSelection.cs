using Akka.Util;

namespace Akka.Actor;

/// <summary>The actors that a path, with wildcards, leads to from an anchor at the moment of each Tell.</summary>
public class ActorSelection : ICanTell
{
    public ActorSelection() : this(null!, Array.Empty<SelectionPathElement>()) { }

    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/').AsEnumerable()) { }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, elements.Where(e => !string.IsNullOrEmpty(e)).Select(Element).ToArray()) { }

    public IActorRef Anchor { get; }
    public SelectionPathElement[] Path { get; }
    public string PathString => "/" + string.Join<SelectionPathElement>('/', Path);

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.GetCurrentSelfOrNoSender();
        Deliver(Anchor.AsInternal(), sender, new ActorSelectionMessage(message, Path));
    }

    /// <summary>The one actor at the end of the path.</summary>
    /// <exception cref="ActorNotFoundException">By the task: nobody answered in time, or there is nobody.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"Nobody is at {this}.");
        }
        catch (Exception e) when (e is not ActorNotFoundException)
        {
            throw new ActorNotFoundException($"{this} could not be resolved.", e);
        }
    }

    protected bool Equals(ActorSelection other) => Equals(Anchor, other.Anchor) && Path.SequenceEqual(other.Path);
    public override bool Equals(object? obj) => obj is ActorSelection other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Anchor, Path.Length);

    public override string ToString() =>
        $"ActorSelection[Anchor({Anchor.Path.ToStringWithUid()}), Path({PathString})]";

    /// <summary>Walks from <paramref name="anchor"/> as far as the path stays in this process.</summary>
    internal static void Deliver(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection)
    {
        var at = anchor;
        for (var i = 0; i < selection.Elements.Length; i++)
        {
            if (at is not ActorRefWithCell here)
            {
                // A container or another node walks on by itself.
                if (at is VirtualPathContainer container && selection.Elements[i] is SelectChildName { Name: var name })
                {
                    at = container.GetChild([name]).AsInternal();
                    if (at is not Nobody) continue;
                }
                else if (at is not Nobody)
                {
                    at.Tell(selection.Copy(elements: selection.Elements[i..]), sender);
                    return;
                }
                NotFound(anchor, sender, selection);
                return;
            }

            var last = i == selection.Elements.Length - 1;
            switch (selection.Elements[i])
            {
                case SelectParent:
                    at = here.Parent is Nobody ? here : here.Parent;
                    break;
                case SelectChildName child:
                    at = here.GetSingleChild(child.Name);
                    if (at is not Nobody) break;
                    NotFound(anchor, sender, selection);
                    return;
                case SelectChildPattern pattern:
                    FanOut(anchor, sender, selection, Children(here).Where(c => c.Path.Name.Like(pattern.PatternStr)), i, last);
                    return;
                default:
                    FanOut(anchor, sender, selection, Descendants(here), i, last: true);
                    return;
            }
        }
        at.Tell(selection.Message, sender);
    }

    private static void FanOut(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection,
        IEnumerable<IInternalActorRef> found, int at, bool last)
    {
        var any = false;
        foreach (var child in found)
        {
            any = true;
            if (last) child.Tell(selection.Message, sender);
            else Deliver(child, sender, selection.Copy(elements: selection.Elements[(at + 1)..], wildCardFanOut: true));
        }
        if (!any && !selection.WildCardFanOut) NotFound(anchor, sender, selection);
    }

    private static void NotFound(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection)
    {
        if (selection.WildCardFanOut) return;
        var provider = anchor.Provider;
        var path = anchor.Path / selection.Elements.Select(e => e.ToString()!);
        var nobody = new EmptyLocalActorRef(provider, path, provider.Settings.System.EventStream);
        nobody.Tell(selection.Message, sender);
    }

    private static IEnumerable<IInternalActorRef> Children(ActorRefWithCell of) => of.Children.Cast<IInternalActorRef>();

    private static IEnumerable<IInternalActorRef> Descendants(ActorRefWithCell of) =>
        Children(of).SelectMany(c => c is ActorRefWithCell withCell ? [c, .. Descendants(withCell)]
            : (IEnumerable<IInternalActorRef>)[c]);

    private static SelectionPathElement Element(string text) => text switch
    {
        ".." => SelectParent.Instance,
        "**" => SelectChildRecursive.Instance,
        _ when text.Contains('*') || text.Contains('?') => new SelectChildPattern(text),
        _ => new SelectChildName(text),
    };
}

/// <summary>Makes selections for systems and contexts.</summary>
public static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        var anchor = actorPath.Address.HasGlobalScope && !actorPath.Address.Equals(provider.DefaultAddress)
            ? provider.RootGuardianAt(actorPath.Address)
            : provider.RootGuardian;
        return new ActorSelection(anchor, actorPath.Elements);
    }

    /// <summary>A full path (with an address), an absolute one (from the root) or a relative one (from
    /// <paramref name="lookupRoot"/>).</summary>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        if (ActorPath.TryParse(path, out var full)) return ActorSelection(full, system);
        return path.StartsWith('/')
            ? new ActorSelection(provider.RootGuardian, path)
            : new ActorSelection(lookupRoot, path);
    }

    public static ActorSelection ActorSelection(IActorRef anchorActorRef, string path) => new(anchorActorRef, path);
}
