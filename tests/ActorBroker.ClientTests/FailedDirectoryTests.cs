using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>A broker with two data directories, which vanish one after the other.</summary>
public sealed class FailedDirectoryTests
{
    private const int Partitions = 4;

    [SkippableFact]
    public async Task A_directory_that_is_gone_takes_only_its_partitions_and_without_any_the_broker_ends()
    {
        KafkaClient.Kcat.OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(
            folder["unused"], $"log.dirs={folder["a"]},{folder["b"]}", $"num.partitions={Partitions}",
            "replica.high.watermark.checkpoint.interval.ms=200", "offsets.topic.num.partitions=1");
        await KafkaClient.Kcat.ProduceAsync(
            broker.Bootstrap, "t", Enumerable.Range(0, Partitions).Select(p => new SentRecord("k", $"{p}", p)));
        var lost = Directory.GetDirectories(folder["b"], "t-*").Select(d => int.Parse(Path.GetFileName(d)[2..])).ToHashSet();
        Assert.InRange(lost.Count, 1, Partitions - 1);

        // The first directory has the controller's journal; so the second one goes first.
        Remove(folder["b"]);
        var kept = Enumerable.Range(0, Partitions).First(p => !lost.Contains(p));
        // Until a checkpoint is to be written, nobody notices.
        await Eventually.TrueAsync(
            () =>
            {
                KafkaClient.Kcat.ProduceAsync(broker.Bootstrap, "t", [new SentRecord("k", "more", kept)]).Wait();
                return broker.Log.Contains("has failed", StringComparison.Ordinal);
            },
            () => broker.Log);
        await using (var describe = ChildProcess.Start(Repository.Broker, ["log-dirs", "describe", "-b", broker.Bootstrap]))
        {
            var line = await describe.LineAsync(l => l.Contains(folder["b"], StringComparison.Ordinal));
            Assert.Contains("KAFKA_STORAGE_ERROR", line, StringComparison.Ordinal);
            Assert.Equal(1, await describe.ExitAsync());
        }
        await KafkaClient.Kcat.ProduceAsync(broker.Bootstrap, "t", [new SentRecord("k", "after", kept)]);
        Assert.False(broker.HasExited, broker.Log);

        Remove(folder["a"]);
        await Eventually.TrueAsync(() => broker.HasExited, () => broker.Log);
        Assert.Contains("All data directories have failed", broker.Log, StringComparison.Ordinal);
    }

    /// <summary>At once: while a folder is deleted file by file, the broker may write a checkpoint into it, and it is not
    /// empty.</summary>
    private static void Remove(string folder) => Directory.Move(folder, folder + "-is-gone");
}
