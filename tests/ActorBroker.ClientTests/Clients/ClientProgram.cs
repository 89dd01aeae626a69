using System.Text.Json;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Clients;

/// <summary>One of the programs in <c>clients/</c>, whose README describes their common command line.</summary>
internal sealed class ClientProgram(string name, string? interpreter, string script) : KafkaClient(name)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public override string? Missing => interpreter is null
        ? $"{Name} is not installed (.ci/run installs it)"
        : null;

    public override async Task ProduceAsync(
        string bootstrap, string topic, IEnumerable<SentRecord> records, string codec = "none") =>
        await RunAsync(["produce", "--bootstrap", bootstrap, "--topic", topic, "--codec", codec],
            records.Select(record => JsonSerializer.Serialize(record, _json)));

    public override async Task<IReadOnlyList<SeenRecord>> ConsumeAsync(
        string bootstrap, string topic, int count, string? group = null)
    {
        var lines = await RunAsync(
            ["consume", "--bootstrap", bootstrap, "--topic", topic, "--count", count.ToString(),
                .. group is null ? [] : new[] { "--group", group }]);
        return [.. lines.Select(line => JsonSerializer.Deserialize<SeenRecord>(line, _json)!)];
    }

    public async Task CreateTopicAsync(string bootstrap, string topic, int partitions) =>
        await RunAsync(["create", "--bootstrap", bootstrap, "--topic", topic, "--partitions", partitions.ToString()]);

    /// <summary>Starts a member of a group; it runs until told to leave.</summary>
    public GroupMember Join(string bootstrap, string topic, string group) =>
        new(ChildProcess.Start(interpreter!,
            [Path.Combine(Repository.Clients, script), "member", "--bootstrap", bootstrap, "--topic", topic, "--group", group]));

    private Task<IReadOnlyList<string>> RunAsync(string[] arguments, IEnumerable<string>? input = null) =>
        ChildProcess.RunAsync(interpreter!, [Path.Combine(Repository.Clients, script), .. arguments], input);
}
