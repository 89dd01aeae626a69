using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Logs;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Tests.Logs;

public sealed class DataDirectoriesTests
{
    private static readonly BrokerId Broker = new(0);

    private readonly InMemoryFileSystem _files = new(TimeProvider.System);
    private UInt128 _nextId = 100;
    private string? _failed;

    [Fact]
    public void A_partition_is_opened_where_it_lies_and_a_new_one_where_the_fewest_are()
    {
        var directories = Open("a");
        directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        directories.Open(new("t", 1), new TopicId(1), LogConfig.Default);
        directories.Close(clean: true, brokerEpoch: 1);

        directories = Open("b", "a");
        Assert.StartsWith("a", directories.Open(new("t", 0), new TopicId(1), LogConfig.Default).Directory,
            StringComparison.Ordinal);
        Assert.StartsWith("b", directories.Open(new("t", 2), new TopicId(1), LogConfig.Default).Directory,
            StringComparison.Ordinal);
        Assert.StartsWith("b", directories.Open(new("t", 3), new TopicId(1), LogConfig.Default).Directory,
            StringComparison.Ordinal);
        directories.Close(clean: true, brokerEpoch: 1);
    }

    [Fact]
    public void A_partition_in_two_directories_stops_the_start_and_gives_the_directories_back()
    {
        foreach (var path in new[] { "a", "b" })
        {
            var one = Open(path);
            one.Open(new("t", 0), new TopicId(1), LogConfig.Default);
            one.Close(clean: true, brokerEpoch: 1);
        }
        var refused = Assert.Throws<LogStorageException>(() => Open("a", "b"));
        Assert.Contains("t-0", refused.Message, StringComparison.Ordinal);
        Open("a").Close(clean: true, brokerEpoch: 1);
    }

    [Fact]
    public void A_folder_of_an_earlier_topic_of_that_name_is_set_aside()
    {
        var directories = Open("a");
        directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        directories.Open(new("u", 0), new TopicId(2), LogConfig.Default);
        directories.Close(clean: true, brokerEpoch: 1);

        directories = Open("a");
        directories.SetStraysAside(Plan(("t", 7), ("u", 2)));
        var folders = _files.List("a").Where(f => f.IsDirectory).Select(f => f.Name).Order().ToArray();
        Assert.Equal(2, folders.Length);
        Assert.EndsWith("-stray", folders[0], StringComparison.Ordinal);
        Assert.Equal("u-0", folders[1]);
        Assert.Equal(new TopicId(7), directories.Open(new("t", 0), new TopicId(7), LogConfig.Default).TopicId);
        directories.Close(clean: true, brokerEpoch: 1);
    }

    [Fact]
    public void A_deleted_partition_s_folder_is_renamed_and_later_removed()
    {
        var directories = Open("a");
        var log = directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        directories.RemoveDeleted();
        log.Close(clean: false);
        directories.Delete(log.Partition, log.TopicId);
        Assert.EndsWith("-delete", Assert.Single(_files.List("a"), f => f.IsDirectory).Name, StringComparison.Ordinal);
        directories.Open(new("t", 0), new TopicId(2), LogConfig.Default); // At once again, under the same name.
        directories.RemoveDeleted();
        Assert.Equal("t-0", Assert.Single(_files.List("a"), f => f.IsDirectory).Name);
        directories.Close(clean: true, brokerEpoch: 1);
    }

    [Fact]
    public void The_cluster_of_the_directories_is_the_one_that_any_of_them_names()
    {
        Assert.Null(DataDirectories.ClusterIdOf(_files, ["a", "b"]));
        Open("b").Close(clean: true, brokerEpoch: 1);
        Assert.Equal("cluster", DataDirectories.ClusterIdOf(_files, ["a", "b"]));
    }

    [Fact]
    public void A_directory_that_fails_is_told_once_and_gets_nothing_new()
    {
        var directories = Open("a", "b");
        var first = directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        List<DirectoryFailed> heard = [];
        directories.WhenFailed(heard.Add);
        Assert.False(directories.IsOffline(new("t", 0), Full));
        Assert.False(directories.IsOffline(new("t", 0), new IOException("Too many open files", 24)));
        Assert.True(directories.IsOffline(new("t", 0), Broken));
        Assert.True(directories.IsOffline(new("t", 0), Full)); // As its directory has failed.
        Assert.Equal("a", Assert.Single(heard).Directory.Path);
        Assert.Equal((1, false), (directories.FailedCount, directories.AllFailed));

        first.Close(clean: false);
        Assert.Throws<LogStorageException>(() => directories.Open(new("t", 0), new TopicId(1), LogConfig.Default));
        for (var i = 1; i < 4; i++)
            Assert.StartsWith(
                "b", directories.Open(new("t", i), new TopicId(1), LogConfig.Default).Directory, StringComparison.Ordinal);
        Assert.Equal([("a", true, 0), ("b", false, 3)], directories.Describe().Select(d => (d.Path, d.HasFailed, d.Logs.Length)));
        directories.Close(clean: true, brokerEpoch: 5);
        // Without it, the broker must not pass for one that has all it had.
        var left = Open("b");
        Assert.Equal(-1, left.ClosedInEpoch);
        left.Close(clean: true, brokerEpoch: 5);
    }

    [Fact]
    public void A_directory_that_cannot_be_opened_keeps_what_must_lie_in_it()
    {
        var directories = Open("a", "b");
        for (var i = 0; i < 2; i++) directories.Open(new("t", i), new TopicId(1), LogConfig.Default);
        directories.Close(clean: true, brokerEpoch: 1);

        _failed = "b";
        Assert.Throws<LogStorageException>(() => Open("b"));
        Assert.Equal("cluster", DataDirectories.ClusterIdOf(Files, ["b", "a"]));
        directories = Open("b", "a");
        directories.SetStraysAside(Plan(2, ("t", 1)));
        Assert.Equal((1, -1), (directories.FailedCount, (int)directories.ClosedInEpoch));
        directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        Assert.Throws<LogStorageException>(() => directories.Open(new("t", 1), new TopicId(1), LogConfig.Default));
        Assert.True(directories.IsOffline(new("t", 1), Broken));
        Assert.StartsWith(
            "a", directories.Open(new("new", 0), new TopicId(2), LogConfig.Default).Directory, StringComparison.Ordinal);
        directories.Close(clean: true, brokerEpoch: 1);

        _failed = null;
        directories = Open("a", "b");
        Assert.StartsWith(
            "b", directories.Open(new("t", 1), new TopicId(1), LogConfig.Default).Directory, StringComparison.Ordinal);
        directories.Close(clean: true, brokerEpoch: 1);
    }

    /// <summary>Found by simulation: the broker did not start any more when the directory was mended.</summary>
    [Fact]
    public void A_copy_in_a_directory_that_had_failed_gives_way_to_the_one_that_was_made_since()
    {
        var directories = Open("a", "b");
        var old = directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        Assert.True(directories.IsOffline(new("t", 0), Broken));
        old.Close(clean: false);
        directories.Delete(old.Partition, old.TopicId);
        var made = directories.Open(new("t", 0), new TopicId(1), LogConfig.Default);
        Assert.StartsWith("b", made.Directory, StringComparison.Ordinal);
        directories.Close(clean: false, brokerEpoch: 1);

        for (var i = 0; i < 2; i++)
        {
            directories = Open("a", "b");
            Assert.EndsWith("-stray", Assert.Single(_files.List("a"), f => f.IsDirectory).Name, StringComparison.Ordinal);
            Assert.StartsWith(
                "b", directories.Open(new("t", 0), new TopicId(1), LogConfig.Default).Directory, StringComparison.Ordinal);
            directories.Close(clean: true, brokerEpoch: 1);
        }
    }

    private static LogStorageException Broken =>
        new(LogStorageFailure.InputOutput, "x", "Input/output error", new IOException("Input/output error", 5));

    private static LogStorageException Full => new(LogStorageFailure.DiskFull, "x", "No space left on device");

    private FailingFileSystem Files => new(_files, path => path == _failed || path.StartsWith($"{_failed}/", StringComparison.Ordinal));

    private DataDirectories Open(params string[] paths) => DataDirectories.Open(
        Files, paths, Broker, "cluster", () => new TopicId(_nextId++), TimeProvider.System, NullLogger.Instance);

    private static ReplicaPlan Plan(params (string Name, int Id)[] topics) => Plan(1, topics);

    private static ReplicaPlan Plan(int partitions, params (string Name, int Id)[] topics)
    {
        var image = topics.Aggregate(MetadataImage.Empty, (image, topic) => image.Apply(new MetadataEvent.TopicCreated(
            new TopicImage(topic.Name, new TopicId((UInt128)topic.Id), [.. Enumerable.Range(0, partitions).Select(i => PartitionImage.New(i, [Broker]))]))));
        return ReplicaPlan.Empty.Next(image, Broker, Reference.Settings);
    }
}
