using System.Globalization;

namespace ActorBroker.Simulation;

/// <summary>The run of a seed in this process alone, printed in a line; with a second argument, its trace in that file.</summary>
internal static class Program
{
    public static void Main(string[] arguments)
    {
        using var file = arguments.Length > 1 ? new StreamWriter(arguments[1]) : null;
        Console.WriteLine(ClusterRun.Summary(
            int.Parse(arguments[0], CultureInfo.InvariantCulture), file is null ? null : file.WriteLine));
    }
}
