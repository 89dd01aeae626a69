using System.Globalization;

namespace ActorBroker.Server.Commands;

/// <summary>One line on a terminal's standard error that is rewritten while something takes long. Elsewhere nothing.</summary>
internal sealed class ProgressLine(CommandIo io, string what) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _started = io.Time.GetTimestamp();
    private long _shown;
    private bool _isShown;

    public long Count { get; private set; }

    public long Bytes { get; private set; }

    public void Add(long bytes)
    {
        Count++;
        Bytes += bytes;
        if (!io.ErrorIsTerminal || (Count & 0xFF) != 0 || io.Time.GetElapsedTime(_shown) < Interval) return;
        _shown = io.Time.GetTimestamp();
        _isShown = true;
        var seconds = Math.Max(0.001, io.Time.GetElapsedTime(_started).TotalSeconds);
        io.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r{Count} {what}, {Bytes / 1e6:F1} MB, {Count / seconds:F0}/s   "));
    }

    public void Dispose()
    {
        if (_isShown) io.Error.Write("\r" + new string(' ', 60) + "\r");
    }
}
