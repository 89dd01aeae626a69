using System.Text;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

/// <summary>Three voters and proposers whose messages arrive at once, but for those to and from voters that are cut
/// off.</summary>
internal sealed class QuorumCluster
{
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ProposerId, (QuorumProposer Proposer, HashSet<int> Reaches)> _proposers = [];
    private readonly Queue<Action> _messages = new();
    private ulong _disk;
    private TimeSpan _now;

    public QuorumCluster(int voters = 3)
    {
        while (Nodes.Count < voters) AddNode();
    }

    public List<VoterNode> Nodes { get; } = [];

    public List<ProposerEffect> Said { get; } = [];

    public void AddNode() => Nodes.Add(new VoterNode(new(Nodes.Count), ++_disk));

    public QuorumProposer Proposer(params int[] reaches)
    {
        var id = new ProposerId(new(_proposers.Count), _proposers.Count + 1);
        var proposer = new QuorumProposer(id, Nodes.Select((_, i) => new BrokerId(i)), Repeat, VoterNode.Limits);
        _proposers.Add(id, (proposer, [.. reaches]));
        return proposer;
    }

    /// <summary>From now on the proposer's messages reach these voters only.</summary>
    public void Reach(QuorumProposer proposer, params int[] voters)
    {
        var reaches = _proposers.Values.Single(p => p.Proposer == proposer).Reaches;
        reaches.Clear();
        reaches.UnionWith(voters);
    }

    /// <summary>Campaigns until it wins, or has tried often enough.</summary>
    public bool Win(QuorumProposer proposer)
    {
        for (var tries = 0; tries < 5 && !proposer.MayAppend; tries++)
        {
            proposer.Campaign(_now);
            Run();
        }
        return proposer.MayAppend;
    }

    /// <returns>Whether it is committed when nothing is on its way any more.</returns>
    public bool Append(QuorumProposer proposer, string text)
    {
        var offset = proposer.Append([Encoding.UTF8.GetBytes(text)], _now);
        Run();
        return proposer.Committed > offset;
    }

    public void Compact(QuorumProposer proposer, Offset end, string state)
    {
        proposer.Compact(end, Encoding.UTF8.GetBytes(state), _now);
        Run();
    }

    public void LoseDisk(int voter)
    {
        Nodes[voter].LoseDisk(++_disk);
        Run();
    }

    public void TakeForeignDisk(int voter, Epoch promise)
    {
        Nodes[voter].TakeForeignDisk(++_disk, Nodes.Count, promise);
        Run();
    }

    /// <summary>Time passes, so that what was lost is sent again.</summary>
    public void Tick(QuorumProposer proposer, int times = 5)
    {
        for (; times > 0; times--)
        {
            _now += Repeat;
            proposer.Tick(_now);
            Run();
        }
    }

    public static string[] Texts(IEnumerable<QuorumEntry> entries) =>
        [.. entries.Where(e => e.IsEvent).Select(e => Encoding.UTF8.GetString(e.Event.Span))];

    public string[] Committed(int voter) => Texts(Nodes[voter].Voter.CommittedEntries);

    private void Run()
    {
        do
        {
            if (_messages.TryDequeue(out var deliver)) deliver();
            foreach (var node in Nodes) node.Run(Answer);
            foreach (var (proposer, reaches) in _proposers.Values)
                while (proposer.TryTakeEffect(out var effect))
                    if (effect is not ProposerEffect.Send send) Said.Add(effect);
                    else if (reaches.Contains(send.To.Value))
                        _messages.Enqueue(() => Nodes[send.To.Value].Voter.Hear(send.Request));
        }
        while (_messages.Count > 0);
    }

    private void Answer(ProposerId to, QuorumAnswer answer)
    {
        var (proposer, reaches) = _proposers[to];
        if (reaches.Contains(answer.Voter.Id.Value)) _messages.Enqueue(() => proposer.Hear(answer, _now));
    }
}
