using ActorBroker.Core;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Metadata;
using ActorBroker.Groups;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Threads;
using Akka.Actor;

namespace ActorBroker.Kafka.Groups;

/// <summary>Finds the coordinator of a group on this broker and asks it; says so where there is none here.</summary>
internal sealed class GroupGateway(BrokerId self, MetadataCache metadata, LocalCoordinators coordinators, WorkPool? pool = null)
{
    /// <summary>Is there such a partition?</summary>
    public bool Exists(TopicPartition partition) => metadata.Current.Partition(partition) is not null;

    /// <param name="closed">The caller waits no longer.</param>
    public Task<GroupReply> CallAsync(string group, Func<Ticket, GroupInput> input, CancellationToken closed)
    {
        var call = new GroupCall(group, input, pool);
        Send(call);
        return call.Reply.WaitAsync(closed);
    }

    /// <param name="look">Runs in the group's actor. Null: there is no such group.</param>
    public Task<(ErrorCode Error, T? Value)> LookAsync<T>(string group, Func<Group?, T> look, CancellationToken closed)
    {
        var query = new GroupQuery<T>(group, look, pool);
        Send(query);
        return query.Answer.WaitAsync(closed);
    }

    /// <summary>All groups that this broker coordinates; an error if some can't be told yet.</summary>
    public async Task<(ErrorCode Error, GroupListing[] Groups)> ListAsync(CancellationToken closed)
    {
        var queries = coordinators.All.Select(coordinator =>
        {
            var query = new ListGroupsQuery(pool);
            coordinator.Tell(query, ActorRefs.NoSender);
            return query.Answer;
        }).ToList();
        var answers = await Task.WhenAll(queries).WaitAsync(closed).ConfigureAwait(false);
        var error = answers.Select(each => each.Error).FirstOrDefault(each => each is not ErrorCode.None);
        return (error, [.. answers.SelectMany(each => each.Groups)]);
    }

    private void Send(GroupRequest request)
    {
        if (metadata.Current.Topic(TopicImage.ConsumerOffsets) is not { } topic)
        {
            request.Refuse(ErrorCode.CoordinatorNotAvailable); // No group ever asked who coordinates it.
            return;
        }
        var partition = topic.Partitions[GroupPartition.Of(request.Group, topic.Partitions.Length)];
        if (partition.Leader != self || !metadata.Lease.IsHeld) request.Refuse(ErrorCode.NotCoordinator);
        else if (coordinators.TryFind(partition.Index, out var coordinator)) coordinator.Tell(request, ActorRefs.NoSender);
        else request.Refuse(ErrorCode.CoordinatorLoadInProgress); // About to start.
    }
}
