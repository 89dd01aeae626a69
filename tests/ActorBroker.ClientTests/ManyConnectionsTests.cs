using System.Net;
using System.Net.Sockets;
using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>Clients that only hold a socket cost the broker little and others nothing.</summary>
public class ManyConnectionsTests
{
    [SkippableFact]
    public async Task Two_thousand_idle_connections_are_held_beside_a_working_one()
    {
        KafkaClient.Kcat.OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"]);
        var before = ResidentBytes(broker);
        var idle = new List<Socket>();
        try
        {
            for (var n = 0; n < 2000; n++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, broker.Port);
                await socket.SendAsync(new byte[] { 0, 0, 0 }); // Half of a size, and then silence.
            }

            await KafkaClient.Kcat.ProduceAsync(broker.Bootstrap, "busy", [new SentRecord("k", "v", 0)]);
            Assert.Single(await KafkaClient.Kcat.ConsumeAsync(broker.Bootstrap, "busy", 1));
            Assert.True(ResidentBytes(broker) - before < 200_000_000,
                $"{(ResidentBytes(broker) - before) / 1e6} MB for 2,000 idle connections");
        }
        finally
        {
            foreach (var socket in idle) socket.Dispose();
        }
    }

    private static long ResidentBytes(BrokerProcess broker)
    {
        using var process = System.Diagnostics.Process.GetProcessById(broker.ProcessId);
        return process.WorkingSet64;
    }
}
