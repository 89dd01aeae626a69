using ActorBroker.Core;
using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Threads;

namespace ActorBroker.Groups;

/// <summary>What a front door asks of one group. It travels to the group's actor and back by its own completion: whoever
/// waits holds no thread, and the answer needs no actor of its own, however long a join is parked.</summary>
internal abstract class GroupRequest(string group)
{
    public string Group { get; } = group;

    /// <summary>There is no group to ask: its coordinator loads, or is elsewhere.</summary>
    public abstract void Refuse(ErrorCode error);
}

/// <summary>A request that may change the group.</summary>
internal sealed class GroupCall(string group, Func<Ticket, GroupInput> input, WorkPool? pool = null) : GroupRequest(group)
{
    private readonly Promise<GroupReply> _reply = new(pool);

    public Task<GroupReply> Reply => _reply.Task;

    public GroupInput InputFor(Ticket ticket) => input(ticket);

    public void Complete(GroupReply reply) => _reply.Set(reply);

    public override void Refuse(ErrorCode error) => Complete(new GroupReply.Refused(error));
}

/// <summary>A request that only looks.</summary>
internal abstract class GroupQuery(string group) : GroupRequest(group)
{
    /// <param name="group">Null when there is none of that name. Belongs to its actor: nothing of it may be kept.</param>
    public abstract void Look(Group? group);
}

/// <inheritdoc cref="GroupQuery"/>
internal sealed class GroupQuery<T>(string group, Func<Group?, T> look, WorkPool? pool = null) : GroupQuery(group)
{
    private readonly Promise<(ErrorCode, T?)> _answer = new(pool);

    public Task<(ErrorCode Error, T? Value)> Answer => _answer.Task;

    public override void Look(Group? group) => _answer.Set((ErrorCode.None, look(group)));

    public override void Refuse(ErrorCode error) => _answer.Set((error, default));
}

/// <summary>Asks a coordinator which groups it has.</summary>
internal sealed class ListGroupsQuery(WorkPool? pool = null)
{
    private readonly Promise<(ErrorCode, GroupListing[])> _answer = new(pool);

    public Task<(ErrorCode Error, GroupListing[] Groups)> Answer => _answer.Task;

    public void Complete(IEnumerable<GroupListing> groups) => _answer.Set((ErrorCode.None, [.. groups]));

    public void Refuse(ErrorCode error) => _answer.Set((error, []));
}
