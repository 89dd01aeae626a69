namespace ActorBroker.Server.Commands;

/// <summary>A command's surroundings: the process's own, or a test's.</summary>
/// <param name="In">Bytes of standard input.</param>
/// <param name="Out">Bytes of standard output; results only.</param>
/// <param name="Error">For people: errors, warnings, progress.</param>
internal sealed record CommandIo(Stream In, Stream Out, TextWriter Error, bool InIsTerminal, bool ErrorIsTerminal)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CommandIo OfProcess() => new(
        Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, !Console.IsInputRedirected,
        !Console.IsErrorRedirected);

    public void Warn(string message) => Error.WriteLine($"warning: {message}");
}
