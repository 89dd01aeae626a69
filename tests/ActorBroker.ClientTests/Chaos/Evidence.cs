namespace ActorBroker.ClientTests.Chaos;

/// <summary>Keeps what may explain a run, where ACTORBROKER_CHAOS_LOGS names a folder for it: the brokers' logs and files, and,
/// when it is disposed of, what the clients told.</summary>
internal sealed class Evidence(Load load) : IAsyncDisposable
{
    private static readonly string? _folder = Environment.GetEnvironmentVariable("ACTORBROKER_CHAOS_LOGS");

    public static void Keep(ChaosCluster cluster, string topic)
    {
        if (_folder is null) return;
        Directory.CreateDirectory(_folder);
        foreach (var node in cluster.Nodes)
        {
            File.WriteAllText(Path.Combine(_folder, $"broker-{node.Id}.log"), node.Process.AllLogs);
            foreach (var partition in Directory.GetDirectories(node.Data, $"{topic}-*"))
            {
                var copy = Path.Combine(_folder, $"broker-{node.Id}", Path.GetFileName(partition));
                Directory.CreateDirectory(copy);
                foreach (var file in Directory.GetFiles(partition, "*.log"))
                    File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null) return;
        Directory.CreateDirectory(_folder);
        foreach (var (client, i) in load.All.Select((client, i) => (client, i)))
        {
            var name = Path.Combine(_folder, $"{i}-{client.Name.Replace(' ', '-')}");
            await File.WriteAllTextAsync(name + ".err", client.Errors);
            await File.WriteAllLinesAsync(name + ".events", client.Events.Select(e => e.ToString()));
        }
    }
}
