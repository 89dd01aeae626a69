using System.Globalization;

namespace ActorBroker.Simulation;

/// <summary>The run of a seed in this process alone, printed in a line; with a second argument, its trace in that file. Of many seeds
/// (<c>300-700</c>) only those runs that fail are printed, at once.</summary>
internal static class Program
{
    public static void Main(string[] arguments)
    {
        var seeds = arguments[0].Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        if (seeds.Length > 1)
        {
            Hunt(seeds[0], seeds[1]);
            return;
        }
        using var file = arguments.Length > 1 ? new StreamWriter(arguments[1]) : null;
        Console.WriteLine(ClusterRun.Summary(seeds[0], file is null ? null : file.WriteLine));
    }

    private static void Hunt(int first, int end)
    {
        for (var seed = first; seed < end; seed++)
        {
            using var run = new ClusterRun(seed);
            if (run.TryExecute() is { } why) Console.WriteLine(why);
            else if (seed % 50 == 49) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"up to {seed}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} to {end}: done"));
    }
}
