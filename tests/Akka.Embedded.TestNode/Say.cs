namespace Akka.Embedded.TestNode;

/// <summary>Lines for the test that has started this process.</summary>
internal static class Say
{
    public static void Line(string what)
    {
        lock (Console.Out) Console.WriteLine($"@ {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {what}");
    }
}
