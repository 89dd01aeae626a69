using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Directories;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Journal.Tests.Directories;

public sealed class LogDirectoryTests
{
    private const string Data = "/data";
    private static readonly DirectoryOwner Owner = new("cluster-1", new BrokerId(3), new TopicId(77));
    private static readonly TopicPartition Orders = new("orders", 0);
    private static readonly TopicPartition Dashed = new("a-b.c_d", 12);
    private static readonly TopicId Id = new(42);

    private readonly FaultyFileSystem _files = new(TimeProvider.System);

    [Fact]
    public void A_new_directory_is_marked_with_its_owner()
    {
        using var directory = Open();
        Assert.Equal(
            $"#\nversion=1\ncluster.id=cluster-1\nnode.id=3\ndirectory.id={new TopicId(77)}\n",
            System.Text.Encoding.ASCII.GetString(_files.ReadAll("/data/meta.properties")));
        Assert.Equal(new TopicId(77), directory.Identity.DirectoryId);
        Assert.Empty(directory.Found);
    }

    [Fact]
    public void A_directory_in_use_is_refused()
    {
        using var directory = Open();
        Assert.Contains("in use", Assert.Throws<LogStorageException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_brokers_or_clusters_directory_is_refused_and_left_as_it_is()
    {
        Open().Close(clean: true);
        var otherBroker = Assert.Throws<LogStorageException>(() => Open(Owner with { Broker = new(4) }));
        Assert.Contains("belongs to broker 3", otherBroker.Message, StringComparison.Ordinal);
        Assert.Equal(LogStorageFailure.Directory, otherBroker.Failure);
        var otherCluster = Assert.Throws<LogStorageException>(() => Open(Owner with { ClusterId = "other" }));
        Assert.Contains("cluster-1", otherCluster.Message, StringComparison.Ordinal);
        using var again = Open();
        Assert.True(again.WasClosedCleanly);
    }

    [Fact]
    public void A_damaged_meta_properties_is_refused()
    {
        Open().Close(clean: true);
        _files.WriteAll("/data/meta.properties", "version=1\nnode.id=x"u8);
        Assert.Contains("damaged", Assert.Throws<LogStorageException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_Kafkas_older_versions_are_understood()
    {
        _files.CreateDirectory(Data);
        _files.WriteAll("/data/meta.properties",
            "#\n#Fri Jan 01 00:00:00 UTC 2021\nbroker.id=3\nversion=0\ncluster.id=cluster-1\n"u8);
        using var directory = Open();
        Assert.Equal(new BrokerId(3), directory.Identity.Broker);
        Assert.Equal(new TopicId(77), MetaProperties.Read(_files, Data)!.DirectoryId);
    }

    [Fact]
    public void Partitions_are_found_again_with_their_topic_ids()
    {
        var directory = Open();
        directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        directory.OpenLog(Dashed, new TopicId(43), LogConfig.Default, TestBatch.Time);
        Assert.Equal(2, directory.PartitionCount);
        directory.Close(clean: true);

        using var again = Open();
        Assert.Equal(
            [new(Dashed, new TopicId(43), "/data/a-b.c_d-12"), new FoundPartition(Orders, Id, "/data/orders-0")],
            again.Found.OrderBy(found => found.Partition.Topic, StringComparer.Ordinal));
    }

    [Fact]
    public void After_a_clean_stop_offsets_are_as_they_were()
    {
        var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(10);
        log.HighWatermark = new(8);
        log.AdvanceLogStart(new(4), TestBatch.Time);
        directory.Close(clean: true);
        Assert.True(_files.FileExists("/data/.kafka_cleanshutdown"));
        _files.CutPower();

        using var again = Open();
        Assert.True(again.WasClosedCleanly);
        Assert.False(_files.FileExists("/data/.kafka_cleanshutdown"));
        var reopened = again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        Offset[] offsets = [reopened.LogStartOffset, reopened.HighWatermark, reopened.LogEndOffset, reopened.RecoveryPoint];
        Assert.Equal([4, 8, 10, 10], offsets.Select(offset => offset.Value));
    }

    [Fact]
    public void Without_a_clean_stop_what_was_flushed_and_checkpointed_is_there()
    {
        var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(10);
        log.Flush();
        directory.WriteCheckpoints();
        log.AppendMany(5);
        _files.CutPower();

        using var again = Open();
        Assert.False(again.WasClosedCleanly);
        Assert.Equal(10, again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).LogEndOffset.Value);
    }

    [Fact]
    public void Deleted_records_do_not_come_back_after_a_crash()
    {
        var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(10);
        log.Flush();
        directory.WriteCheckpoints();
        log.AdvanceLogStart(new(7), TestBatch.Time);
        _files.CutPower();

        using var again = Open();
        Assert.Equal(7, again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).LogStartOffset.Value);
    }

    [Fact]
    public void Damaged_checkpoints_cost_time_and_no_records()
    {
        var directory = Open();
        directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).AppendMany(10);
        directory.Close(clean: true);
        foreach (var name in new[] { OffsetCheckpoint.RecoveryPoint, OffsetCheckpoint.Replication, OffsetCheckpoint.LogStart })
            _files.WriteAll(Path.Combine(Data, name), "0\n7\nrubbish"u8);
        _files.DeleteFile("/data/.kafka_cleanshutdown");

        using var again = Open();
        Assert.Equal(10, again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).ReadAll().Count);
    }

    [Fact]
    public void The_mark_of_a_clean_stop_is_not_left_while_a_partition_is_still_to_be_recovered()
    {
        var directory = Open();
        directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).AppendMany(10);
        directory.Dispose();
        Open().Close(clean: true);
        Assert.False(_files.FileExists("/data/.kafka_cleanshutdown"));
        using var again = Open();
        again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        again.Close(clean: true);
        Assert.True(_files.FileExists("/data/.kafka_cleanshutdown"));
    }

    [Fact]
    public void A_deleted_partition_is_gone_and_its_name_free()
    {
        using var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(3);
        var range = log.Read(0);
        log.Close(clean: false);
        directory.Delete(Orders, "f00d");
        Assert.True(_files.DirectoryExists("/data/orders-0.f00d-delete"));

        Assert.Equal(0, directory.OpenLog(Orders, new TopicId(43), LogConfig.Default, TestBatch.Time).LogEndOffset.Value);
        directory.RemoveDeleted();
        Assert.False(_files.DirectoryExists("/data/orders-0.f00d-delete"));
        Assert.Equal(3, TestBatch.Split(range.ToArray()).Count);
        range.Dispose();
    }

    /// <summary>A replica that is moved away, back and away again; found by simulation: the second deletion failed, and the replica
    /// stayed.</summary>
    [Fact]
    public void A_partition_may_be_deleted_again_before_its_files_of_the_first_time_are_gone()
    {
        using var directory = Open();
        for (var i = 0; i < 3; i++)
        {
            directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).Close(clean: false);
            directory.Delete(Orders, "f00d");
        }
        Assert.False(_files.DirectoryExists("/data/orders-0"));
        Assert.Equal(3, _files.List(Data).Count(entry => entry.Name.EndsWith("-delete", StringComparison.Ordinal)));
        directory.RemoveDeleted();
        Assert.DoesNotContain(_files.List(Data), entry => entry.IsDirectory);
    }

    [Fact]
    public void Long_topic_names_still_give_a_folder_name_when_deleted()
    {
        using var directory = Open();
        var partition = new TopicPartition(new string('t', 249), 0);
        directory.OpenLog(partition, Id, LogConfig.Default, TestBatch.Time).Close(clean: true);
        directory.Delete(partition, new string('a', 32));
        Assert.All(_files.List(Data), entry => Assert.InRange(entry.Name.Length, 1, 255));
    }

    [Fact]
    public void A_truncation_is_checkpointed_at_once()
    {
        using var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(10);
        log.Flush();
        directory.WriteCheckpoints();
        log.TruncateTo(new(4), TestBatch.Time);
        var checkpoint = new OffsetCheckpoint(_files, Path.Combine(Data, OffsetCheckpoint.RecoveryPoint));
        Assert.Equal(4, checkpoint.Read(out _)[Orders].Value);
    }

    [Fact]
    public void A_log_that_its_owner_has_left_is_closed_in_order()
    {
        var directory = Open();
        var log = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        log.AppendMany(10);
        Assert.Throws<InvalidOperationException>(() => directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time));
        log.Leave();
        var second = directory.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time);
        Assert.True(log.IsClosedCleanly);
        second.AppendMany(5);
        second.Leave();
        directory.Close(clean: true);
        _files.CutPower();

        using var again = Open();
        Assert.True(again.WasClosedCleanly);
        Assert.Equal(15, again.OpenLog(Orders, Id, LogConfig.Default, TestBatch.Time).LogEndOffset.Value);
    }

    private LogDirectory Open(DirectoryOwner? owner = null) =>
        LogDirectory.Open(_files, Data, owner ?? Owner, NullLogger.Instance);
}
