using Microsoft.Extensions.Logging;

namespace ActorBroker.Tests.Hosting;

/// <summary>What brokers of a test log, in the file that ACTORBROKER_TEST_LOG names.</summary>
internal sealed class TestLogging : ILoggerFactory
{
    private static readonly string? Path = Environment.GetEnvironmentVariable("ACTORBROKER_TEST_LOG");
    private static readonly Lock Gate = new();

    private readonly string _name;

    private TestLogging(string name) => _name = name;

    /// <summary>Null: nobody wants it.</summary>
    public static ILoggerFactory? Of(string name) => Path is null ? null : new TestLogging(name);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) =>
        new Logger($"{_name} {categoryName[(categoryName.LastIndexOf('.') + 1)..]}");

    public void Dispose()
    {
    }

    private sealed class Logger(string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var line = $"{DateTime.Now:HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)} {exception}\n";
            lock (Gate) File.AppendAllText(Path!, line);
        }
    }
}
