using System.CommandLine;
using ActorBroker.Server.Clients;

namespace ActorBroker.Server.Commands;

/// <summary>The flags of every verb that talks to a cluster.</summary>
internal sealed class ClusterFlags
{
    private readonly Option<string?> _bootstrap = new("--bootstrap-server", "--broker-list", "--bootstrap-servers", "-b")
    {
        Description =
            $"Brokers to start from, HOST:PORT with commas between; 127.0.0.1:{HostAndPort.DefaultPort} if none is given",
        HelpName = "HOST:PORT,...",
    };

    private readonly Option<string?> _zookeeper = new("--zookeeper")
    {
        Description = "Deprecated: there is no ZooKeeper; its host is taken for a broker's",
        Hidden = true,
    };

    private readonly Option<string?> _config = new("--command-config", "--consumer.config", "--producer.config")
    {
        Description = "A file of client properties, key=value",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write JSON, for programs" };

    public void AddTo(Command command)
    {
        command.Add(_bootstrap);
        command.Add(_zookeeper);
        command.Add(_config);
        command.Add(_json);
    }

    public Output Output(ParseResult parsed, CommandIo io) => new(io, parsed.GetValue(_json));

    /// <summary>Properties of the file, then of the flags, which win.</summary>
    public ClientProperties Properties(ParseResult parsed, params Option<string[]>[] flags)
    {
        var properties = parsed.GetValue(_config) is { } file ? ClientProperties.ReadFile(file) : new ClientProperties();
        foreach (var flag in flags) properties.Add(KeyValues.Parse(flag.Name, parsed.GetValue(flag)));
        return properties;
    }

    /// <exception cref="UsageException">The addresses are none.</exception>
    public KafkaClient Connect(ParseResult parsed, CommandIo io, ClientProperties properties)
    {
        var servers = parsed.GetValue(_bootstrap) ?? FromZooKeeper(parsed, io) ?? properties.Text("bootstrap.servers")
            ?? $"127.0.0.1:{HostAndPort.DefaultPort}";
        if (!HostAndPort.TryParseList(servers, out var addresses))
            throw new UsageException($"{_bootstrap.Name}: '{servers}' is not HOST:PORT with commas between");
        var defaults = new ClientOptions(addresses);
        return new KafkaClient(defaults with
        {
            Time = io.Time,
            ClientId = properties.Text("client.id") ?? defaults.ClientId,
            RequestTimeout = properties.Milliseconds("request.timeout.ms") ?? defaults.RequestTimeout,
            RetryTimeout = properties.Milliseconds("default.api.timeout.ms") ?? TimeSpan.FromSeconds(20),
            RetryBackoff = properties.Milliseconds("retry.backoff.ms") ?? defaults.RetryBackoff,
            MaxMetadataAge = properties.Milliseconds("metadata.max.age.ms") ?? defaults.MaxMetadataAge,
        });
    }

    private string? FromZooKeeper(ParseResult parsed, CommandIo io)
    {
        if (parsed.GetValue(_zookeeper) is not { } text) return null;
        if (!HostAndPort.TryParse(text.Split(',')[0].Split('/')[0], out var address))
            throw new UsageException($"--zookeeper: '{text}' is not HOST:PORT");
        var broker = address with { Port = HostAndPort.DefaultPort };
        io.Warn($"--zookeeper is deprecated, and there is no ZooKeeper here: asking the broker {broker}. "
            + $"Say --bootstrap-server {broker} instead.");
        return broker.ToString();
    }
}
