using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Commands;

/// <summary>
/// <c>produce</c>: what kafka-console-producer does. Each line of standard input, or of a file, becomes a record.
/// </summary>
internal static class ProduceCommand
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string>("--topic", "-t") { Required = true, Description = "Where the records go" };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "Read lines from this file instead of standard input",
            HelpName = "FILE",
        };
        var partition = new Option<int?>("--partition") { Description = "Send all records to this partition" };
        var keySeparator = new Option<string?>("--key-separator") { Description = "Lines are KEY SEPARATOR VALUE" };
        var property = new Option<string[]>("--property", "--reader-property")
        {
            Description = "How lines are read: parse.key, key.separator, parse.headers, headers.delimiter, headers.separator, "
                + "headers.key.separator, null.marker, ignore.error",
            HelpName = "KEY=VALUE",
        };
        var producerProperty = new Option<string[]>("--producer-property")
        {
            Description = "Setting of the producer, as acks=1; may be repeated",
            HelpName = "KEY=VALUE",
        };
        var acks = new Option<string?>("--acks", "--request-required-acks") { Description = "0, 1 or all" };
        var codec = new Option<string?>("--compression-codec", "--compression-type")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "none, gzip, snappy, lz4 or zstd; gzip if the flag stands alone",
        };
        var batchSize = new Option<int?>("--batch-size") { Description = "Bytes of a batch" };
        var linger = new Option<int?>("--timeout") { Description = "Milliseconds that a batch waits for more records" };
        var sync = new Option<bool>("--sync") { Description = "Wait for each record's answer before the next is sent" };
        var command = new Command("produce", "Send lines to a topic")
        {
            topic, file, partition, keySeparator, property, producerProperty, acks, codec, batchSize, linger, sync,
        };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var properties = cluster.Properties(parsed, producerProperty);
            if (parsed.GetValue(acks) is { } wantedAcks) properties.Add([new("acks", wantedAcks)]);
            if (parsed.GetResult(codec) is not null) properties.Add([new("compression.type", parsed.GetValue(codec) ?? "gzip")]);
            if (parsed.GetValue(batchSize) is { } bytes)
                properties.Add([new("batch.size", bytes.ToString(CultureInfo.InvariantCulture))]);
            if (parsed.GetValue(linger) is { } ms) properties.Add([new("linger.ms", ms.ToString(CultureInfo.InvariantCulture))]);
            var readerProperties = new ClientProperties();
            readerProperties.Add(KeyValues.Parse(property.Name, parsed.GetValue(property)));
            var parser = new LineParser(
                parsed.GetRequiredValue(topic), parsed.GetValue(partition), readerProperties, parsed.GetValue(keySeparator));
            var options = ProducerSettings.Read(properties);

            await using var client = cluster.Connect(parsed, io, properties);
            await using var source = parsed.GetValue(file) is { } path ? File.OpenRead(path) : null;
            var sent = await SendAsync(io, client, options, parser, source ?? io.In, parsed.GetValue(sync), cancellation);
            var output = cluster.Output(parsed, io);
            if (output.IsJson) output.Json(new { records = sent.Records, failed = sent.Failures.Count, bytes = sent.Bytes });
            else if (io.ErrorIsTerminal) io.Error.WriteLine($"{sent.Records} records sent");
            foreach (var failure in sent.Failures.Distinct().Take(10)) io.Error.WriteLine($"error: {failure}");
            if (sent.Failures.Count > 0) io.Error.WriteLine($"error: {sent.Failures.Count} records were not delivered");
            return sent.Failures.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<Sent> SendAsync(
        CommandIo io, KafkaClient client, ProducerOptions options, LineParser parser, Stream lines, bool sync,
        CancellationToken cancellation)
    {
        await using var producer = await Producer.StartAsync(client, options, cancellation);
        using var progress = new ProgressLine(io, "records");
        var failures = new List<string>();
        var batches = new HashSet<Task<ProducedBatch>>();
        if (io.InIsTerminal && lines == io.In) io.Error.WriteLine("One record a line; end with Ctrl-D.");
        await foreach (var line in Lines.ReadAsync(lines, cancellation))
        {
            var delivery = await producer.SendAsync(parser.Parse(line.Span), cancellation);
            batches.Add(delivery.Batch);
            progress.Add(line.Length);
            if (sync) await producer.FlushAsync(cancellation);
            if (batches.Count > 1000) CollectDone(batches, failures);
        }
        await producer.FlushAsync(cancellation);
        CollectDone(batches, failures);
        return new(progress.Count, progress.Bytes, failures);
    }

    /// <summary>Forgets batches that are answered, and keeps why others failed.</summary>
    private static void CollectDone(HashSet<Task<ProducedBatch>> batches, List<string> failures)
    {
        foreach (var batch in batches)
            if (batch.Exception is { } error) failures.Add(error.GetBaseException().Message);
        batches.RemoveWhere(b => b.IsCompleted);
    }

    private sealed record Sent(long Records, long Bytes, List<string> Failures);
}
