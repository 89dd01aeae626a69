using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Directories;

/// <summary>
/// <c>.kafka_cleanshutdown</c>: the broker closed every log of the directory. It is taken away as soon as it is seen, so that a
/// crash before the next clean stop is not mistaken for one.
/// </summary>
internal static class CleanShutdownMark
{
    public const string FileName = ".kafka_cleanshutdown";

    /// <returns>The broker's epoch when it stopped, -1 if the mark does not say; null: there is no mark.</returns>
    public static long? Take(ILogFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return null;
        var epoch = EpochIn(WholeFile.Read(files, path));
        files.DeleteFile(path);
        files.FlushDirectory(directory);
        return epoch;
    }

    private static long EpochIn(byte[] text)
    {
        try
        {
            using var mark = JsonDocument.Parse(text);
            return mark.RootElement.TryGetProperty("brokerEpoch", out var epoch) && epoch.TryGetInt64(out var value) ? value : -1;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return -1; // Kafka's marks were empty once.
        }
    }

    public static void Leave(ILogFileSystem files, string directory, long brokerEpoch) => WholeFile.Write(
        files,
        Path.Combine(directory, FileName),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"version":0,"brokerEpoch":{{brokerEpoch}}}""")),
        durable: true);
}
