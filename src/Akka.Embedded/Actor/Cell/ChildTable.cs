namespace Akka.Actor.Internal;

/// <summary>The children of one actor by name, and what the actor waits for until those that shall die are dead.</summary>
/// <remarks>Changed by the actor and, for guardians, by any thread that makes a top-level actor; read by anyone.</remarks>
internal sealed class ChildTable
{
    /// <summary>What happens when the last child that shall die is dead.</summary>
    public enum Waiting
    {
        None,
        /// <summary>Nothing: the user stopped single children.</summary>
        UserRequest,
        Recreation,
        Creation,
        Termination,
    }

    private readonly object _gate = new();
    private Dictionary<string, IChildStats>? _byName;
    private HashSet<IActorRef>? _toDie;
    private Waiting _waiting;
    private bool _closed;
    private bool _terminated;

    public bool IsTerminating
    {
        get
        {
            lock (_gate) return _terminated || _waiting == Waiting.Termination;
        }
    }

    /// <summary>Neither dying nor waiting to be made again.</summary>
    public bool IsNormal
    {
        get
        {
            lock (_gate) return !_terminated && _waiting is Waiting.None or Waiting.UserRequest;
        }
    }

    public bool IsWaitingForChildren
    {
        get
        {
            lock (_gate) return _waiting is Waiting.Recreation or Waiting.Creation;
        }
    }

    public void Reserve(string name)
    {
        lock (_gate)
        {
            RefuseWhenClosed(name);
            if (!(_byName ??= new(StringComparer.Ordinal)).TryAdd(name, ChildNameReserved.Instance))
                throw new InvalidActorNameException($"There is a child [{name}] already.");
        }
    }

    public void Unreserve(string name)
    {
        lock (_gate)
        {
            if (_byName?.GetValueOrDefault(name) is ChildNameReserved) _byName.Remove(name);
        }
    }

    /// <exception cref="InvalidOperationException">The parent has been told to stop since the name was reserved: it would not
    /// stop this child, and a child that outlives its parent never ends.</exception>
    public void Add(IInternalActorRef child)
    {
        lock (_gate)
        {
            RefuseWhenClosed(child.Path.Name);
            if (_byName is not null && _byName.GetValueOrDefault(child.Path.Name) is ChildNameReserved)
                _byName[child.Path.Name] = new ChildRestartStats(child);
        }
    }

    public ChildRestartStats? Find(string name)
    {
        lock (_gate) return _byName?.GetValueOrDefault(name) as ChildRestartStats;
    }

    public ChildRestartStats? Find(IActorRef child) =>
        Find(child.Path.Name) is { } stats && stats.Child.Equals(child) ? stats : null;

    public IReadOnlyCollection<IInternalActorRef> All()
    {
        lock (_gate)
        {
            return _byName is null or { Count: 0 } ? []
                : _byName.Values.OfType<ChildRestartStats>().Select(s => s.Child).ToArray();
        }
    }

    public IReadOnlyCollection<ChildRestartStats> Stats()
    {
        lock (_gate) return _byName is null ? [] : _byName.Values.OfType<ChildRestartStats>().ToArray();
    }

    /// <summary>Remembers that <paramref name="child"/> has been told to stop.</summary>
    public void ShallDie(IActorRef child)
    {
        lock (_gate)
        {
            if (Find(child) is null || _terminated) return;
            (_toDie ??= []).Add(child);
            if (_waiting == Waiting.None) _waiting = Waiting.UserRequest;
        }
    }

    /// <returns>False: no child is dying, go on at once. True: <see cref="Remove"/> will tell when.</returns>
    public bool WaitFor(Waiting reason)
    {
        lock (_gate)
        {
            if (_toDie is null or { Count: 0 }) return false;
            _waiting = reason;
            return true;
        }
    }

    /// <summary>Removes a dead child; the reason to go on with, if it was the last one waited for.</summary>
    public Waiting Remove(IActorRef child)
    {
        lock (_gate)
        {
            if (Find(child) is not null) _byName!.Remove(child.Path.Name);
            if (_toDie is null || !_toDie.Remove(child) || _toDie.Count > 0) return Waiting.None;
            var reason = _waiting;
            _waiting = Waiting.None;
            if (reason == Waiting.Termination) _terminated = true;
            return reason;
        }
    }

    /// <summary>Takes no more children: those that there are now are all that have to be stopped.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    public void SetTerminated()
    {
        lock (_gate)
        {
            _terminated = true;
            _waiting = Waiting.None;
        }
    }

    private void RefuseWhenClosed(string name)
    {
        if (_closed || _terminated)
            throw new InvalidOperationException($"No child [{name}] can be made: its parent is stopping or has stopped.");
    }
}
