using System.Collections.Immutable;
using System.Text;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups;

/// <summary>Stands in for the shell: hands out tickets, runs timers on a clock of its own, keeps a log.</summary>
internal sealed class GroupBench
{
    public static readonly GroupSettings Defaults = new(
        MinSessionTimeout: TimeSpan.FromSeconds(6), MaxSessionTimeout: TimeSpan.FromMinutes(30), MaxSize: int.MaxValue,
        InitialRebalanceDelay: TimeSpan.FromSeconds(3), NewMemberJoinTimeout: TimeSpan.FromMinutes(5),
        MaxOffsetMetadataBytes: 4096, OffsetsRetention: TimeSpan.FromDays(7));

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Ticket, GroupReply> _replies = [];
    private readonly Dictionary<GroupTimer, DateTimeOffset> _timers = [];
    private readonly GroupSettings _settings;
    private long _lastTicket;
    private int _lastMember;

    public GroupBench(GroupSettings? settings = null)
    {
        _settings = settings ?? Defaults;
        Group = new Group("g", _settings);
    }

    public Group Group { get; private set; }

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>What a log would hold: acknowledged or not.</summary>
    public List<OffsetsRecord> Log { get; } = [];

    public Queue<GroupEffect.Persist> Unacknowledged { get; } = new();

    /// <summary>Acknowledge each append at once.</summary>
    public bool AckAtOnce { get; set; } = true;

    public bool Removed { get; private set; }

    public Action<Ticket, GroupReply>? OnReply { get; set; }

    public IReadOnlyDictionary<GroupTimer, DateTimeOffset> Timers => _timers;

    public IReadOnlyDictionary<Ticket, GroupReply> Replies => _replies;

    public Ticket NextTicket() => new(++_lastTicket);

    public string NextMemberId(string prefix) => $"{prefix}-{++_lastMember}";

    public void Tell(GroupInput input)
    {
        Run(Group.Step(input, Now));
        while (AckAtOnce && Unacknowledged.Count > 0) Ack();
    }

    public void Ack(ErrorCode error = ErrorCode.None)
    {
        var append = Unacknowledged.Dequeue();
        Run(Group.Step(new GroupInput.Persisted(append.Id, error), Now));
    }

    private void Run(ImmutableArray<GroupEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case GroupEffect.Reply(var to, var message):
                    _replies.Add(to, message); // Throws on a second answer.
                    OnReply?.Invoke(to, message);
                    break;
                case GroupEffect.Persist persist:
                    Log.AddRange(persist.Records);
                    Unacknowledged.Enqueue(persist);
                    break;
                case GroupEffect.ArmTimer(var timer, var delay): _timers[timer] = Now + delay; break;
                case GroupEffect.CancelTimer(var timer): _timers.Remove(timer); break;
                case GroupEffect.Removed: Removed = true; break;
            }
        }
    }

    /// <summary>Lets time pass; timers fire in their order.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        while (_timers.Count > 0)
        {
            var (timer, due) = _timers.MinBy(each => each.Value);
            if (due > end) break;
            Now = due;
            _timers.Remove(timer);
            Tell(new GroupInput.TimerFired(timer));
        }
        Now = end;
    }

    public void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>The broker comes back and reads its log.</summary>
    public void Reload()
    {
        var stored = new StoredGroups();
        foreach (var record in Log) stored.Apply(record);
        _timers.Clear();
        Unacknowledged.Clear();
        Removed = false;
        if (stored.Groups.SingleOrDefault() is not { } found)
        {
            Group = new Group("g", _settings);
            return;
        }
        (Group, var effects) = Group.Restore(found, _settings);
        Run(effects);
    }

    public bool IsParked(Ticket ticket) => !_replies.ContainsKey(ticket);

    public GroupReply.Joined Joined(Ticket ticket) => Assert.IsType<GroupReply.Joined>(_replies[ticket]);

    public GroupReply.Synced Synced(Ticket ticket) => Assert.IsType<GroupReply.Synced>(_replies[ticket]);

    public ErrorCode Answer(Ticket ticket) => Assert.IsType<GroupReply.Answered>(_replies[ticket]).Error;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static ImmutableArray<MemberProtocol> Protocols(params string[] names) =>
        [.. names.Select(name => new MemberProtocol(name, Bytes($"{name} subscription")))];

    /// <summary>A subscription as consumers write it: version 1, topics, no user data, no owned partitions.</summary>
    public static ImmutableArray<MemberProtocol> Subscribed(params string[] topics)
    {
        var bytes = new List<byte> { 0, 1, 0, 0, 0, (byte)topics.Length };
        foreach (var topic in topics) bytes.AddRange([0, (byte)topic.Length, .. Bytes(topic)]);
        bytes.AddRange([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        return [new MemberProtocol("range", bytes.ToArray())];
    }

    public Ticket Join(string memberId = "", string? instance = null, ImmutableArray<MemberProtocol>? protocols = null,
        double session = 10, double rebalance = 60, string type = "consumer", bool mustKnowItsId = false, bool maySkip = false)
    {
        var ticket = NextTicket();
        Tell(new GroupInput.Join(ticket, memberId, instance, "client", "/127.0.0.1", TimeSpan.FromSeconds(session),
            TimeSpan.FromSeconds(rebalance), type, protocols ?? Protocols("range"), NextMemberId(instance ?? "client"),
            mustKnowItsId, maySkip));
        return ticket;
    }

    public Ticket Sync(string memberId, int generation, string? instance = null,
        params (string Member, string Assignment)[] assignments)
    {
        var ticket = NextTicket();
        Tell(new GroupInput.Sync(ticket, memberId, instance, generation, null, null,
            [.. assignments.Select(each => new MemberAssignment(each.Member, Bytes(each.Assignment)))]));
        return ticket;
    }

    public ErrorCode Heartbeat(string memberId, int generation, string? instance = null)
    {
        var ticket = NextTicket();
        Tell(new GroupInput.Heartbeat(ticket, memberId, instance, generation));
        return Answer(ticket);
    }

    public ErrorCode[] Leave(params (string MemberId, string? Instance)[] leavers)
    {
        var ticket = NextTicket();
        Tell(new GroupInput.Leave(ticket, [.. leavers.Select(each => new GroupInput.Leaver(each.MemberId, each.Instance))]));
        return [.. Assert.IsType<GroupReply.Left>(_replies[ticket]).Results];
    }

    public Ticket Commit(string memberId, int generation, string topic = "t", int partition = 0, long offset = 1,
        string? instance = null, string? metadata = null, TimeSpan? retention = null)
    {
        var ticket = NextTicket();
        Tell(new GroupInput.CommitOffsets(ticket, memberId, instance, generation, retention,
            [new OffsetToCommit(new(topic, partition), new(offset), Epoch.None, metadata)]));
        return ticket;
    }

    public ErrorCode Committed(Ticket ticket)
    {
        var reply = Assert.IsType<GroupReply.Committed>(_replies[ticket]);
        return reply.Error is ErrorCode.None ? Assert.Single(reply.Results) : reply.Error;
    }

    public long? Offset(string topic = "t", int partition = 0) =>
        Group.Committed.TryGetValue(new(topic, partition), out var offset) ? offset.Offset.Value : null;

    /// <summary>Members who joined together, synced and are stable. The first leads.</summary>
    public string[] Stable(int members, params string[] instances)
    {
        var tickets = Enumerable.Range(0, members)
            .Select(i => Join(instance: i < instances.Length ? instances[i] : null)).ToArray();
        PassSeconds(3);
        if (IsParked(tickets[0])) PassSeconds(3);
        var ids = tickets.Select(each => Joined(each).MemberId).ToArray();
        SyncAll(ids);
        return ids;
    }

    /// <summary>Everyone syncs, the leader last; each is assigned "for id".</summary>
    public void SyncAll(params string[] ids)
    {
        var generation = Group.Generation;
        var instances = Group.Describe().Members.ToDictionary(each => each.MemberId, each => each.InstanceId);
        foreach (var id in ids.Skip(1)) Sync(id, generation, instances[id]);
        Sync(ids[0], generation, instances[ids[0]], [.. ids.Select(id => (id, $"for {id}"))]);
    }
}
