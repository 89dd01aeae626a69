using System.Globalization;
using System.Net;

namespace ActorBroker.ClientTests.Chaos.Network;

/// <summary>Which process on this machine has which connections, by Linux's <c>/proc</c>.</summary>
internal static class SocketOwner
{
    private const int LocalColumn = 1, RemoteColumn = 2, StateColumn = 3, InodeColumn = 9;
    private const string Established = "01";
    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The one of <paramref name="processes"/> that has a socket with this address; null: none has.</summary>
    public static int? Find(IPEndPoint address, IReadOnlyCollection<int> processes)
    {
        if (InodeOf(address) is not { } inode) return null;
        var link = LinkTo(inode);
        foreach (var process in processes)
            if (HasOpen(process, link)) return process;
        return null;
    }

    /// <summary>The ports that a process has connections to, one for each connection, in order.</summary>
    public static IReadOnlyList<int> RemotePortsOf(int process)
    {
        var open = OpenLinks(process).ToHashSet();
        return
        [
            .. Rows().Where(row => row[StateColumn] == Established && open.Contains(LinkTo(row[InodeColumn])))
                .Select(row => PortOf(row[RemoteColumn])).Order(),
        ];
    }

    private static string? InodeOf(IPEndPoint address) => Rows()
        .FirstOrDefault(row => PortOf(row[LocalColumn]) == address.Port && row[InodeColumn] != "0")?[InodeColumn];

    private static IEnumerable<string[]> Rows() => _tables.SelectMany(File.ReadLines)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(columns => columns.Length > InodeColumn && columns[LocalColumn].Contains(':', StringComparison.Ordinal));

    private static int PortOf(string address) =>
        int.Parse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string LinkTo(string inode) => $"socket:[{inode}]";

    private static bool HasOpen(int process, string link) => OpenLinks(process).Contains(link);

    private static List<string?> OpenLinks(int process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(LinkOf)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended.
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
