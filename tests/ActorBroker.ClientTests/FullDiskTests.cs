using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>D22: a data folder on a small tmpfs that fills up: producers hear of it, what was acknowledged stays readable.</summary>
public class FullDiskTests
{
    private const string Topic = "full";

    [SkippableFact]
    public async Task A_full_disk_refuses_producers_and_keeps_what_was_acknowledged()
    {
        KafkaClient.Confluent.OrSkip();
        KafkaClient.Kcat.OrSkip();
        using var folder = new TempFolder();
        using var disk = SmallDisk.TryMount(folder["disk"], megabytes: 16);
        Skip.If(disk is null, "a tmpfs cannot be mounted here (needs root)");
        await using var broker =
            await BrokerProcess.StartAsync(Path.Combine(disk.Path, "data"), "offsets.topic.num.partitions=1");
        await KafkaClient.Kcat.ProduceAsync(broker.Bootstrap, "small", [new SentRecord("k", "before", 0)]);

        // 100 KB a record, acknowledged one by one, until one is refused.
        await using var kcat = ChildProcess.Start(
            "kcat",
            ["-P", "-b", broker.Bootstrap, "-t", Topic, "-p", "0", "-X", "acks=all", "-X", "message.timeout.ms=3000", "-X",
                "linger.ms=0", "-X", "batch.num.messages=1"]);
        await kcat.WriteAsync(Enumerable.Range(0, 300).Select(n => $"{n}:{new string((char)('a' + (n % 26)), 100_000)}"));
        Assert.NotEqual(0, await kcat.ExitAsync());
        Assert.False(broker.HasExited, broker.Log);

        // What is there is a prefix, and another partition is still read.
        var seen = await KafkaClient.Kcat.ConsumeAsync(broker.Bootstrap, "small", 1);
        Assert.Equal("before", Assert.Single(seen).Value);
    }
}
