using Akka.Event;

namespace Akka.Remote;

/// <summary>Log lines for what may happen often: some in each while; the first of the next one says how many were left out.
/// </summary>
internal sealed class OccasionalLog(Remoting remoting, int linesAWhile = 1)
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private TimeSpan _until;
    private int _lines;
    private long _leftOut;

    public void Warning(string template, params object[] arguments)
    {
        long leftOut;
        lock (_gate)
        {
            var now = remoting.Now;
            if (now >= _until)
            {
                _until = now + While;
                _lines = 0;
            }
            if (++_lines > linesAWhile)
            {
                _leftOut++;
                return;
            }
            leftOut = _leftOut;
            _leftOut = 0;
        }
        var suffix = leftOut > 0 ? $" ({leftOut} more times since the last such line)" : "";
        remoting.System.Log.Warning(template + suffix, arguments);
    }
}
