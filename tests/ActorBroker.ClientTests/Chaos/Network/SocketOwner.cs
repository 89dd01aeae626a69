using System.Globalization;
using System.Net;

namespace ActorBroker.ClientTests.Chaos.Network;

/// <summary>Finds the process at the other end of a connection on this machine, in Linux's <c>/proc</c>.</summary>
internal static class SocketOwner
{
    private const int LocalColumn = 1, InodeColumn = 9;

    /// <summary>The one of <paramref name="processes"/> that has a socket with this address; null: none has.</summary>
    public static int? Find(IPEndPoint address, IReadOnlyCollection<int> processes)
    {
        if (InodeOf(address) is not { } inode) return null;
        var link = $"socket:[{inode}]";
        foreach (var process in processes)
            if (HasOpen(process, link)) return process;
        return null;
    }

    private static string? InodeOf(IPEndPoint address)
    {
        var end = ":" + address.Port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            foreach (var line in File.ReadLines(table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > InodeColumn && columns[LocalColumn].EndsWith(end, StringComparison.Ordinal)
                    && columns[InodeColumn] != "0") return columns[InodeColumn];
            }
        }
        return null;
    }

    private static bool HasOpen(int process, string link)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => LinkOf(file) == link);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended.
        }
    }

    private static string? LinkOf(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null; // Closed meanwhile.
        }
    }
}
