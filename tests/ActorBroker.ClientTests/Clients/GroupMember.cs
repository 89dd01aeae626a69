using System.Text.Json;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Clients;

/// <summary>A member of a consumer group in a process of its own. Its events are read in the background.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly ChildProcess _process;
    private readonly Lock _lock = new();
    private readonly List<SeenRecord> _records = [];
    private readonly Task _reading;
    private int[] _assigned = [];

    public GroupMember(ChildProcess process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>The partitions of the last assignment.</summary>
    public IReadOnlyList<int> Assigned
    {
        get { lock (_lock) return _assigned; }
    }

    public IReadOnlyList<SeenRecord> Records
    {
        get { lock (_lock) return [.. _records]; }
    }

    public string Errors => _process.Errors;

    /// <summary>Leaves the group in order and waits for the process to end.</summary>
    public async Task LeaveAsync()
    {
        _process.Input.Close();
        var code = await _process.ExitAsync();
        if (code != 0) throw new ProcessFailedException($"a group member ended with {code}: {_process.Errors}");
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var line in _process.RestOfLinesAsync())
        {
            using var json = JsonDocument.Parse(line);
            var kind = json.RootElement.GetProperty("event").GetString();
            lock (_lock)
            {
                if (kind == "assigned") _assigned = json.RootElement.GetProperty("partitions").Deserialize<int[]>(_json)!;
                else if (kind == "record") _records.Add(json.RootElement.Deserialize<SeenRecord>(_json)!);
            }
        }
    }
}
