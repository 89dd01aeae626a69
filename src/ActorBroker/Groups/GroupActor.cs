using System.Collections.Immutable;
using ActorBroker.Core;
using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Groups;

/// <summary>Runs one <see cref="Group"/>: keeps its callers, its timers and its way to the log. No rule lives here. If it
/// fails, its coordinator reads all its groups from the log anew.</summary>
internal sealed class GroupActor : ReceiveActor, IWithTimers
{
    private readonly Group _group;
    private readonly ImmutableArray<GroupEffect> _start;
    private readonly LocalReplica _log;
    private readonly GroupsEnvironment _environment;
    private readonly Dictionary<Ticket, GroupCall> _callers = [];
    private long _lastTicket;
    private GroupListing? _listing;

    /// <summary>To the parent: the group looks different in a list.</summary>
    public sealed record Changed(GroupListing Listing);

    /// <summary>To the parent: nothing is left of the group. Requests are refused until the parent stops the actor, after
    /// which none of them is on its way.</summary>
    public sealed record Gone(string Group);

    public static Props Props(Group group, ImmutableArray<GroupEffect> start, LocalReplica log, GroupsEnvironment environment) =>
        Akka.Actor.Props.Create(() => new GroupActor(group, start, log, environment));

    /// <param name="start">What restoring the group asked for.</param>
    public GroupActor(Group group, ImmutableArray<GroupEffect> start, LocalReplica log, GroupsEnvironment environment)
    {
        (_group, _start, _log, _environment) = (group, start, log, environment);
        Receive<GroupCall>(call =>
        {
            var ticket = new Ticket(++_lastTicket);
            _callers.Add(ticket, call);
            Step(call.InputFor(ticket));
        });
        Receive<GroupQuery>(query => query.Look(_group.State is GroupState.Dead ? null : _group));
        Receive<GroupInput>(Step);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Run(_start);

    protected override void PostStop()
    {
        foreach (var caller in _callers.Values) caller.Refuse(ErrorCode.NotCoordinator);
        _callers.Clear();
    }

    private void Step(GroupInput input) => Run(_group.Step(input, _environment.Time.GetUtcNow()));

    private void Run(ImmutableArray<GroupEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case GroupEffect.Reply(var to, var message):
                    if (_callers.Remove(to, out var caller)) caller.Complete(message);
                    break;
                case GroupEffect.Persist persist:
                    Persist(persist);
                    break;
                case GroupEffect.ArmTimer(var timer, var delay):
                    Timers.StartSingleTimer(timer, new GroupInput.TimerFired(timer), delay);
                    break;
                case GroupEffect.CancelTimer(var timer):
                    Timers.Cancel(timer);
                    break;
                case GroupEffect.Removed:
                    Context.Parent.Tell(new Gone(_group.Id));
                    break;
            }
        }
        TellParentOfChange();
    }

    private void Persist(GroupEffect.Persist persist)
    {
        var append = new OffsetsAppend(persist, Self, _environment.Time.GetUtcNow(), _environment.CommitTimeout);
        if (append.Header.TotalBytes > _log.Rules.MaxMessageBytes) append.Refused(ErrorCode.MessageTooLarge);
        else _log.Actor.Tell(append);
    }

    private void TellParentOfChange()
    {
        var listing = _group.List();
        if (listing == _listing || listing.State is GroupState.Dead || _group.IsUnknown) return;
        if (_listing is not null && listing.State != _listing.State)
            Log.StateChanged(_environment.Log, _group.Id, listing.State, _group.Generation);
        _listing = listing;
        Context.Parent.Tell(new Changed(listing));
    }
}
