using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Groups;

/// <summary>
/// Coordinates the groups of one partition of <c>__consumer_offsets</c> while this broker leads it: loads them from the log,
/// has an actor for each, and refuses requests before and after. It outlives its leadership, so that no request is lost in
/// the mailbox of an actor that is gone.
/// </summary>
internal sealed class OffsetsCoordinator : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryLoad = TimeSpan.FromSeconds(1);

    private readonly int _partition;
    private readonly GroupsEnvironment _environment;
    private readonly Dictionary<string, IActorRef> _groups = [];
    private readonly Dictionary<string, GroupListing> _listings = [];
    private readonly HashSet<IActorRef> _leaving = [];
    private LocalReplica? _log;
    private Epoch _epoch = Epoch.None;
    private IActorRef? _loader;
    private long _lastGroup;

    /// <summary>From the parent: this broker leads the partition, or does so in another epoch.</summary>
    public sealed record Lead(Epoch Epoch, LocalReplica Log);

    /// <summary>From the parent: another broker leads the partition.</summary>
    public sealed record Resign
    {
        public static readonly Resign Instance = new();
    }

    /// <summary>To the parent: the coordinator begins (again) and knows of no leadership.</summary>
    public sealed record Started(int Partition);

    private sealed record LoadAgain
    {
        public static readonly LoadAgain Instance = new();
    }

    public static Props Props(int partition, GroupsEnvironment environment) =>
        Akka.Actor.Props.Create(() => new OffsetsCoordinator(partition, environment));

    public OffsetsCoordinator(int partition, GroupsEnvironment environment)
    {
        (_partition, _environment) = (partition, environment);
        Become(NotOurs);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.Parent.Tell(new Started(_partition));

    /// <summary>A group that broke a rule of ours may have told wrong things to its log or its members: the state that counts
    /// is the one in the log, so all groups of the partition are read anew.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void NotOurs()
    {
        Receive<Lead>(StartLoading);
        Receive<Terminated>(gone => _leaving.Remove(gone.ActorRef));
        Receive<GroupRequest>(request => request.Refuse(ErrorCode.NotCoordinator));
        Receive<ListGroupsQuery>(query => query.Complete([]));
        ReceiveAny(_ => { });
    }

    private void Loading()
    {
        Receive<Lead>(LeadAnew);
        Receive<Resign>(_ => StopServing());
        Receive<Terminated>(gone =>
        {
            if (_leaving.Remove(gone.ActorRef)) LoadWhenAllHaveLeft();
            else BeginAgain();
        });
        Receive<OffsetsLoader.Loaded>(loaded => Serve(loaded), _ => Sender.Equals(_loader));
        Receive<OffsetsLoader.Failed>(
            failed =>
            {
                Log.LoadFailed(_environment.Log, failed.Cause, failed.Error, _partition);
                Timers.StartSingleTimer(LoadAgain.Instance, LoadAgain.Instance, RetryLoad);
            },
            _ => Sender.Equals(_loader));
        Receive<LoadAgain>(_ => LoadWhenAllHaveLeft());
        Receive<GroupRequest>(request => request.Refuse(ErrorCode.CoordinatorLoadInProgress));
        Receive<ListGroupsQuery>(query => query.Refuse(ErrorCode.CoordinatorLoadInProgress));
        ReceiveAny(_ => { });
    }

    private void Serving()
    {
        Receive<Lead>(LeadAnew, lead => lead.Epoch != _epoch);
        Receive<Resign>(_ => StopServing());
        Receive<Terminated>(_ => BeginAgain());
        Receive<GroupQuery>(query => query.Look(null), query => !_groups.ContainsKey(query.Group));
        Receive<GroupRequest>(request => GroupOf(request.Group).Tell(request));
        Receive<GroupInput>(input =>
        {
            foreach (var group in _groups.Values) group.Tell(input);
        });
        Receive<ListGroupsQuery>(query => query.Complete(_listings.Values));
        Receive<GroupActor.Changed>(
            changed => _listings[changed.Listing.Group] = changed.Listing,
            changed => IsCurrent(changed.Listing.Group));
        Receive<GroupActor.Gone>(
            gone =>
            {
                _groups.Remove(gone.Group);
                _listings.Remove(gone.Group);
                Sender.Tell(PoisonPill.Instance);
            },
            gone => IsCurrent(gone.Group));
        ReceiveAny(_ => { });
    }

    /// <summary>Another broker may have led in between.</summary>
    private void LeadAnew(Lead lead)
    {
        StopServing();
        StartLoading(lead);
    }

    private void StartLoading(Lead lead)
    {
        (_epoch, _log) = (lead.Epoch, lead.Log);
        Context.Watch(_log.Actor);
        Become(Loading);
        LoadWhenAllHaveLeft();
    }

    /// <summary>Groups of an earlier leadership may have something to write yet. What is read must be the end of it.</summary>
    private void LoadWhenAllHaveLeft()
    {
        if (_leaving.Count > 0) return;
        StopLoader();
        _loader = Context.ActorOf(OffsetsLoader.Props(_log!, _environment));
    }

    private void Serve(OffsetsLoader.Loaded loaded)
    {
        foreach (var stored in loaded.Groups.Groups)
        {
            var (group, start) = Group.Restore(stored, _environment.Settings);
            StartGroup(group, start);
        }
        if (loaded.Records > 0) Log.Loaded(_environment.Log, _groups.Count, loaded.Records, _partition);
        Become(Serving);
    }

    /// <summary>The replica's actor is gone, and with it the answers to what it was told.</summary>
    private void BeginAgain()
    {
        StopServing();
        Context.Parent.Tell(new Started(_partition));
    }

    private void StopServing()
    {
        Context.Unwatch(_log!.Actor);
        StopLoader();
        Timers.CancelAll();
        foreach (var group in _groups.Values)
        {
            _leaving.Add(Context.Watch(group));
            group.Tell(new GroupInput.Resign());
            group.Tell(PoisonPill.Instance);
        }
        _groups.Clear();
        _listings.Clear();
        Become(NotOurs);
    }

    private IActorRef GroupOf(string id) =>
        _groups.TryGetValue(id, out var group) ? group : StartGroup(new Group(id, _environment.Settings), []);

    private IActorRef StartGroup(Group group, ImmutableArray<GroupEffect> start)
    {
        // Numbered, because one that goes may still be there when the next of its name comes.
        var name = string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(group.Id)}-{++_lastGroup}");
        var actor = Context.ActorOf(GroupActor.Props(group, start, _log!, _environment), name);
        _groups.Add(group.Id, actor);
        return actor;
    }

    private void StopLoader()
    {
        if (_loader is not null) Context.Stop(_loader);
        _loader = null;
    }

    private bool IsCurrent(string group) => _groups.TryGetValue(group, out var actor) && actor.Equals(Sender);
}
