using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>log-dirs describe</c>: what kafka-log-dirs does.</summary>
internal static class LogDirsCommand
{
    private static readonly string[] Columns = ["BROKER", "LOG-DIR", "STATE", "PARTITIONS", "BYTES", "FREE"];

    public static Command Create(CommandIo io) => new("log-dirs", "Look at the brokers' data directories") { Describe(io) };

    private static Command Describe(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var brokers = new Option<string?>("--brokers")
        {
            Description = "Ids of brokers with commas between; all if none is given (kafka-log-dirs calls it --broker-list)",
            HelpName = "ID,...",
        };
        var topics = new Option<string?>("--topic-list")
        {
            Description = "Topics with commas between whose partitions count; all if none is given",
            HelpName = "TOPIC,...",
        };
        var command = new Command("describe", "Each data directory: whether it works, and what lies there") { brokers, topics };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var described = await new LogDirsAdmin(client).DescribeAsync(
                Ids(parsed.GetValue(brokers)), parsed.GetValue(topics)?.Split(','), cancellation);
            var rows = described.SelectMany(b => b.Directories.Select(d => new
            {
                broker = b.Broker.Value,
                logDir = d.LogDir,
                state = d.ErrorCode == ErrorCode.None ? "ok" : ErrorTexts.NameOf(d.ErrorCode),
                partitions = d.Topics.Sum(t => t.Partitions.Length),
                bytes = d.Topics.Sum(t => t.Partitions.Sum(p => p.PartitionSize)),
                usableBytes = d.UsableBytes,
                totalBytes = d.TotalBytes,
                topics = d.Topics.Select(t => new
                {
                    topic = t.Name,
                    partitions = t.Partitions.Select(p => new { partition = p.PartitionIndex, bytes = p.PartitionSize }),
                }),
            })).ToList();
            var output = cluster.Output(parsed, io);
            if (output.IsJson) output.Json(rows);
            else output.Table(Columns, rows.Select(r => new[]
            {
                Text(r.broker), r.logDir, r.state, Text(r.partitions), Text(r.bytes),
                r.usableBytes < 0 ? "-" : Text(r.usableBytes),
            }));
            return rows.All(r => r.state == "ok") ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static BrokerId[]? Ids(string? text) => text?.Split(',').Select(id =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new BrokerId(number)
            : throw new UsageException($"--brokers: '{id}' is no broker's id")).ToArray();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
