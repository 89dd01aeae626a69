using System.Globalization;
using System.Text;
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

    public static bool Take(ILogFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return false;
        files.DeleteFile(path);
        files.FlushDirectory(directory);
        return true;
    }

    public static void Leave(ILogFileSystem files, string directory, long brokerEpoch) => CheckpointText.WriteWhole(
        files,
        Path.Combine(directory, FileName),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"version":0,"brokerEpoch":{{brokerEpoch}}}""")),
        durable: true);
}
