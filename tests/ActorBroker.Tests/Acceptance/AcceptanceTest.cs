using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Acceptance;

/// <summary>
/// Gives each test a broker of its own, with a client of it. The summaries of the tests name rows of the acceptance table.
/// </summary>
/// <param name="onDisk">Data in <see cref="Folder"/>, which a restarted broker finds again; else in memory.</param>
public abstract class AcceptanceTest(bool onDisk = false) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _clients = [];
    private EmbeddedBroker? _broker;

    /// <summary>What the broker is started with. Groups start at once and lie on few partitions: quick tests.</summary>
    protected Dictionary<string, string?> Configs { get; } = new()
    {
        ["group.initial.rebalance.delay.ms"] = "0",
        ["offsets.topic.num.partitions"] = "3",
    };

    protected string Folder => _folder.Path;

    protected EmbeddedBroker Broker => _broker!;

    private protected TestKafkaClient Client { get; private set; } = null!;

    /// <summary>The disk that the broker sees; by default the machine's, or memory.</summary>
    private protected ILogFileSystem? Files { get; set; }

    public virtual async Task InitializeAsync()
    {
        _broker = Files is null
            ? await EmbeddedBroker.StartAsync(new() { DataDirectory = onDisk ? Folder : null, Configs = Configs })
            : await EmbeddedBroker.StartAsync(OptionsFor(Folder), BrokerEnvironment.Real(Files));
        Client = await ConnectAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private BrokerOptions OptionsFor(string folder)
    {
        var more = new Dictionary<string, string?> { ["log.dirs"] = folder, ["listeners"] = "PLAINTEXT://127.0.0.1:0" };
        return BrokerOptions.Load(null, Configs.Concat(more));
    }

    private protected async Task<TestKafkaClient> ConnectAsync()
    {
        var client = await TestKafkaClient.ConnectAsync(Broker);
        lock (_clients) _clients.Add(client); // Some tests connect side by side.
        return client;
    }

    /// <summary>Stops the broker cleanly and starts it again, with these configs added.</summary>
    protected async Task RestartAsync(params (string Key, string Value)[] configs)
    {
        await StopAsync();
        foreach (var (key, value) in configs) Configs[key] = value;
        await InitializeAsync();
    }

    protected async Task StopAsync()
    {
        foreach (var client in _clients) client.Dispose();
        _clients.Clear();
        if (_broker is not null) await _broker.DisposeAsync();
        _broker = null;
    }

    protected static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    protected static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await condition()) await Task.Delay(10, patience.Token);
    }
}
