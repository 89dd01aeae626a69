using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Tests.Hosting;

/// <summary>Keeps what a broker logs from Information on, and passes it on to <see cref="TestLogging"/>.</summary>
internal sealed class LogLines(int broker) : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ILoggerFactory? _next = TestLogging.Of($"{broker}");

    public bool Has(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until a line has that text: what is done may be known before it is logged.</summary>
    public Task UntilAsync(string text) => UntilAnyAsync([this], text);

    /// <summary>Waits until a line of any of them has that text.</summary>
    public static async Task UntilAnyAsync(IEnumerable<LogLines> logs, string text)
    {
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        while (!logs.Any(log => log.Has(text)))
        {
            Assert.False(patience.IsCancellationRequested, $"Nobody logged: {text}");
            await Task.Delay(20);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, _next?.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines lines, ILogger? next) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines._lines.Enqueue($"{logLevel} {formatter(state, exception)}");
            next?.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
