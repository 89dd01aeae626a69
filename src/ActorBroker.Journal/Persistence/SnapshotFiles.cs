using System.Globalization;
using System.Text;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol.Records;
using Akka.Persistence;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// Snapshots as files: a folder for each persistence id, and in it a file for each snapshot, named by sequence number and time. A
/// file holds one record batch, whose CRC says whether it is whole. It appears under its name when it is complete and flushed.
/// </summary>
internal sealed class SnapshotFiles(ILogFileSystem files, string directory)
{
    private const string Suffix = ".snapshot";

    /// <summary>Names of files may not be longer than 255 bytes.</summary>
    private const int MaxFolderName = 200;

    public void Save(SnapshotMetadata metadata, byte[] content, long nowMs)
    {
        var folder = FolderOf(metadata.PersistenceId);
        if (!files.DirectoryExists(folder))
        {
            files.CreateDirectory(folder);
            files.FlushDirectory(directory);
        }
        var older = Find(
            metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr));
        using var batch = new RecordBatchBuilder();
        batch.Append(nowMs, Encoding.UTF8.GetBytes(metadata.PersistenceId), content);
        WholeFile.Write(files, PathOf(metadata), batch.Build(), durable: true);
        foreach (var replaced in older)
            if (replaced.Timestamp != metadata.Timestamp) files.DeleteFile(PathOf(replaced));
    }

    /// <exception cref="LogStorageException">The file is damaged.</exception>
    public byte[] Load(SnapshotMetadata metadata)
    {
        var path = PathOf(metadata);
        var bytes = WholeFile.Read(files, path);
        if (!JournalRecord.IsWholeBatch(bytes))
            throw new LogStorageException(LogStorageFailure.Damaged, path,
                $"{path} is damaged. "
                + "Delete it if the events that it stands for are still in the journal, or restore it from a copy.");
        using var records = RecordBatchReader.Open(bytes, int.MaxValue);
        foreach (var record in records) return record.Value.ToArray();
        return [];
    }

    public void Delete(SnapshotMetadata metadata) => files.DeleteFile(PathOf(metadata));

    /// <summary>The snapshots that criteria take, ascending.</summary>
    public List<SnapshotMetadata> Find(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var folder = FolderOf(persistenceId);
        var found = new List<SnapshotMetadata>();
        if (!files.DirectoryExists(folder)) return found;
        foreach (var file in files.List(folder))
            if (TryParse(persistenceId, file.Name) is { } metadata
                && metadata.SequenceNr >= criteria.MinSequenceNr && metadata.SequenceNr <= criteria.MaxSequenceNr
                && metadata.Timestamp <= criteria.MaxTimeStamp
                    && (criteria.MinTimestamp is not { } min || metadata.Timestamp >= min))
                found.Add(metadata);
        found.Sort((a, b) => (a.SequenceNr, a.Timestamp).CompareTo((b.SequenceNr, b.Timestamp)));
        return found;
    }

    private static SnapshotMetadata? TryParse(string persistenceId, string name)
    {
        if (!name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        var parts = name[..^Suffix.Length].Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequenceNr)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? new SnapshotMetadata(persistenceId, sequenceNr, new DateTime(ticks, DateTimeKind.Utc))
            : null;
    }

    private string PathOf(SnapshotMetadata metadata) => Path.Combine(
        FolderOf(metadata.PersistenceId),
        string.Create(CultureInfo.InvariantCulture, $"{metadata.SequenceNr:D20}-{metadata.Timestamp.Ticks:D19}{Suffix}"));

    /// <summary>Any text as a name that every file system takes; long ones end in a hash.</summary>
    private string FolderOf(string persistenceId)
    {
        var name = new StringBuilder("p-");
        foreach (var octet in Encoding.UTF8.GetBytes(persistenceId))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_') name.Append((char)octet);
            else name.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        if (name.Length > MaxFolderName)
        {
            var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(persistenceId)));
            name.Length = MaxFolderName - hash.Length - 1;
            name.Append('~').Append(hash);
        }
        return Path.Combine(directory, name.ToString());
    }
}
