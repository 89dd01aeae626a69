using System.Runtime.InteropServices;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Tests.Segments;

/// <summary>Ranges that the page cache has, or has no more.</summary>
public sealed partial class ColdRangeTests : IDisposable
{
    private const int DontNeed = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private readonly PartitionLog _log;

    public ColdRangeTests()
    {
        var place = new LogPlace(PhysicalFileSystem.Instance, Path.Combine(_folder, "orders-0"), TestDisk.Orders, TestDisk.Id);
        _log = PartitionLog.Open(place, new(), LogStart.Unknown, TestBatch.Time, NullLogger.Instance);
        var batch = TestBatch.Of(1, valueBytes: 1 << 20);
        _log.Append(batch, TestBatch.Header(batch), Epoch.Zero, TestBatch.Time);
        _log.Flush();
    }

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private LogRange Read()
    {
        Assert.True(_log.TryRead(Offset.Zero, _log.LogEndOffset, int.MaxValue, minOneBatch: true, out var range));
        return range;
    }

    [Fact]
    public void What_was_just_written_is_in_memory()
    {
        using var range = Read();
        Assert.True(range.IsInMemory);
    }

    [Fact]
    public void What_left_the_page_cache_is_in_memory_again_once_loaded()
    {
        using var range = Read();
        var before = range.ToArray();
        if (OperatingSystem.IsLinux()) _ = Advise(range.Handle!, 0, 0, DontNeed); // A hint: a disk in memory, for one, keeps all.
        range.Load();
        Assert.True(range.IsInMemory);
        Assert.Equal(before, range.ToArray());
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
