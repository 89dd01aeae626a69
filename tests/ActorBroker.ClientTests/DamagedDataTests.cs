using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>
/// What a broker does with data that a crash or a disk has damaged: it keeps every whole batch, says what it cut, and serves.
/// </summary>
public class DamagedDataTests
{
    private const string Topic = "damaged";
    private const int Records = 100;

    [SkippableFact]
    public async Task A_torn_last_batch_is_cut_and_the_rest_is_served()
    {
        using var folder = new TempFolder();
        await using var broker = await FilledAsync(folder);
        await broker.KillAsync();
        var log = new FileInfo(Path.Combine(Partition(broker), "00000000000000000000.log"));
        await using (var file = log.OpenWrite()) file.SetLength(file.Length - 7);

        await broker.StartAgainAsync();

        var seen = await KafkaClient.Confluent.ConsumeAsync(broker.Bootstrap, Topic, Records - 1);
        Assert.Equal(Values(Records - 1), seen.Select(record => record.Value));
        await Eventually.TrueAsync(() => broker.Log.Contains($"{Topic}-0", StringComparison.Ordinal),
            () => "nothing was logged of the cut:\n" + broker.Log);

        await KafkaClient.Kcat.ProduceAsync(broker.Bootstrap, Topic, [new SentRecord("k", "again", 0)]);
        var last = (await KafkaClient.Confluent.ConsumeAsync(broker.Bootstrap, Topic, Records, group: "second"))[^1];
        Assert.Equal(("again", Records - 1), (last.Value, last.Offset));
    }

    [SkippableFact]
    public async Task A_flipped_bit_after_the_recovery_point_ends_the_log_before_it()
    {
        using var folder = new TempFolder();
        await using var broker = await FilledAsync(folder);
        await broker.KillAsync();
        Flip(Path.Combine(Partition(broker), "00000000000000000000.log"), fromEnd: 20);

        await broker.StartAgainAsync();

        var seen = await KafkaClient.Confluent.ConsumeAsync(broker.Bootstrap, Topic, Records - 1);
        Assert.Equal(Values(Records - 1), seen.Select(record => record.Value));
    }

    [SkippableTheory]
    [InlineData("00000000000000000000.index")]
    [InlineData("00000000000000000000.timeindex")]
    [InlineData("leader-epoch-checkpoint")]
    public async Task A_damaged_file_beside_the_log_costs_no_record(string file)
    {
        using var folder = new TempFolder();
        await using var broker = await FilledAsync(folder, "log.index.interval.bytes=64");
        await broker.KillAsync();
        var path = Path.Combine(Partition(broker), file);
        Assert.True(File.Exists(path), $"{path} is not there");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Range(0, 37).Select(n => (byte)(n * 41))]);

        await broker.StartAgainAsync();

        var seen = await KafkaClient.Confluent.ConsumeAsync(broker.Bootstrap, Topic, Records);
        Assert.Equal(Values(Records), seen.Select(record => record.Value));
    }

    [SkippableTheory]
    [InlineData("recovery-point-offset-checkpoint")]
    [InlineData("replication-offset-checkpoint")]
    [InlineData("log-start-offset-checkpoint")]
    public async Task A_damaged_checkpoint_costs_no_record(string file)
    {
        using var folder = new TempFolder();
        await using var broker = await FilledAsync(folder);
        Assert.Equal(0, await broker.StopAsync());
        await File.WriteAllTextAsync(Path.Combine(broker.Data, file), "0\n7\nrubbish");

        await broker.StartAgainAsync();

        var seen = await KafkaClient.Confluent.ConsumeAsync(broker.Bootstrap, Topic, Records);
        Assert.Equal(Values(Records), seen.Select(record => record.Value));
    }

    private static async Task<BrokerProcess> FilledAsync(TempFolder folder, params string[] settings)
    {
        KafkaClient.Kcat.OrSkip();
        KafkaClient.Confluent.OrSkip();
        var broker = await BrokerProcess.StartAsync(folder["data"], settings);
        try
        {
            await FillAsync(broker);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    private static async Task FillAsync(BrokerProcess broker)
    {
        // A batch for each record: kcat sends what one run is given, so the linger is set to nothing and each waits for its ack.
        await using var kcat = ChildProcess.Start(
            "kcat", ["-P", "-b", broker.Bootstrap, "-t", Topic, "-p", "0", "-X", "linger.ms=0", "-X", "batch.num.messages=1"]);
        await kcat.WriteAsync(Values(Records));
        Assert.True(await kcat.ExitAsync() == 0, kcat.Errors);
    }

    private static IEnumerable<string> Values(int count) => Enumerable.Range(0, count).Select(n => $"value {n}");

    private static string Partition(BrokerProcess broker) => Path.Combine(broker.Data, Topic + "-0");

    private static void Flip(string path, int fromEnd)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Seek(-fromEnd, SeekOrigin.End);
        var value = file.ReadByte();
        file.Seek(-1, SeekOrigin.Current);
        file.WriteByte((byte)(value ^ 4));
    }
}
