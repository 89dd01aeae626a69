using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>What is acknowledged is still there after kill -9, in order, byte for byte.</summary>
public class SurvivesKillTests
{
    private const string Topic = "text";

    /// <summary>
    /// The licence text, and 100,000 numbered lines made of its words; no line is empty, because kcat would not send it.
    /// </summary>
    private static readonly string[] _text =
    [
        .. File.ReadLines(Repository.License).Select((line, number) => $"{number}: {line}"),
        .. Words(File.ReadAllText(Repository.License).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), 100_000),
    ];

    [SkippableTheory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task A_text_piped_in_while_the_broker_is_killed_comes_out_the_same(string codec)
    {
        KafkaClient.Kcat.OrSkip();
        var consumer = (codec is "none" or "gzip" ? KafkaClient.KafkaJs : KafkaClient.Confluent).OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"]);
        await using var kcat = ChildProcess.Start("kcat",
        [
            // -E: it does not end when the broker is gone.
            "-E", "-P", "-b", broker.Bootstrap, "-t", Topic, "-p", "0", "-z", codec,
            "-X", "enable.idempotence=true", "-X", "acks=all", "-X", "linger.ms=5", "-X", "batch.num.messages=500",
        ]);

        var half = _text.Length / 2;
        await WriteAsync(kcat, _text.AsMemory(0, half));
        await Eventually.TrueAsync(() => LogBytes(broker) > 0, () => $"nothing was written: {kcat.Errors} {broker.Log}");
        await broker.KillAsync();
        await WriteAsync(kcat, _text.AsMemory(half));
        kcat.Input.Close();
        await broker.StartAgainAsync();

        Assert.True(await kcat.ExitAsync() == 0, kcat.Errors);
        var seen = await consumer.ConsumeAsync(broker.Bootstrap, Topic, _text.Length);
        Assert.Equal(_text, seen.Select(record => record.Value));
        Assert.Equal(Enumerable.Range(0, _text.Length).Select(n => (long)n), seen.Select(record => record.Offset));
    }

    private static async Task WriteAsync(ChildProcess kcat, ReadOnlyMemory<string> lines)
    {
        for (var i = 0; i < lines.Length; i++) await kcat.Input.WriteAsync(lines.Span[i] + "\n").WaitAsync(ChildProcess.Patience);
        await kcat.Input.FlushAsync();
    }

    private static long LogBytes(BrokerProcess broker)
    {
        var partition = new DirectoryInfo(Path.Combine(broker.Data, Topic + "-0"));
        return partition.Exists ? partition.EnumerateFiles("*.log").Sum(file => file.Length) : 0;
    }

    private static IEnumerable<string> Words(string[] words, int lines) =>
        Enumerable.Range(0, lines).Select(
            n => $"line {n}: {words[n % words.Length]} {words[n * 7 % words.Length]} {words[n * 31L % words.Length]}");
}
