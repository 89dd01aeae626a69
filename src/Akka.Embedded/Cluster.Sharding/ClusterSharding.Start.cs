using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Cluster.Sharding;

/// <summary>The ways to start a type: with one recipe for all entities or one by id, with an extractor or two functions, with
/// the default strategy and a poison pill or others. Start each type on all nodes, alike, early.</summary>
public partial class ClusterSharding
{
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        StartRegion(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        StartRegion(typeName, _ => entityProps, settings, messageExtractor, null, null);

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        StartRegion(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        StartRegion(typeName, entityPropsFactory, settings, messageExtractor, null, null);

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings,
        ExtractEntityId extractEntityId, ExtractShardId extractShardId) =>
        Start(typeName, entityProps, settings, new DelegatingExtractor(extractEntityId, extractShardId));

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, ExtractEntityId extractEntityId,
        ExtractShardId extractShardId, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Start(typeName, entityProps, settings, new DelegatingExtractor(extractEntityId, extractShardId), allocationStrategy,
            handOffStopMessage);

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        ExtractEntityId extractEntityId, ExtractShardId extractShardId) =>
        Start(typeName, entityPropsFactory, settings, new DelegatingExtractor(extractEntityId, extractShardId));

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        ExtractEntityId extractEntityId, ExtractShardId extractShardId, IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage) =>
        Start(typeName, entityPropsFactory, settings, new DelegatingExtractor(extractEntityId, extractShardId),
            allocationStrategy, handOffStopMessage);

    /// <summary>Starts nothing that would have to be waited for: the same as Start, as a task.</summary>
    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor));

    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor));

    /// <summary>A way to entities for a node that hosts none.</summary>
    /// <param name="typeName">The type.</param>
    /// <param name="role">Of the members that host it; null or empty: all.</param>
    /// <param name="messageExtractor">The same as theirs.</param>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor) =>
        StartProxy(typeName, Settings.WithRole(role), messageExtractor);

    public IActorRef StartProxy(string typeName, string? role, ExtractEntityId extractEntityId, ExtractShardId extractShardId) =>
        StartProxy(typeName, role, new DelegatingExtractor(extractEntityId, extractShardId));

    public Task<IActorRef> StartProxyAsync(string typeName, string? role, IMessageExtractor messageExtractor) =>
        Task.FromResult(StartProxy(typeName, role, messageExtractor));

    public Task<IActorRef> StartProxyAsync(string typeName, string? role, ExtractEntityId extractEntityId,
        ExtractShardId extractShardId) =>
        Task.FromResult(StartProxy(typeName, role, extractEntityId, extractShardId));
}
