using ActorBroker.Controller;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Groups;

/// <summary>The handlers of all APIs about groups and their offsets.</summary>
internal static class GroupHandlers
{
    /// <param name="newId">A source of ids, for members.</param>
    /// <param name="pool">Where answers are written; null: the real one.</param>
    public static IApiHandler[] All(BrokerOptions options, MetadataCache metadata, LocalCoordinators coordinators,
        IController controller, TopicIds topicIds, Func<Guid> newId, WorkPool? pool = null)
    {
        var groups = new GroupGateway(options.Id, metadata, coordinators, pool);
        return
        [
            new FindCoordinatorHandler(metadata, controller, topicIds, options),
            new JoinGroupHandler(groups, newId),
            new SyncGroupHandler(groups),
            new HeartbeatHandler(groups),
            new LeaveGroupHandler(groups),
            new OffsetCommitHandler(groups),
            new OffsetFetchHandler(groups),
            new OffsetDeleteHandler(groups),
            new DescribeGroupsHandler(groups),
            new ListGroupsHandler(groups),
            new DeleteGroupsHandler(groups),
        ];
    }
}
