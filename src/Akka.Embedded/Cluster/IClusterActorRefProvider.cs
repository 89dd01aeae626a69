using Akka.Remote;

namespace Akka.Cluster;

/// <summary>The provider of a system that can be a member of a cluster.</summary>
public interface IClusterActorRefProvider : IRemoteActorRefProvider;
