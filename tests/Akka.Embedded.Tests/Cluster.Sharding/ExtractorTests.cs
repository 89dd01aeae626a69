using Akka.Cluster.Sharding;
using Akka.Util;

namespace Akka.Embedded.Tests.Cluster.Sharding;

public class ExtractorTests
{
    /// <summary>All nodes of a cluster, whatever their version, must have the same.</summary>
    [Theory]
    [InlineData("", -1632357289)]
    [InlineData("a", 1561762017)]
    [InlineData("ab", -2081011331)]
    [InlineData("entity-1", -1658304406)]
    [InlineData("hello world", 1724299507)]
    [InlineData("ж", -572726782)]
    public void Hash_of_an_id_never_changes(string id, int hash) => Assert.Equal(hash, MurmurHash.StringHash(id));

    [Fact]
    public void Shard_is_the_hash_without_sign_modulo_the_number_of_shards()
    {
        var extractor = HashCodeMessageExtractor.Create(10, message => message as string);
        Assert.Equal("7", extractor.ShardId("a", null));
        Assert.Equal("1", extractor.ShardId("ab", null));
    }

    [Fact]
    public void Messages_are_not_unwrapped_unless_a_function_says_so()
    {
        var envelope = new ShardingEnvelope("e", "m");
        Assert.Same(envelope, HashCodeMessageExtractor.Create(10, _ => "e").EntityMessage(envelope));
        var unwrapping = HashCodeMessageExtractor.Create(10, _ => "e", m => ((ShardingEnvelope)m).Message);
        Assert.Equal("m", unwrapping.EntityMessage(envelope));
    }

    [Fact]
    public void Message_for_no_entity_has_no_id() =>
        Assert.Null(HashCodeMessageExtractor.Create(10, message => message as string).EntityId(1));
}
