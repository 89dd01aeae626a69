using ActorBroker.Controller;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;

namespace ActorBroker.Kafka.Groups;

/// <summary>The handlers of all APIs about groups and their offsets.</summary>
internal static class GroupHandlers
{
    /// <param name="newId">A source of ids, for members.</param>
    public static IApiHandler[] All(BrokerOptions options, MetadataCache metadata, LocalCoordinators coordinators,
        IController controller, TopicIds topicIds, Func<Guid> newId)
    {
        var groups = new GroupGateway(options.Id, metadata, coordinators);
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
