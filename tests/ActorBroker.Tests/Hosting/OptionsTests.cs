using ActorBroker.Core.Configs;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;

namespace ActorBroker.Tests.Hosting;

public sealed class OptionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reference_conf_has_every_key_once_with_a_good_value_and_a_comment()
    {
        var values = Reference.Document.Values;
        Assert.Equal(BrokerConfigs.All.Select(k => k.Name).Order(), values.Select(v => v.Key).Order());
        foreach (var (name, value, _) in values)
        {
            if (value is not null) Assert.Null(BrokerConfigs.ByName[name].Problem(value));
            Assert.NotEqual("", ReferenceDocs.Of(name));
        }
    }

    [Fact]
    public void Every_topic_config_has_a_value_from_the_defaults()
    {
        var settings = TopicSettings.Of("t", Core.Metadata.MetadataImage.Empty, new BrokerId(0), BrokerOptions.Load().Settings);
        Assert.Equal(604_800_000, settings.RetentionMs);
        Assert.Equal(1 << 30, settings.SegmentBytes);
        Assert.Equal(1_048_588, settings.MaxMessageBytes);
        Assert.True(settings is { Delete: true, Compact: false, LogAppendTime: false, MinInSyncReplicas: 1 });
    }

    [Fact]
    public void Without_a_file_all_is_as_in_reference_conf()
    {
        var options = BrokerOptions.Load();
        Assert.Equal(new BrokerId(0), options.Id);
        Assert.Equal(new ListenerOptions("PLAINTEXT", "127.0.0.1", 9092, null), Assert.Single(options.Listeners));
        Assert.Equal(["data"], options.Logs.Directories.AsEnumerable());
        Assert.Equal(TimeSpan.FromMinutes(5), options.Logs.RetentionCheckInterval);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Sockets.MaxIdle);
        Assert.Equal(50, options.Groups.OffsetsPartitions);
        Assert.Empty(options.Warnings.AsEnumerable());
    }

    [Fact]
    public void A_hocon_file_counts_more_than_the_defaults_and_single_keys_more_than_the_file()
    {
        var file = _folder.Write("broker.conf", """
            actorbroker {
              num.partitions = 3
              log { dirs = [a, b], retention.hours = 1 }
              broker.rack = ${?ACTORBROKER_TEST_RACK_THAT_IS_NOT_SET}
            }
            akka.loglevel = DEBUG
            """);
        var options = BrokerOptions.Load(
            file, [new("num.partitions", "5"), new("akka.loglevel", "ERROR"), new("actorbroker.broker.id", "7")]);
        Assert.Equal(5, options.Topics.Partitions);
        Assert.Equal(["a", "b"], options.Logs.Directories.AsEnumerable());
        Assert.Equal(new BrokerId(7), options.Id);
        Assert.Null(options.Rack);
        Assert.Equal("ERROR", options.Config.GetString("akka.loglevel"));
    }

    [Fact]
    public void The_file_for_a_broker_on_its_own_is_good()
    {
        var options = BrokerOptions.Load(Repository.PathOf("hocon", "standalone.conf"));
        Assert.True(Assert.Single(options.Listeners).IsWildcard);
        Assert.Empty(options.Warnings);
    }

    [Fact]
    public void Environment_variables_come_in_by_substitution()
    {
        Environment.SetEnvironmentVariable("ACTORBROKER_TEST_PARTITIONS", "9");
        var file = _folder.Write("env.conf", "actorbroker.num.partitions = ${?ACTORBROKER_TEST_PARTITIONS}");
        Assert.Equal(9, BrokerOptions.Load(file).Topics.Partitions);
    }

    [Fact]
    public void A_file_may_include_another_beside_it()
    {
        _folder.Write("common.conf", "actorbroker.num.partitions = 4");
        Assert.Equal(4, BrokerOptions.Load(_folder.Write("broker.conf", "include \"common.conf\"")).Topics.Partitions);
    }

    [Theory]
    [InlineData("server.properties")]
    [InlineData("server")]
    public void A_server_properties_of_kafka_is_taken_as_it_is(string name)
    {
        var file = _folder.Write(name, """
            # The id of the broker.
            broker.id=2
            listeners=PLAINTEXT://localhost:9094
            num.network.threads=3
            log.dirs=/tmp/kafka-logs-1, \
                     /tmp/kafka-logs-2
            log.retention.hours = 24
            zookeeper.connect=localhost:2181
            """);
        var options = BrokerOptions.Load(file);
        Assert.Equal(new BrokerId(2), options.Id);
        Assert.Equal(9094, options.Listeners[0].Port);
        Assert.Equal(["/tmp/kafka-logs-1", "/tmp/kafka-logs-2"], options.Logs.Directories.AsEnumerable());
        Assert.Equal("24", options.Settings["log.retention.hours"]);
        Assert.Equal(
            [$"{file}:4: num.network.threads has no effect: connections are served by the runtime's thread pool.",
                $"{file}:8: zookeeper.connect has no effect: ActorBroker needs no ZooKeeper."],
            options.Warnings.AsEnumerable());
    }

    [Fact]
    public void A_combined_controller_and_broker_of_kafka_starts_too()
    {
        var file = _folder.Write("server.properties", """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://localhost:9092
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
            """);
        var options = BrokerOptions.Load(file);
        Assert.Equal(new ListenerOptions("PLAINTEXT", "", 9092, ("localhost", 9092)), Assert.Single(options.Listeners));
        Assert.Equal(new BrokerId(1), options.Id);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_with_place_key_value_and_what_is_allowed()
    {
        var file = _folder.Write("broker.conf", """
            actorbroker {
              num.partitoins = 3
              log.retention.hours = soon
            }
            broker.id = 1
            """);
        var problems = Assert.Throws<BrokerConfigException>(() => BrokerOptions.Load(file, [new("compression.type", "rar")]))
            .Problems;
        Assert.Contains($"{file}:2: unknown key num.partitoins (value '3'). Did you mean num.partitions?", problems);
        Assert.Contains(
            $"{file}:3: Invalid value 'soon' for log.retention.hours: allowed is a whole number of 32 bits, at least -1.",
            problems);
        Assert.Contains(
            $"{file}:5: the key broker.id stands outside of actorbroker; write actorbroker.broker.id, or akka for settings of the actor system.",
            problems);
        Assert.Contains(
            "--set: Invalid value 'rar' for compression.type: allowed is text, one of uncompressed, zstd, lz4, snappy, gzip, producer.",
            problems);
        Assert.Equal(4, problems.Length);
    }

    [Theory]
    [InlineData("listeners", "9092")]
    [InlineData("listeners", "PLAINTEXT://h:70000")]
    [InlineData("listeners", "SSL://h:9092")]
    [InlineData("listeners", "A://h:1,A://h:2")]
    [InlineData("listeners", "")]
    [InlineData("advertised.listeners", "PLAINTEXT://:9092")]
    [InlineData("advertised.listeners", "OTHER://h:9092")]
    [InlineData("log.dirs", "a,a")]
    [InlineData("group.min.session.timeout.ms", "1800001")]
    public void A_value_of_the_right_type_may_still_be_wrong(string key, string value)
    {
        var problem = Assert.Single(
            Assert.Throws<BrokerConfigException>(() => BrokerOptions.Load(null, [new(key, value)])).Problems.Distinct().Take(1));
        Assert.Contains($"--set: {key} = '{value}'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_of_security_is_never_passed_over()
    {
        var problem = Assert.Single(
            Assert.Throws<BrokerConfigException>(() => BrokerOptions.Load(null, [new("ssl.keystore.location", "k")])).Problems);
        Assert.Contains("ssl.keystore.location asks for TLS", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_hocon_is_named()
    {
        Assert.Contains(
            "nowhere.conf", Assert.Throws<BrokerConfigException>(() => BrokerOptions.Load("nowhere.conf")).Message,
            StringComparison.Ordinal);
        var file = _folder.Write("bad.conf", "actorbroker {\n  num.partitions = [\n");
        Assert.Contains(
            file, Assert.Throws<BrokerConfigException>(() => BrokerOptions.Load(file)).Message, StringComparison.Ordinal);
    }
}
