using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Logs;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Tests.Logs;

public class DataDirectoriesTests
{
    private static readonly BrokerId Broker = new(0);

    private readonly InMemoryFileSystem _files = new(TimeProvider.System);
    private UInt128 _nextId = 100;

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
        directories.Delete(log);
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

    private DataDirectories Open(params string[] paths) => DataDirectories.Open(
        _files, paths, Broker, "cluster", () => new TopicId(_nextId++), TimeProvider.System, NullLogger.Instance);

    private static ReplicaPlan Plan(params (string Name, int Id)[] topics)
    {
        var image = topics.Aggregate(MetadataImage.Empty, (image, topic) => image.Apply(new MetadataEvent.TopicCreated(
            new TopicImage(topic.Name, new TopicId((UInt128)topic.Id), [PartitionImage.New(0, [Broker])]))));
        return ReplicaPlan.Empty.Next(image, Broker, Reference.Settings);
    }
}
