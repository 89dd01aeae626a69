using System.Globalization;
using ActorBroker.Benchmarks.Harness;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>From starting the process to serving, and the memory of a broker that has nothing to do.</summary>
internal static class Startup
{
    public static async Task RunAsync(TextWriter output)
    {
        var milliseconds = new List<double>();
        var megabytes = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            using var broker = ServerProcess.Broker();
            await Task.Delay(TimeSpan.FromSeconds(2)); // What starts after the first line is part of an idle broker.
            if (i == 0) continue; // The first start reads the files from disk.
            milliseconds.Add(broker.Started.TotalMilliseconds);
            megabytes.Add(broker.ResidentMegabytes);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"start to ready {new Spread(milliseconds)} ms (aim: 500), idle memory {new Spread(megabytes)} MB (aim: 80)"));
    }
}
