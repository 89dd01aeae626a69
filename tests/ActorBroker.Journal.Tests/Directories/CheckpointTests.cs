using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Tests.Directories;

public sealed class CheckpointTests
{
    private const string Path = "/data/recovery-point-offset-checkpoint";

    private readonly FaultyFileSystem _files = new(TimeProvider.System);
    private readonly OffsetCheckpoint _checkpoint;

    public CheckpointTests()
    {
        _files.CreateDirectory("/data");
        _files.FlushDirectory("/");
        _checkpoint = new(_files, Path);
    }

    [Fact]
    public void A_checkpoint_reads_what_was_written()
    {
        var offsets = new Dictionary<TopicPartition, Offset> { [new("a.b_c-d", 3)] = new(long.MaxValue), [new("t", 0)] = new(0) };
        _checkpoint.Write(offsets);
        Assert.Equal("0\n2\na.b_c-d 3 9223372036854775807\nt 0 0\n"u8.ToArray(), _files.ReadAll(Path));
        Assert.Equal(offsets, _checkpoint.Read(out var isDamaged));
        Assert.False(isDamaged);
        Assert.False(_files.FileExists(Path + ".tmp"));
    }

    [Fact]
    public void No_file_is_an_empty_checkpoint()
    {
        Assert.Empty(_checkpoint.Read(out var isDamaged));
        Assert.False(isDamaged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0\n")]
    [InlineData("1\n0\n")]
    [InlineData("0\n2\nt 0 5\n")]
    [InlineData("0\n1\nt 0 5\nt 1 5\n")]
    [InlineData("0\n1\nt 0\n")]
    [InlineData("0\n1\nt 0 -5\n")]
    [InlineData("0\n1\nt 0 5")]
    [InlineData("0\n1\nt 0 5x\n")]
    [InlineData("0\n1\nt 9999999999 5\n")]
    public void What_no_checkpoint_is_is_reported_as_damaged(string text)
    {
        _files.WriteAll(Path, System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Empty(_checkpoint.Read(out var isDamaged));
        Assert.True(isDamaged);
    }

    [Fact]
    public void A_power_cut_during_writing_leaves_the_old_or_the_new_one()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            _checkpoint.Write(new Dictionary<TopicPartition, Offset> { [new("t", 0)] = new(1) });
            if (random.Next(2) == 0) _files.FailFlush = _ => true;
            try
            {
                _checkpoint.Write(new Dictionary<TopicPartition, Offset> { [new("t", 0)] = new(2), [new("u", 0)] = new(2) });
            }
            catch (IOException)
            {
                // The power fails in the middle.
            }
            _files.FailFlush = null;
            _files.CutPower(random);
            var offsets = _checkpoint.Read(out var isDamaged);
            Assert.False(isDamaged);
            Assert.Contains(offsets.Count, new[] { 1, 2 });
        }
    }
}
