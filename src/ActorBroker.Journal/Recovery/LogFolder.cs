using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Recovery;

/// <summary>
/// The files of a partition after what interrupted deletions, rolls and compactions left behind was cleared up: only
/// segments, their indexes and snapshots are left.
/// </summary>
internal sealed class LogFolder
{
    private readonly ILogFileSystem _files;
    private readonly string _directory;
    private readonly ILogger _log;
    private readonly Dictionary<string, LogFileInfo> _names = new(StringComparer.Ordinal);

    public LogFolder(ILogFileSystem files, string directory, ILogger log)
    {
        (_files, _directory, _log) = (files, directory, log);
        foreach (var file in files.List(directory))
            if (!file.IsDirectory) _names[file.Name] = file;
        RemoveDeleted();
        FinishCompactions();
        RemoveOrphanedIndexes();
    }

    /// <summary>Base offsets of the segments, ascending.</summary>
    public IReadOnlyList<Offset> SegmentOffsets => Offsets(SegmentName.Log);

    public IReadOnlyList<Offset> SnapshotOffsets => Offsets(SegmentName.ProducerSnapshot);

    public SegmentSizes SizesOf(Offset offset) => new(
        Info(offset, SegmentName.Log).LengthBytes,
        Info(offset, SegmentName.OffsetIndex).LengthBytes,
        Info(offset, SegmentName.TimeIndex).LengthBytes,
        Info(offset, SegmentName.Log).LastWriteMs);

    /// <summary>Both indexes are there, and as long as some number of entries.</summary>
    public bool HasIndexes(Offset offset) =>
        _names.TryGetValue(SegmentName.Of(offset, SegmentName.OffsetIndex), out var offsets)
        && _names.TryGetValue(SegmentName.Of(offset, SegmentName.TimeIndex), out var times)
        && offsets.LengthBytes % OffsetIndex.EntryBytes == 0
        && times.LengthBytes % TimeIndex.EntryBytes == 0;

    /// <summary>Makes empty index files, to be filled from the log.</summary>
    public void EmptyIndexes(Offset offset)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[SegmentName.OffsetIndex, SegmentName.TimeIndex])
        {
            var name = SegmentName.Of(offset, suffix);
            _files.Open(PathOf(name), LogFileMode.CreateEmpty).Dispose();
            _names[name] = new(name, false, 0, 0);
        }
    }

    private LogFileInfo Info(Offset offset, string suffix) => _names.GetValueOrDefault(SegmentName.Of(offset, suffix));

    private List<Offset> Offsets(string suffix)
    {
        var offsets = new List<Offset>();
        foreach (var name in _names.Keys)
            if (SegmentName.TryParse(name, out var offset, out var found) && found == suffix) offsets.Add(offset);
        offsets.Sort();
        return offsets;
    }

    private void RemoveDeleted()
    {
        foreach (var name in Ending(SegmentName.Deleted)) Remove(name, "its deletion was not finished");
        foreach (var name in Ending(".tmp")) Remove(name, "its writing was not finished");
    }

    /// <summary>
    /// What compaction was still writing is dropped, and with it what it had completed after that; what is complete takes the
    /// place of the segments that it covers.
    /// </summary>
    private void FinishCompactions()
    {
        var unfinished = long.MaxValue;
        foreach (var name in Ending(SegmentName.Cleaned))
        {
            if (SegmentName.TryParse(name, out var offset, out _)) unfinished = Math.Min(unfinished, offset.Value);
            Remove(name, "its compaction was not finished");
        }
        foreach (var name in Ending(SegmentName.Swap))
            if (SegmentName.TryParse(name, out var offset, out _) && offset.Value >= unfinished)
                Remove(name, "a later compaction was not finished");

        foreach (var name in Ending(SegmentName.Log + SegmentName.Swap))
        {
            if (!SegmentName.TryParse(name, out var start, out _)) continue;
            var end = EndOf(name, start);
            foreach (var covered in SegmentOffsets)
                if (covered >= start && covered < end)
                    RemoveSegment(covered, "it was compacted");
        }
        foreach (var name in Ending(SegmentName.Swap))
        {
            var final = name[..^SegmentName.Swap.Length];
            _files.Rename(PathOf(name), PathOf(final));
            _names[final] = _names[name] with { Name = final };
            _names.Remove(name);
        }
    }

    private void RemoveSegment(Offset offset, string reason)
    {
        foreach (var suffix in SegmentName.OfSegment)
            if (_names.ContainsKey(SegmentName.Of(offset, suffix))) Remove(SegmentName.Of(offset, suffix), reason);
    }

    private Offset EndOf(string name, Offset start)
    {
        using var file = _files.Open(PathOf(name), LogFileMode.ReadExisting);
        var end = start;
        SegmentScan.Run(file, start, Epoch.None, (in RecordBatchHeader batch) => end = batch.NextOffset);
        return end;
    }

    private void RemoveOrphanedIndexes()
    {
        foreach (var name in _names.Keys.ToArray())
            if (SegmentName.TryParse(name, out var offset, out var suffix)
                && suffix is SegmentName.OffsetIndex or SegmentName.TimeIndex or SegmentName.TransactionIndex
                && !_names.ContainsKey(SegmentName.Of(offset, SegmentName.Log)))
                Remove(name, "it has no log");
    }

    private string[] Ending(string suffix) => [.. _names.Keys.Where(name => name.EndsWith(suffix, StringComparison.Ordinal))];

    private void Remove(string name, string reason)
    {
        _files.DeleteFile(PathOf(name));
        _names.Remove(name);
        Log.FileRemoved(_log, PathOf(name), reason);
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
