using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>The membership of one node: inputs and messages in, effects out. No clock, chance or sending here.</summary>
/// <remarks>
/// <para>Joining is in <c>ClusterCore.Joining.cs</c>, gossip in <c>.Gossiping.cs</c>, what the leader does in <c>.Leading.cs</c>,
/// the way out in <c>.Leaving.cs</c>.</para>
/// <para>Every own change of the state counts up this node's part of its version; so nodes with the same version have the same state.
/// </para>
/// </remarks>
internal sealed partial class ClusterCore
{
    private readonly UniqueAddress _self;
    private readonly ImmutableHashSet<string> _roles;
    private readonly AppVersion _version;
    private readonly CoreRules _rules;
    private readonly VectorClock.Node _clock;
    private readonly HashSet<UniqueAddress> _exitingConfirmed = [];
    private List<CoreEffect> _effects = [];
    private bool _exiting; // Between Exiting and the end of what the rest of the system has to do.

    public ClusterCore(UniqueAddress self, ImmutableHashSet<string> roles, AppVersion version, CoreRules rules)
    {
        _self = self;
        _roles = roles;
        _version = version;
        _rules = rules;
        _clock = Gossip.ClockOf(self);
        State = new MembershipState(Gossip.Empty, self);
    }

    public MembershipState State { get; private set; }

    /// <summary>This node has been let in, and has not ended.</summary>
    public bool IsMember => _phase == Phase.Joined;

    /// <summary>It does nothing any more.</summary>
    public bool HasEnded => _phase == Phase.Ended;

    private Gossip Gossip => State.Gossip;

    /// <summary>Something happens on this node.</summary>
    public IReadOnlyList<CoreEffect> Step(CoreInput input)
    {
        if (HasEnded && input is not CoreInput.GossipTick) return []; // Its last words are after its end.
        switch (input)
        {
            case CoreInput.JoinTo(var address): JoinTo(address); break;
            case CoreInput.JoinSeedNodes(var seeds): JoinSeedNodes(seeds); break;
            case CoreInput.SeedTick: SeedTick(); break;
            case CoreInput.SeedTimeout: SeedTimeout(); break;
            case CoreInput.JoinTimeout: JoinTimeout(); break;
            case CoreInput.QuarantinedBy(var address): QuarantinedBy(address); break;
            case CoreInput.GossipTick tick: GossipTick(tick); break;
            case var _ when !IsMember: break;
            case CoreInput.Leave(var address): Leave(address); break;
            case CoreInput.Down(var address): Down(address); break;
            case CoreInput.ExitingCompleted: ExitingCompleted(); break;
            case CoreInput.LeaderTick(var now): LeaderTick(now); break;
            case CoreInput.Reap(var isAvailable): Reap(isAvailable); break;
        }
        return TakeEffects();
    }

    /// <summary>Another node says something.</summary>
    public IReadOnlyList<CoreEffect> Receive(IClusterMessage message)
    {
        if (HasEnded) return [];
        switch (message)
        {
            case InitJoin(var from): AnswerInitJoin(from); break;
            case InitJoinAck(var from): SeedAnswered(from); break;
            case InitJoinNack(var from): SeedRefused(from); break;
            case Welcome welcome: Welcomed(welcome); break;
            case var _ when !IsMember: break;
            case Join join: LetIn(join); break;
            case GossipEnvelope envelope: ReceiveGossip(envelope); break;
            case GossipStatus status: ReceiveStatus(status); break;
            case ExitingConfirmed(var from):
                if (Gossip.StatusOf(from) == MemberStatus.Exiting) _exitingConfirmed.Add(from);
                break;
        }
        return TakeEffects();
    }

    private IReadOnlyList<CoreEffect> TakeEffects()
    {
        if (_effects.Count == 0) return [];
        var effects = _effects;
        _effects = [];
        return effects;
    }

    /// <summary>This node has changed the state: others have not seen it yet.</summary>
    private void Change(Gossip changed)
    {
        // While the rest of the system finishes, nobody is to think that this node has agreed to its removal.
        ImmutableSortedSet<UniqueAddress> seen = _exiting ? [] : [_self];
        SetGossip(changed with { Version = changed.Version.Increment(_clock), Seen = seen });
    }

    private void SetGossip(Gossip gossip)
    {
        State = new MembershipState(gossip, _self);
        _exitingConfirmed.RemoveWhere(node => gossip.StatusOf(node) != MemberStatus.Exiting);
    }

    private void Publish() => _effects.Add(new CoreEffect.Publish(State));
    private void Send(UniqueAddress to, IClusterMessage message) => _effects.Add(new CoreEffect.Send(to.Address, message));
    private void Info(string text) => _effects.Add(new CoreEffect.Log(text));
    private void Warn(string text) => _effects.Add(new CoreEffect.Log(text, IsWarning: true));

    private void ShutDown()
    {
        _phase = Phase.Ended;
        _effects.Add(new CoreEffect.ShutDown());
    }
}
