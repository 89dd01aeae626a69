using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Groups;

public class OffsetsRecordCodecTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private static string Hex(byte[]? bytes) => Convert.ToHexStringLower(bytes!);

    private static OffsetsRecord? Read(string key, string? value) =>
        OffsetsRecordCodec.Read(Convert.FromHexString(key), Convert.FromHexString(value ?? ""), value is not null);

    [Fact]
    public void Offset_is_written_as_version_3()
    {
        var (key, value) = OffsetsRecordCodec.Write(
            new OffsetsRecord.OffsetCommitted("g", new("top", 7), new(new(42), new(5), "m", Time)));
        Assert.Equal("0001" + "000167" + "0003746f70" + "00000007", Hex(key));
        Assert.Equal("0003" + "000000000000002a" + "00000005" + "00016d" + "0000018bcfe56800", Hex(value));
    }

    [Fact]
    public void Offset_with_an_end_of_its_own_is_written_as_version_1()
    {
        var (_, value) = OffsetsRecordCodec.Write(
            new OffsetsRecord.OffsetCommitted("g", new("t", 0), new(new(42), new(5), "m", Time, Time.AddMilliseconds(1))));
        Assert.Equal("0001" + "000000000000002a" + "00016d" + "0000018bcfe56800" + "0000018bcfe56801", Hex(value));
    }

    [Fact]
    public void Group_is_written_as_version_3()
    {
        var member = new StoredMember("a", "i", "c", "/h", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10),
            new byte[] { 1 }, new byte[] { 2, 3 });
        var (key, value) = OffsetsRecordCodec.Write(
            new OffsetsRecord.GroupStored("g", new("consumer", 3, "range", "a", Time, [member])));
        Assert.Equal("0002" + "000167", Hex(key));
        Assert.Equal("0003" + "0008636f6e73756d6572" + "00000003" + "000572616e6765" + "000161" + "0000018bcfe56800" + "00000001"
            + "000161" + "000169" + "000163" + "00022f68" + "0000ea60" + "00002710" + "0000000101" + "000000020203", Hex(value));
    }

    [Theory]
    [InlineData("0000" + "000000000000002a" + "00016d" + "0000018bcfe56800", -1, false)]
    [InlineData("0001" + "000000000000002a" + "00016d" + "0000018bcfe56800" + "0000018bcfe56800", -1, true)]
    [InlineData("0001" + "000000000000002a" + "00016d" + "0000018bcfe56800" + "ffffffffffffffff", -1, false)]
    [InlineData("0002" + "000000000000002a" + "00016d" + "0000018bcfe56800", -1, false)]
    [InlineData("0003" + "000000000000002a" + "00000005" + "00016d" + "0000018bcfe56800", 5, false)]
    [InlineData("0004" + "000000000000002a" + "00000005" + "026d" + "0000018bcfe56800" + "00", 5, false)]
    public void Offset_of_every_version_is_read(string value, int epoch, bool expires)
    {
        var record = Read("0001" + "000167" + "000174" + "00000000", value);
        var offset = new CommittedOffset(new(42), new(epoch), "m", Time, expires ? Time : null);
        Assert.Equal(new OffsetsRecord.OffsetCommitted("g", new("t", 0), offset), record);
    }

    [Theory]
    [InlineData("0000" + "000163" + "00000003" + "000172" + "000161" + "00000001"
        + "000161" + "000163" + "000168" + "00002710" + "0000000101" + "0000000102")]
    [InlineData("0001" + "000163" + "00000003" + "000172" + "000161" + "00000001"
        + "000161" + "000163" + "000168" + "0000ea60" + "00002710" + "0000000101" + "0000000102")]
    [InlineData("0002" + "000163" + "00000003" + "000172" + "000161" + "0000018bcfe56800" + "00000001"
        + "000161" + "000163" + "000168" + "0000ea60" + "00002710" + "0000000101" + "0000000102")]
    [InlineData("0003" + "000163" + "00000003" + "000172" + "000161" + "0000018bcfe56800" + "00000001"
        + "000161" + "000169" + "000163" + "000168" + "0000ea60" + "00002710" + "0000000101" + "0000000102")]
    [InlineData("0004" + "0263" + "00000003" + "0272" + "0261" + "0000018bcfe56800" + "02"
        + "0261" + "0269" + "0263" + "0268" + "0000ea60" + "00002710" + "0201" + "0202" + "00" + "00")]
    public void Group_of_every_version_is_read(string value)
    {
        var version = value[3] - '0';
        var group = Assert.IsType<OffsetsRecord.GroupStored>(Read("0002" + "000167", value)).Metadata;
        Assert.Equal(("c", 3, "r", "a"), (group.ProtocolType, group.Generation, group.Protocol, group.Leader));
        Assert.Equal(version >= 2 ? Time : null, group.StateChangedAt);
        var member = Assert.Single(group.Members);
        Assert.Equal(("a", version >= 3 ? "i" : null), (member.MemberId, member.InstanceId));
        Assert.Equal(("c", "h"), (member.ClientId, member.ClientHost));
        Assert.Equal((version >= 1 ? 60 : 10, 10), (member.RebalanceTimeout.TotalSeconds, member.SessionTimeout.TotalSeconds));
        Assert.Equal([1], member.Subscription.ToArray());
        Assert.Equal([2], member.Assignment.ToArray());
    }

    [Fact]
    public void Null_value_is_the_end_of_what_the_key_names()
    {
        Assert.Equal(new OffsetsRecord.OffsetForgotten("g", new("t", 0)), Read("0000" + "000167" + "000174" + "00000000", null));
        Assert.Equal(new OffsetsRecord.GroupForgotten("g"), Read("0002" + "000167", null));
    }

    [Fact]
    public void Records_of_newer_group_protocols_are_passed_over() =>
        Assert.Null(Read("0003" + "000167", "0000" + "00000001" + "00"));

    [Theory]
    [InlineData("0001" + "00ff67", "0003")]
    [InlineData("0001" + "000167" + "000174" + "00000000", "0009")]
    [InlineData("0002" + "000167", "0003" + "000163" + "00000003" + "ffff" + "ffff" + "ffffffffffffffff" + "7fffffff")]
    public void Broken_record_is_told_as_such(string key, string value) => Assert.Throws<WireException>(() => Read(key, value));

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(Records().ToArbitrary(), record =>
    {
        var (key, value) = OffsetsRecordCodec.Write(record);
        var again = OffsetsRecordCodec.Read(key, value, value is not null)!;
        var (key2, value2) = OffsetsRecordCodec.Write(again);
        return again.GetType() == record.GetType() && key.AsSpan().SequenceEqual(key2) && value.AsSpan().SequenceEqual(value2);
    }).QuickCheckThrowOnFailure();

    private static Gen<OffsetsRecord> Records()
    {
        var text = ArbMap.Default.GeneratorFor<string>().Where(each => each is not null);
        var optional = Gen.OneOf(Gen.Constant((string?)null), text.Select(each => (string?)each));
        var bytes = ArbMap.Default.GeneratorFor<byte[]>().Where(each => each is not null);
        var time = Gen.Choose(0, int.MaxValue).Select(seconds => DateTimeOffset.FromUnixTimeSeconds(seconds));
        var timeout = Gen.Choose(0, int.MaxValue).Select(ms => TimeSpan.FromMilliseconds(ms));
        var partition = from topic in text from number in Gen.Choose(0, 1000) select new TopicPartition(topic, number);
        var offset = from value in Gen.Choose(0, int.MaxValue)
                     from epoch in Gen.Choose(-1, 100)
                     from metadata in text
                     from committed in time
                     from expires in Gen.OneOf(Gen.Constant((DateTimeOffset?)null), time.Select(each => (DateTimeOffset?)each))
                     select new CommittedOffset(new(value), new(epoch), metadata, committed, expires);
        var member = from id in text
                     from instance in optional
                     from client in text
                     from rebalance in timeout
                     from session in timeout
                     from subscription in bytes
                     from assignment in bytes
                     select new StoredMember(id, instance, client, "/h", rebalance, session, subscription, assignment);
        var stored = from type in text
                     from generation in Gen.Choose(0, int.MaxValue)
                     from protocol in optional
                     from changed in time
                     from members in Gen.ListOf(member)
                     let leader = members.Count > 0 ? members[0].MemberId : null
                     select new GroupMetadata(type, generation, protocol, leader, changed, [.. members]);
        return from id in text
               from at in partition
               from committed in offset
               from metadata in stored
               from record in Gen.Elements<OffsetsRecord>(
                   new OffsetsRecord.OffsetCommitted(id, at, committed), new OffsetsRecord.OffsetForgotten(id, at),
                   new OffsetsRecord.GroupStored(id, metadata), new OffsetsRecord.GroupForgotten(id))
               select record;
    }
}
