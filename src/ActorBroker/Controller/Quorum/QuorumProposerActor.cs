using System.Collections.Immutable;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;
using ActorBroker.Threads;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Controller.Quorum;

/// <summary>What a <see cref="QuorumProposerActor"/> works with.</summary>
/// <param name="NewSession">A number that no proposer had before.</param>
/// <param name="Voters">Paths of all voters.</param>
/// <param name="RequestTimeout">When a voter is asked again.</param>
/// <param name="ElectionTimeout">When all are asked again, as nobody was elected.</param>
/// <param name="Limits">Of its messages.</param>
internal sealed record ProposerParts(
    BrokerId Self, Func<long> NewSession, ImmutableSortedDictionary<BrokerId, string> Voters, TimeSpan RequestTimeout,
    TimeSpan ElectionTimeout, QuorumLimits Limits, TimeProvider Time, ILogger Log)
{
    /// <summary>Where those go on who wait for the journal; null: the real one.</summary>
    public WorkPool? Pool { get; init; }
}

/// <summary>
/// Runs <see cref="QuorumProposer"/> beside the controller: campaigns until it is elected, then writes the controller's journal.
/// When another is elected, it stops, and with it the controller, which knows nothing of what that one writes.
/// </summary>
/// <remarks>One life is one term at most: a new one is made for the next.</remarks>
internal sealed class QuorumProposerActor : ReceiveActor, IWithTimers
{
    /// <summary>Somebody has to look why nobody is elected, and need not be told every second.</summary>
    private const int CampaignsPerWarning = 5;

    private readonly ProposerParts _parts;
    private readonly QuorumProposer _proposer;
    private readonly QuorumSession _session;
    private readonly Dictionary<BrokerId, ActorSelection> _voters;
    private readonly Queue<(Offset End, Promise<bool> Done)> _uncommitted = new();
    private readonly long _started;
    private TimeSpan _campaigned;
    private int _campaigns;
    private int _lostElections;
    private bool _hasWon;
    private long _lastSequenceNr;

    /// <summary>To its parent: it was elected, and the journal and the snapshot store can be used.</summary>
    public sealed record Elected(Epoch Epoch);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Campaign
    {
        public static readonly Campaign Instance = new();
    }

    public static Props Props(ProposerParts parts) => Akka.Actor.Props.Create(() => new QuorumProposerActor(parts));

    public QuorumProposerActor(ProposerParts parts)
    {
        _parts = parts;
        _started = parts.Time.GetTimestamp();
        _voters = parts.Voters.ToDictionary(v => v.Key, v => Context.ActorSelection(v.Value));
        _proposer = new QuorumProposer(
            new ProposerId(parts.Self, parts.NewSession()), parts.Voters.Keys, parts.RequestTimeout, parts.Limits);
        _session = new QuorumSession(Self, parts.Limits.LargestEntryBytes, parts.Pool);
        Receive<QuorumAnswer>(answer =>
        {
            _proposer.Hear(answer, Now);
            RunEffects();
        });
        Receive<QuorumSession.Append>(Append);
        Receive<QuorumSession.Compact>(Compact);
        Receive<Campaign>(_ => StartCampaign());
        Receive<Tick>(_ =>
        {
            if (!_hasWon && Now - _campaigned > _parts.ElectionTimeout) StartCampaign();
            else _proposer.Tick(Now);
            RunEffects();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _parts.Time.GetElapsedTime(_started);

    protected override void PreStart()
    {
        QuorumPersistence.Get(Context.System).Session = _session;
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _parts.RequestTimeout / 2);
        StartCampaign();
    }

    protected override void PostStop()
    {
        var lost = new QuorumLostException("This broker does not write the controller's journal any more.");
        _session.End(lost);
        while (_uncommitted.TryDequeue(out var waiting)) waiting.Done.Fail(lost);
    }

    private void StartCampaign()
    {
        if (_hasWon) return;
        if (_campaigns > 0 && _campaigns % CampaignsPerWarning == 0)
            QuorumLog.NotElected(_parts.Log, _campaigns, _proposer.Describe());
        _campaigns++;
        _campaigned = Now;
        _proposer.Campaign(Now);
        QuorumLog.Campaigns(_parts.Log, _proposer.Epoch);
        RunEffects();
    }

    private void Append(QuorumSession.Append append)
    {
        // The last term's controller may still be writing when this one begins.
        if (!_proposer.MayAppend || append.FirstSequenceNr <= _lastSequenceNr)
        {
            append.Done.Fail(NotElected());
            return;
        }
        _lastSequenceNr = QuorumSession.SequenceNrOf(append.Entry);
        _uncommitted.Enqueue((_proposer.Append([append.Entry], Now) + 1, append.Done));
        RunEffects();
    }

    private void Compact(QuorumSession.Compact compact)
    {
        if (!_proposer.MayAppend)
        {
            compact.Done.Fail(NotElected());
            return;
        }
        var end = _proposer.Start;
        foreach (var entry in _proposer.Between(_proposer.Start, _proposer.Committed))
        {
            if (entry.IsEvent && QuorumSession.SequenceNrOf(entry.Event) > compact.SequenceNr) break;
            end += 1;
        }
        _proposer.Compact(end, compact.State, Now);
        compact.Done.Set(true);
        RunEffects();
    }

    private static QuorumLostException NotElected() => new("This broker was not elected to write the controller's journal.");

    private void RunEffects()
    {
        while (_proposer.TryTakeEffect(out var effect))
        {
            switch (effect)
            {
                case ProposerEffect.Send(var to, var request): _voters[to].Tell(request, Self); break;
                case ProposerEffect.Won won:
                    _hasWon = true;
                    _lastSequenceNr = QuorumSession.LastSequenceNrOf(won);
                    QuorumLog.Won(_parts.Log, won.Epoch, _proposer.Committed);
                    _session.Win(won);
                    Context.Parent.Tell(new Elected(won.Epoch));
                    break;
                case ProposerEffect.Committed(var end):
                    while (_uncommitted.TryPeek(out var first) && first.End <= end) _uncommitted.Dequeue().Done.Set(true);
                    break;
                case ProposerEffect.Lost lost: Lost(lost); break;
                case ProposerEffect.ForeignVoter(var voter): QuorumLog.ForeignVoter(_parts.Log, voter); break;
                case ProposerEffect.OtherVoters(var inJournal):
                    QuorumLog.OtherVoters(
                        _parts.Log, string.Join(", ", inJournal), string.Join(", ", _parts.Voters.Keys));
                    break;
                default: throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect that nobody runs.");
            }
        }
    }

    private void Lost(ProposerEffect.Lost lost)
    {
        if (_hasWon)
        {
            QuorumLog.Lost(_parts.Log, lost.Winner.Broker, _proposer.Epoch, lost.To);
            Context.Stop(Self);
            return;
        }
        // The first time it only learns which epoch the one before had. Later somebody competes: not again at his pace.
        var pause = _lostElections++ == 0 ? TimeSpan.Zero : _parts.ElectionTimeout / 2 * (1 + (_parts.Self.Value % 5 / 5.0));
        Timers.StartSingleTimer(Campaign.Instance, Campaign.Instance, pause);
    }
}
