using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients;

namespace ActorBroker.Server.Tests.EndToEnd;

/// <summary>The verbs, one after the other, against a broker in this process.</summary>
public sealed class CommandsTests(RunningBroker broker) : IClassFixture<RunningBroker>
{
    [Fact]
    public async Task A_topic_is_created_described_altered_and_deleted()
    {
        await broker.RunAsync("topics create --topic life --partitions 2 --replication-factor 1 --config retention.ms=60000");
        Assert.Contains("life", (await broker.RunAsync("topics list")).Lines);

        var described = await broker.RunAsync("topics --describe --topic life");
        Assert.Contains(
            "PartitionCount: 2  ReplicationFactor: 1  Configs: retention.ms=60000", described.Lines[0], StringComparison.Ordinal);
        Assert.Equal(["life", "1", "0", "0", "0", "0", "-"], described.Lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries));

        await broker.RunAsync("topics alter --topic life --partitions 4 --config retention.ms=70000");
        var json = (await broker.RunAsync("topics describe --topic life --json")).Json[0];
        Assert.Equal(4, json.GetProperty("partitions").GetArrayLength());
        Assert.Equal("70000", json.GetProperty("configs").GetProperty("retention.ms").GetString());

        await broker.RunAsync("topics delete --topic life");
        Assert.DoesNotContain("life", (await broker.RunAsync("topics list")).Lines);
        await broker.RunAsync("topics delete --topic life --if-exists");
    }

    [Fact]
    public async Task A_refusal_exits_with_1_and_kafkas_error()
    {
        await broker.RunAsync("topics create --topic twice");
        Assert.Contains(
            "TOPIC_ALREADY_EXISTS (36)", await broker.FailAsync("topics create --topic twice"), StringComparison.Ordinal);
        await broker.RunAsync("topics create --topic twice --if-not-exists");
        Assert.Contains(
            "INVALID_REPLICATION_FACTOR (38)",
            await broker.FailAsync("topics create --topic three --replication-factor 3"),
            StringComparison.Ordinal);
        Assert.Contains(
            "INVALID_TOPIC_EXCEPTION (17)", await broker.FailAsync("topics create --topic no/name"), StringComparison.Ordinal);
        Assert.Contains(
            "INVALID_PARTITIONS (37)",
            await broker.FailAsync("topics alter --topic twice --partitions 1"),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", await broker.FailAsync("topics delete --topic missing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_is_described_and_replicas_and_leaders_stay_where_they_must()
    {
        await broker.RunAsync("topics create --topic placed");
        var status = (await broker.RunAsync("cluster status --json")).Json;
        Assert.Equal(1, status.GetProperty("brokers").GetInt32());
        Assert.Equal(0, status.GetProperty("unavailablePartitions").GetInt32());
        Assert.Equal("serving", (await broker.RunAsync("cluster brokers --json")).Json[0].GetProperty("state").GetString());
        // Nobody could take its place, stopped or not: that is no reason to keep it.
        await broker.RunAsync("cluster status --can-stop 0");

        await broker.RunAsync("topics elect-leaders --topic placed");
        Assert.Equal("[]", (await broker.RunAsync("topics reassign --list --json")).Lines[0]);
        await broker.RunAsync("topics reassign --topic placed --cancel");
        await broker.FailAsync("topics reassign --topic placed --replica-assignment 7");
        Assert.Contains(
            "BROKER_ID_NOT_REGISTERED (102)", await broker.FailAsync("cluster decommission 7"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_directories_are_described()
    {
        await broker.RunAsync("topics create --topic here --partitions 3");
        var directory = (await broker.RunAsync("log-dirs describe --topic-list here --json")).Json[0];
        Assert.Equal("ok", directory.GetProperty("state").GetString());
        Assert.Equal(3, directory.GetProperty("partitions").GetInt32());
        Assert.Equal(3, directory.GetProperty("topics")[0].GetProperty("partitions").GetArrayLength());
        Assert.Contains("LOG-DIR", (await broker.RunAsync("log-dirs describe --brokers 0")).Out, StringComparison.Ordinal);
        Assert.Contains("BROKER_NOT_AVAILABLE", await broker.FailAsync("log-dirs describe --brokers 9"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Lines_come_out_as_they_went_in(string codec)
    {
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i} of {codec}\n"));
        await broker.RunAsync($"topics create --topic lines-{codec}");
        var produced = await broker.RunAsync(
            $"produce --topic lines-{codec} --compression-codec {codec} --json --producer-property enable.idempotence=true",
            lines);
        Assert.Equal(5000, produced.Json.GetProperty("records").GetInt64());
        Assert.Equal(lines, (await broker.RunAsync($"consume --topic lines-{codec} --from-beginning --max-messages 5000")).Out);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("all")]
    public async Task Every_kind_of_acknowledgement_delivers(string acks)
    {
        await broker.RunAsync($"produce --topic acks-{acks} --acks {acks}", "a\nb\n"); // The topic is created by that.
        Assert.Equal("a\nb\n", (await broker.RunAsync($"consume --topic acks-{acks} --from-beginning --max-messages 2")).Out);
    }

    /// <summary>Rows G05 and G06.</summary>
    [Fact]
    public async Task A_key_keeps_its_partition_and_lines_without_one_are_spread_evenly()
    {
        await broker.RunAsync("topics create --topic spread --partitions 3");
        await broker.RunAsync("produce --topic spread --key-separator :", "foobar:1\nfoobar:2\n21:x\n");
        await broker.RunAsync("produce --topic spread", string.Concat(Enumerable.Repeat("no key\n", 30)));
        var io = await broker.RunAsync("consume --topic spread --from-beginning --max-messages 33 "
            + "--property print.key=true --property print.partition=true");

        Assert.Single(
            io.Lines.Where(l => l.Contains("foobar", StringComparison.Ordinal)).Select(l => l.Split('\t')[0]).Distinct());
        Assert.Contains("Partition:0\tfoobar\t1", io.Lines); // -790332482 without its sign bit, modulo 3
        Assert.All(Enumerable.Range(0, 3), p => Assert.Equal(10, io.Lines.Count(l => l == $"Partition:{p}\tnull\tno key")));
    }

    [Fact]
    public async Task A_partition_and_an_offset_can_be_named()
    {
        await broker.RunAsync("topics create --topic places --partitions 2");
        await broker.RunAsync("produce --topic places --partition 1", "a\nb\nc\nd\n");
        Assert.Equal("c\n", (await broker.RunAsync("consume --topic places --partition 1 --offset 2 --max-messages 1")).Out);
        Assert.Equal(
            "a\nb\n", (await broker.RunAsync("consume --topic places --partition 1 --offset earliest --max-messages 2")).Out);
        Assert.Equal("d\n", (await broker.RunAsync("consume --topic places --partition 1 --offset -1 --max-messages 1")).Out);
        Assert.Equal("", (await broker.RunAsync("consume --topic places --partition 0 --from-beginning --timeout-ms 300")).Out);
    }

    [Fact]
    public async Task Headers_and_tombstones_survive()
    {
        await broker.RunAsync(
            "produce --topic heads --property parse.headers=true --property parse.key=true --property null.marker=NIL",
            "a:1,b:NIL\tk\tNIL\n");
        var json = (await broker.RunAsync("consume --topic heads --from-beginning --max-messages 1 --json")).Json;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("value").ValueKind);
        Assert.Equal("1", json.GetProperty("headers")[0].GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    public async Task A_topic_may_choose_the_codec_that_its_batches_are_stored_with(string stored)
    {
        var lines = string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\n"));
        await broker.RunAsync($"topics create --topic stored-{stored} --config compression.type={stored}");
        await broker.RunAsync($"produce --topic stored-{stored} --compression-codec gzip", lines);
        Assert.Equal(lines, (await broker.RunAsync($"consume --topic stored-{stored} --from-beginning --max-messages 100")).Out);
        Assert.Equal(stored == "zstd" ? CompressionCodec.Zstd : CompressionCodec.None,
            await CodecOfFirstBatchAsync($"stored-{stored}"));
    }

    /// <summary>Row H14.</summary>
    [Fact]
    public async Task A_pattern_reads_all_topics_that_match_and_a_list_those_that_it_names()
    {
        foreach (var topic in new[] { "match-a", "match-b", "other-match-c" })
        {
            await broker.RunAsync($"topics create --topic {topic}");
            await broker.RunAsync($"produce --topic {topic}", topic + "\n");
        }
        var all = await broker.RunAsync("consume --include match-. --group pattern --from-beginning --max-messages 2");
        Assert.Equal(["match-a", "match-b"], all.Lines.Order(StringComparer.Ordinal));
        var two = await broker.RunAsync("consume --topic match-b,other-match-c --from-beginning --max-messages 2");
        Assert.Equal(["match-b", "other-match-c"], two.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_group_goes_on_where_it_was_and_can_be_looked_at_reset_and_deleted()
    {
        await broker.RunAsync("topics create --topic work --partitions 1");
        await broker.RunAsync("produce --topic work", "a\nb\nc\nd\n");
        Assert.Equal(
            "a\nb\n", (await broker.RunAsync("consume --topic work --group crew --from-beginning --max-messages 2")).Out);
        Assert.Contains("crew", (await broker.RunAsync("groups --list")).Lines);

        var described = await broker.RunAsync("groups describe --group crew");
        Assert.Equal(
            ["GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"],
            described.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            ["crew", "work", "0", "2", "4", "2", "-", "-", "-"],
            described.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("no active members", described.Error, StringComparison.Ordinal);

        Assert.Equal(
            "c\nd\n", (await broker.RunAsync("consume --topic work --consumer-property group.id=crew --max-messages 2")).Out);

        await broker.RunAsync("groups reset-offsets --group crew --topic work --to-earliest --dry-run");
        Assert.Equal(4, await CommittedAsync("crew"));
        foreach (var (target, expected) in new[]
        {
            ("--to-earliest", 0L), (
                "--to-offset 3", 3), ("--shift-by -1", 2), ("--to-latest", 4), ("--to-offset 99", 4), ("--to-current", 4),
            ("--to-datetime 2001-01-01T00:00:00", 0), ("--to-datetime 2999-01-01T00:00:00Z", 4), ("--by-duration PT1H", 0),
        })
        {
            await broker.RunAsync($"groups reset-offsets --group crew --topic work:0 {target} --execute");
            Assert.Equal((target, expected), (target, await CommittedAsync("crew")));
        }

        await broker.RunAsync("groups delete --group crew");
        Assert.DoesNotContain("crew", (await broker.RunAsync("groups list")).Lines);
        Assert.Contains("crew", await broker.FailAsync("groups describe --group crew"), StringComparison.Ordinal);
    }

    private async Task<CompressionCodec> CodecOfFirstBatchAsync(string topic)
    {
        await using var client = broker.Connect();
        await client.RefreshAsync([topic], CancellationToken.None);
        var connection = await client.LeaderAsync(new(topic, 0), Purpose.Fetch, CancellationToken.None);
        var wanted = new FetchRequest.Partition { Index = 0, FetchOffset = Offset.Zero, PartitionMaxBytes = 100_000 };
        var response = await connection.SendAsync(
            new FetchRequest { MaxWaitMs = 1000, Topics = [new(topic, TopicId.None, [wanted])] }, CancellationToken.None,
            maxVersion: 12);
        Assert.True(RecordBatchHeader.TryRead(response.Responses[0].Partitions[0].Records.Span, out var header));
        return header.Attributes.Codec;
    }

    private async Task<long> CommittedAsync(string group) =>
        (await broker.RunAsync($"groups describe --group {group} --json")).Json[0].GetProperty("currentOffset").GetInt64();
}
