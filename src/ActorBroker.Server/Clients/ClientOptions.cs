namespace ActorBroker.Server.Clients;

/// <summary>What every client needs to know, with the defaults of Kafka's clients.</summary>
internal sealed record ClientOptions(IReadOnlyList<HostAndPort> BootstrapServers)
{
    public string ClientId { get; init; } = "actorbroker";
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long something is tried again in all (<c>default.api.timeout.ms</c>).</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);
    public TimeSpan MaxRetryBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How old metadata may become before it is asked for again.</summary>
    public TimeSpan MaxMetadataAge { get; init; } = TimeSpan.FromMinutes(5);
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
