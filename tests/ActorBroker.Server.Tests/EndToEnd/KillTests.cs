using System.Diagnostics;
using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Clients.Producing;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.EndToEnd;

/// <summary>The executable as a process of its own, killed with SIGKILL while an idempotent producer and a group work.</summary>
public sealed class KillTests : IDisposable
{
    private const int Records = 20_000;
    private const int Kills = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("actorbroker-kill-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(240));

    private BrokerProcess? _broker;

    [Fact]
    public async Task Each_record_arrives_exactly_once_though_the_broker_is_killed()
    {
        _broker = await BrokerProcess.StartAsync(_folder, Ports.Free());
        await using var client = new KafkaClient(new([_broker.Address]));
        var delivered = new TaskCompletionSource();
        var reading = ReadAllAsync(_broker.Address);
        var producing = ProduceAsync(client, delivered);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await delivered.Task.WaitAsync(_limit.Token); // Some records are on their way.
            var port = _broker.Address.Port;
            _broker.Kill();
            _broker = await BrokerProcess.StartAsync(_folder, port);
        }
        await producing;
        Assert.Equal(Enumerable.Range(0, Records).Select(i => $"{i}"), await reading);
    }

    public void Dispose()
    {
        _broker?.Kill();
        _limit.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ProduceAsync(KafkaClient client, TaskCompletionSource delivered)
    {
        var options = new ProducerOptions { Idempotent = true, BatchBytes = 2000, BufferBytes = 20_000 };
        await using var producer = await Producer.StartAsync(client, options, _limit.Token);
        var deliveries = new List<Delivery>();
        for (var i = 0; i < Records; i++)
        {
            deliveries.Add(await producer.SendAsync(new("t", null, Encoding.UTF8.GetBytes($"{i}")), _limit.Token));
            if (i != 1000) continue;
            await deliveries[0].OffsetAsync();
            delivered.TrySetResult();
        }
        await producer.FlushAsync(_limit.Token);
        foreach (var delivery in deliveries) await delivery.OffsetAsync();
    }

    private async Task<List<string>> ReadAllAsync(HostAndPort address)
    {
        await using var client = new KafkaClient(new([address]));
        var options = new ConsumerOptions
        {
            GroupId = "g",
            OffsetReset = OffsetReset.Earliest,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        };
        await using var consumer = new Consumer(client, options);
        consumer.Subscribe(["t"]);
        var read = new SortedDictionary<Offset, string>(Comparer<Offset>.Create((a, b) => a.CompareTo(b)));
        while (read.Count < Records)
            foreach (var record in await consumer.PollAsync(TimeSpan.FromSeconds(1), _limit.Token))
                read[record.Offset] = Encoding.UTF8.GetString(record.Value!); // After a kill the group may read again.
        return [.. read.Values];
    }

    private sealed class BrokerProcess
    {
        private readonly Process _process;

        private BrokerProcess(Process process, HostAndPort address) => (_process, Address) = (process, address);

        public HostAndPort Address { get; }

        public static async Task<BrokerProcess> StartAsync(string folder, int port)
        {
            string[] flags =
            [
                Path.Combine(
                    AppContext.BaseDirectory, "actorbroker.dll"), "serve", "--data", folder, "--listen", $"127.0.0.1:{port}",
                "--set", "group.initial.rebalance.delay.ms=0", "--log-level", "None",
            ];
            var process = Process.Start(new ProcessStartInfo("dotnet", flags)
            {
                // Nothing of the test host's own: who reads that would wait for the broker too.
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                var errors = process.StandardError.ReadToEndAsync();
                var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(120));
                var isReady = HostAndPort.TryParse(line?.Split(' ')[^1], out var address);
                Assert.True(isReady, line is null ? await errors : line);
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, address);
            }
            catch
            {
                process.Kill();
                throw;
            }
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }
}
